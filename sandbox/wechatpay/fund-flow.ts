// The bill of the account's money: every movement that the ledger holds for the merchant, with the balance after it.
import type { Entry, Tenant } from '../records.ts'
import type { World } from '../world.ts'
import { billTime, writeBill, yuan } from './bill-file.ts'
import type { Spoil } from './bills.ts'
import { orderId } from './orders.ts'

type Movement = { at: string; name: string; business: string; evidence: string; cents: number; balanceCents: number }

const columns = ['记账时间', '微信支付业务单号', '资金流水单号', '业务名称', '业务类型', '收支类型', '收支金额（元）', '账户结余（元）', '资金变更提交申请人', '备注', '业务凭证号']

/** By the first word of an entry's subject; what has no name here is called by that word. */
const names: Record<string, string> = { pay: '交易', fee: '扣除交易手续费', refund: '退款', withdraw: '提现', share: '分账', return: '分账回退', transfer: '商家转账', penalty: '违约扣款' }

/** Nothing when the day moved nothing. */
export function writeFundFlow(world: World, tenant: Tenant, day: string, spoils: Spoil[]): string | undefined {
  const moved = spoils.reduce(spoilMovements, listMovements(world, tenant).filter((one) => one.at.startsWith(day)))
  if (moved.length === 0) return undefined
  const rows = moved.map((one, at) => [
    billTime(one.at), one.business, `${tenant.mchid}${day.replaceAll('-', '')}${String(at).padStart(10, '0')}`, one.name, one.name, one.cents < 0 ? '支出' : '收入',
    yuan(Math.abs(one.cents)), yuan(one.balanceCents), 'system', '', one.evidence,
  ])
  const [income, expense] = [moved.filter((one) => one.cents >= 0), moved.filter((one) => one.cents < 0)]
  const sum = (some: Movement[]) => yuan(Math.abs(some.reduce((all, one) => all + one.cents, 0)))
  return writeBill(columns, rows, [
    ['资金流水总笔数', String(moved.length)], ['收入笔数', String(income.length)], ['收入金额', sum(income)], ['支出笔数', String(expense.length)], ['支出金额', sum(expense)],
  ])
}

/** Money of the other rails is kept elsewhere and never passes through this account. */
const elsewhere = ['xpay', 'alipay', 'douyin']

function listMovements(world: World, tenant: Tenant): Movement[] {
  const movements: Movement[] = []
  let balanceCents = 0
  for (const entry of world.state.tables.entries.values()) {
    const [word = '', number = '', detail = number] = entry.subject.split(' ')
    const cents = (entry.lines['merchant'] ?? 0) + (entry.lines['merchant_fees'] ?? 0)
    if (entry.mchid !== tenant.mchid || elsewhere.includes(word) || cents === 0) continue
    balanceCents += cents
    movements.push({ at: entry.at, name: names[word] ?? word, ...numbersOf(world, entry, word, number, detail), cents, balanceCents })
  }
  return movements
}

function numbersOf(world: World, entry: Entry, word: string, number: string, detail: string): { business: string; evidence: string } {
  if (word === 'pay' || word === 'fee') {
    const business = world.state.tables.orders.get(orderId(entry.mchid, number))?.transactionId ?? number
    return { business, evidence: business }
  }
  if (word === 'refund') return { business: world.state.tables.refunds.get(`${entry.mchid}/${number}`)?.refundId ?? number, evidence: number }
  return { business: detail, evidence: number }
}

function spoilMovements(moved: Movement[], spoil: Spoil): Movement[] {
  const target = moved.find((one) => spoil.number === undefined || one.evidence === spoil.number || one.business === spoil.number)
  if (target === undefined) return moved
  if (spoil.how === 'missing') return moved.filter((one) => one !== target)
  if (spoil.how === 'amount') return moved.map((one) => (one === target ? { ...one, cents: Math.sign(one.cents) * (spoil.amountCents ?? Math.abs(one.cents) + 1) } : one))
  return [...moved, { ...target, name: '其他', business: `9${target.business.slice(1)}`, evidence: `X${target.evidence.slice(1)}`, cents: spoil.amountCents ?? target.cents }]
}
