// Decides what a notice that does not fit says of money, and what may still be done about it.
import type { Discrepancy } from '#contracts/discrepancies.ts'
import type { PaymentAttempt } from '#contracts/payments.ts'
import type { News } from '#modules/trade/notices/actions.ts'

/** What the vendor said was paid, to whom; null where it said nothing of money. */
export function toldOf(news: News): Discrepancy['told'] {
  if (news.kind === 'transaction') {
    const { total, currency, mchid, appid, transactionId } = news.transaction
    return { amount: total ?? null, currency: currency ?? null, mchid, appid, transactionNo: transactionId ?? null }
  }
  if (news.kind !== 'delivery') return null
  const { originalPrice, actualPrice, transactionId, platformOrderNo } = news.delivery
  return { amount: actualPrice ?? originalPrice, currency: null, mchid: null, appid: null, transactionNo: transactionId ?? platformOrderNo ?? null }
}

/** Asking again, or giving back what came, helps only while nothing was settled for the attempt; a word closes it in any case, once. */
export function stepsFor(attempt: Pick<PaymentAttempt, 'state'> | undefined, isResolved: boolean): Discrepancy['can'] {
  if (isResolved) return []
  return attempt?.state === 'mismatched' ? ['check', 'give_back', 'resolve'] : ['resolve']
}
