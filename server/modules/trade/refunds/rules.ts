// Decides whether an order can be given back, and how much.
import type { Refund } from '#contracts/refunds.ts'
import { cents, minus, plus, split, type Cents } from '#contracts/words/money.ts'
import type { RefusalCode } from '#contracts/words/refusals.ts'

/** `promised` is the sum of the refunds that are done or under way, `taken` what went into an upgrade, `count` how many there were, also those that failed. */
export type Refundable = { state: 'placed' | 'paid' | 'closed' | 'refunded'; total: Cents; promised: Cents; taken: Cents; count: number; system: string; hasPaidAttempt: boolean; isVirtual: boolean; isUpgrade: boolean }

/** As many as WeChat Pay takes for one payment. */
const mostRefunds = 50

export function promisedOf(refunds: { amount: Cents; state: Refund['state'] }[]): Cents {
  return plus(...refunds.filter((refund) => refund.state !== 'failed').map((refund) => refund.amount))
}

/** What may still go back: never more than was paid, and nothing that went into an upgrade. */
export function refundableAmount(order: Pick<Refundable, 'total' | 'promised' | 'taken'>): Cents {
  return cents(Math.max(0, minus(minus(order.total, order.promised), order.taken)))
}

type Parts = { learning: Cents; goods: Cents }

/** What of both parts of an order may still go back. */
export function partsLeft(bought: Parts, refunds: { amount: Cents; goods: Cents; state: Refund['state'] }[]): Parts {
  const standing = refunds.filter((refund) => refund.state !== 'failed')
  const goods = plus(cents(0), ...standing.map((refund) => refund.goods))
  return { learning: minus(bought.learning, minus(promisedOf(refunds), goods)), goods: minus(bought.goods, goods) }
}

/** What of a sum that goes back is for goods: what was wished, else by what is left of both; never more than is left of either. */
export function goodsOf(amount: Cents, left: Parts, wished?: Cents): Cents {
  const both = left.learning + left.goods
  const goods = wished ?? (both === 0 ? 0 : Math.floor((amount * left.goods) / both))
  return cents(Math.min(left.goods, amount, Math.max(amount - left.learning, goods)))
}

type Pieces = { bought: number; returned: number; paidForGoods: Cents; left: Cents; isHere: boolean }

export function returnedOf(refunds: { pieces: number | null; state: Refund['state'] }[]): number {
  return refunds.reduce((sum, refund) => sum + (refund.state === 'failed' ? 0 : (refund.pieces ?? 0)), 0)
}

/** What giving back one piece, two pieces … of those that are left comes to: their even share of what the goods cost. With the last of them, not sent yet, goes all there is, the sending too. */
export function pieceSums({ bought, returned, paidForGoods, left, isHere }: Pieces): Cents[] {
  const shares = split(paidForGoods, Array.from({ length: bought }, () => 1)).slice(returned)
  const sums = shares.map((_share, at) => cents(Math.min(left, plus(...shares.slice(0, at + 1)))))
  return isHere && sums.length > 0 ? sums.with(-1, left) : sums
}

/** The refusal that stands in the way of a refund, or undefined. Apple's orders are given back by Apple alone. */
export function whyNotRefundable(order: Refundable): RefusalCode | undefined {
  if (order.state === 'paid' && order.isUpgrade && order.total === 0) return 'order.upgrade_free'
  if (order.state !== 'paid' || !order.hasPaidAttempt || order.promised >= order.total) return 'refund.state_forbids'
  if (refundableAmount(order) === 0) return 'order.upgraded'
  if (order.count >= mostRefunds) return 'refund.too_many'
  return order.isVirtual && order.system === 'ios' ? 'refund.channel_cannot' : undefined
}

/** Another refund that ends access as well, when this one fails. */
export function heirOf<R extends { id: string; endsAccess: boolean; state: Refund['state'] }>(failed: R, all: R[]): R['id'] | undefined {
  return all.find((other) => other.id !== failed.id && other.endsAccess && other.state !== 'failed')?.id
}

/** A payer's account that takes no money is passed by with a bank card of theirs; nothing else is sent elsewhere. */
export function canRedirect(refund: { state: Refund['state']; problem: string | null }): boolean {
  return refund.state === 'processing' && refund.problem === 'ABNORMAL'
}

/** The gateway's key for a refund: the same for every retry, so that money cannot go back twice. */
export function outRefundNo(refund: string): string {
  return `R${refund.slice(4)}`
}

/**
 * What a gateway's refund state means for ours. CLOSED is over, and a new refund may follow. ABNORMAL is not: the payer's account
 * would not take the money, which is still owed until somebody has sent it elsewhere in the gateway's console, under the same number.
 */
export function refundStateOf(state: 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL'): 'done' | 'processing' | 'failed' {
  if (state === 'SUCCESS') return 'done'
  return state === 'CLOSED' ? 'failed' : 'processing'
}

type Part = { outRefundNo: string; amount: Cents; state: Refund['state']; begunAt: Date }

/** Virtual payment tells only the sum that went back: parts go one after the other, so that the sum tells which of them arrived. */
export function mustWait(refund: Part, all: Part[]): boolean {
  const isEarlier = (other: Part) => other.begunAt < refund.begunAt || (other.begunAt.getTime() === refund.begunAt.getTime() && other.outRefundNo < refund.outRefundNo)
  return all.some((other) => (other.state === 'begun' || other.state === 'processing') && other.outRefundNo !== refund.outRefundNo && isEarlier(other))
}

/** What to do with a part, by the sum that the platform says went back. One that was sent is waited for; one whose answer was lost is sent again as long as that is possible. */
export function virtualStanding(refund: Part, all: Part[], told: { refunded: Cents; left: Cents }): 'done' | 'send' | 'wait' {
  const before = plus(...all.filter((other) => other.state === 'done').map((other) => other.amount))
  const hasArrived = told.refunded >= plus(before, refund.amount)
  if (refund.state === 'processing') return hasArrived ? 'done' : 'wait'
  return told.left < refund.amount && hasArrived ? 'done' : 'send'
}

/** What came twice or for nothing is owed to its payer whatever the gateway says: a refund of it that failed is begun again, a day later each time. */
export const surplusPauseMs = 86_400_000
export const mostSurplusTries = 5

/** One key a try: of a try that is repeated nothing comes. */
export function surplusKey(attempt: string, tries: number): string {
  return tries === 1 ? `surplus-${attempt}` : `surplus-${attempt}-${tries}`
}

/** The platform has less left of the payment than a refund asks for, as after one that was made past us: by its number nothing comes however often it is sent. */
export function isTooMuch(told: { outcome: string; code?: string }): boolean {
  return told.outcome === 'refused' && (told.code === 'INVALID_REQUEST' || told.code === 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
}

/** The gateway's word when a person must know of it. */
export function problemOf(word: string): string | null {
  return word === 'ABNORMAL' || word === 'CLOSED' || word === 'APPLE_ONLY' || word === 'COINS_SPENT' || word === 'LESS_LEFT' ? word : null
}
