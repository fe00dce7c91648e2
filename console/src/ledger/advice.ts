// Which advice helps with a payment that does not fit.
import type { Discrepancy } from '#contracts/discrepancies.ts'
import type { Advice } from '../phrases/discrepancies.ts'

const payees = ['mchid', 'appid']
const sums = ['total', 'amount', 'price', 'payer_total', 'currency', 'quantity', 'transaction_differs']

/** The gravest reason decides: a wrong payee means that there is no money to give back at all. */
export function adviceFor({ kind, reasons }: Pick<Discrepancy, 'kind' | 'reasons'>): Advice {
  if (kind === 'unknown_order') return 'unknown'
  if (reasons.includes('env')) return 'test'
  if (reasons.some((reason) => payees.includes(reason))) return 'payee'
  if (reasons.includes('refunded_elsewhere')) return 'gone'
  return reasons.some((reason) => sums.includes(reason)) ? 'money' : 'other'
}
