// Giving an order back, whole or in parts: access ends at once, the money follows through the gateway with one number for all tries.
import type { Refund } from '#contracts/refunds.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, showMoney, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { post, refundBegunEntry, refundDoneEntry, refundFailedEntry } from '#modules/money/ledger/actions.ts'
import { bucketsOf, goodsIn, lockedOrder, moveOrder, noteEvent, noteRefunded, soldBy, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { isOut, isShipped, setPieces } from '#modules/trade/parcels/actions.ts'
import { creditTaken, giveAgain, releaseCredit, takeBack } from '#modules/trade/rights/actions.ts'
import { release, releaseSome } from '#modules/trade/stock/actions.ts'
import { giveBackAlipay } from '#modules/trade/alipay/actions.ts'
import { areCoinsSpent, coinsIn, giveBackCoins, takePackBack, wholeCoins } from '#modules/trade/coins/actions.ts'
import { giveBackDouyin } from '#modules/trade/douyin/actions.ts'
import { attemptOf, attemptsOf, railOf, type Attempt } from '#modules/trade/attempts/actions.ts'
import { growShare, isSettled, shrinkShare } from '#modules/trade/shares/actions.ts'
import { newsOf } from '#modules/trade/notices/actions.ts'
import { canRedirect, goodsOf, heirOf, isTooMuch, mostSurplusTries, mustWait, outRefundNo, partsLeft, pieceSums, problemOf, promisedOf, refundableAmount, refundStateOf, returnedOf, surplusKey, surplusPauseMs, virtualStanding, whyNotRefundable } from './rules.ts'
import { findByKey, findByOutRefundNo, findRefund, insertRefund, listByOrder, listEnding, listFailedSurplus, listRepaid, listRepayments, listRepaymentsBetween, listUnsettled, updateRefund, type KeptRefund, type Repayment } from './store.ts'

/** `goods`: what of the amount is for goods; `outRefundNo` is given when the vendor knows the refund by a number already. */
type Wish = { reason: string; requestKey: string; amount?: Cents; goods?: Cents; pieces?: number; endsAccess?: boolean; outRefundNo?: string }
type Heard = 'answered' | 'silent'
type Card = { bank: string; account: string; name: string }
export type { Repayment }
const PATIENCE = 3
const giveBack = { alipay: giveBackAlipay, douyin: giveBackDouyin, wechat_coins: giveBackCoins }

/** The operator's refund of a part, or of all that is left. Repeating the key gives the same refund. */
export async function beginRefund(ctx: TxCtx, id: Id<'ord'>, wish: Wish, by: Id<'stf'> | null): Promise<Refund> {
  const refund = await inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    const before = await findByKey(ctx.db, id, wish.requestKey)
    if (before) return before
    const paid = (await attemptsOf(ctx, id)).find((attempt) => attempt.state === 'paid')
    const { why, left, taken, parts } = await refundStanding(ctx, order, paid, true)
    if (why || !paid) return refuse(why ?? 'refund.state_forbids', { state: order.state })
    if (wish.amount && wish.amount > left) refuse(wish.amount <= plus(left, taken) ? 'order.upgraded' : 'refund.more_than_paid', { left })
    const { isLast, amount, ...goods } = wish.pieces ? await takePieces(ctx, order, wish.pieces, left) : { isLast: false, amount: left }
    const back = wholeCoins(paid, wish.amount ?? amount, left)
    const fresh = { ...freshRefund(ctx, order.id, paid, back, wish, by), ...goods, goods: goodsOf(back, parts, wish.goods), endsAccess: (back === left && taken === 0) || wish.endsAccess === true || isLast }
    if (fresh.amount === 0 || !(await insertRefund(ctx.db, fresh))) refuse('refund.state_forbids')
    await takeOut(ctx, order, fresh)
    await audit(ctx, { action: 'order.refunded', subject: id, before: { state: order.state, refunded: order.refunded }, after: { amount: fresh.amount, reason: wish.reason } })
    await ctx.later('refunds.send', { refund: fresh.id })
    return fresh
  })
  return shown(refund)
}

/** So many of the goods come back, or stay here when they have not left; what is still to be sent is fewer. */
async function takePieces(ctx: TxCtx, order: KeptOrder, pieces: number, left: Cents) {
  const sums = await pieceSumsOf(ctx, order, left)
  if (pieces > sums.length) refuse('refund.more_pieces', { left: sums.length })
  await setPieces(ctx, order.id, sums.length - pieces)
  return { isLast: pieces === sums.length, amount: sums[pieces - 1] ?? left, pieces, piecesHere: (await isShipped(ctx, order.id)) ? 0 : pieces }
}

/** What giving back one piece, two pieces … comes to while so much may still go back; empty when the goods were not several, or all went back. */
export async function pieceSumsOf(ctx: TxCtx, order: KeptOrder, left: Cents): Promise<Cents[]> {
  const bought = order.gives.parcel?.pieces ?? 1
  if (bought === 1) return []
  const sending = order.lines.find((line) => line.step === 'shipping')?.amount ?? ZERO
  return pieceSums({ bought, returned: returnedOf(await listByOrder(ctx.db, order.id)), paidForGoods: minus(order.total, sending), left, isHere: !(await isShipped(ctx, order.id)) })
}

/** What may still go back for an order, and what stands in the way of a refund; `isLocked` in a transaction that acts on it. */
export async function refundStanding(ctx: TxCtx, order: KeptOrder, paid: Attempt | undefined, isLocked = false) {
  const refunds = (await listByOrder(ctx.db, order.id)).filter((refund) => refund.attempt === paid?.id)
  const credit = await creditTaken(ctx, order, isLocked)
  // Of what was paid with coins an upgrade takes whole ones: a part of one could never go back.
  const taken = paid ? wholeCoins(paid, credit, order.total) : credit
  const { learning } = bucketsOf(order)
  const standing = { state: order.state, isUpgrade: (order.gives.plan?.ends.length ?? 0) > 0, taken, system: order.system, total: order.total, promised: promisedOf(refunds), count: refunds.length, hasPaidAttempt: paid !== undefined, isVirtual: paid?.channel === 'wechat_virtual' }
  const why = whyNotRefundable(standing)
  return { why, taken, left: paid ? refundableAmount(standing) : ZERO, unreturned: paid ? refundableAmount({ ...standing, taken: ZERO }) : ZERO, parts: partsLeft({ learning, goods: goodsIn(order) }, refunds) }
}

function freshRefund(ctx: TxCtx, order: Id<'ord'>, attempt: Attempt, amount: Cents, wish: Pick<Wish, 'reason' | 'requestKey' | 'outRefundNo'>, by: string | null): KeptRefund {
  const id = newId('rfd')
  return { id, order, attempt: attempt.id, requestKey: wish.requestKey, outRefundNo: wish.outRefundNo ?? outRefundNo(id), amount, state: 'begun', reason: wish.reason, by, begunAt: ctx.now(), settledAt: null, problem: null, pieces: null, piecesHere: 0, endsAccess: false, goods: ZERO }
}

/** Money that came twice or for nothing goes back by itself. */
export async function returnSurplus(ctx: TxCtx, id: Id<'pay'>, tries = 1): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const attempt = await attemptOf(ctx, id)
    if (attempt?.state !== 'surplus') return
    const fresh = freshRefund(ctx, attempt.order, attempt, attempt.received ?? attempt.amount, { reason: attempt.received === null ? '重复支付，原路退回' : '金额不符，原路退回', requestKey: surplusKey(attempt.id, tries) }, null)
    if (!(await insertRefund(ctx.db, fresh))) return
    await post(ctx, refundBegunEntry(fresh.id, fresh.amount, [{ sold: 'surplus', amount: fresh.amount }]), attempt.order)
    await noteEvent(ctx, attempt.order, 'refund_begun', fresh.reason)
    await ctx.later('refunds.send', { refund: fresh.id })
  })
}

/** Tells the gateway, or asks it when it was told before; always by the same number. */
export async function sendRefund(ctx: Ctx, id: Id<'rfd'>): Promise<Heard> {
  const refund = await findRefund(ctx.db, id)
  if (!refund || refund.state === 'done' || refund.state === 'failed') return 'answered'
  const attempt = await attemptOf(ctx, refund.attempt)
  if (!attempt) throw new Error(`refund ${id} has no attempt`)
  if (attempt.channel === 'alipay' || attempt.channel === 'douyin' || attempt.channel === 'wechat_coins') return sendOther(ctx, refund, { ...attempt, amount: attempt.received ?? attempt.amount }, attempt.channel)
  // What partners hold of it comes back first; the sweep asks again.
  if (refund.state === 'begun' && attempt.state === 'paid' && !(await isSettled(ctx, refund.order))) return 'answered'
  return attempt.channel === 'wechat_virtual' ? sendVirtual(ctx, refund, attempt) : sendWechatPay(ctx, refund, attempt)
}

async function sendOther(ctx: Ctx, refund: KeptRefund, attempt: Attempt, channel: keyof typeof giveBack): Promise<Heard> {
  const told = await giveBack[channel](ctx, attempt, { ...refund, isSent: refund.state === 'processing' })
  if (told.outcome === 'done') return settleRefund(ctx, refund, told.value.to, told.value.word)
  return refund.state === 'begun' && isTooMuch(told) ? settleRefund(ctx, refund, 'failed', 'LESS_LEFT') : noteUnsettled(ctx, refund, told)
}

async function sendWechatPay(ctx: Ctx, refund: KeptRefund, attempt: Attempt): Promise<Heard> {
  const asked = refund.state === 'processing' ? await ctx.gateways.wechatPay.findRefund(refund.outRefundNo) : undefined
  const told =
    asked ?? (await ctx.gateways.wechatPay.refund({ outTradeNo: attempt.outTradeNo, outRefundNo: refund.outRefundNo, refund: refund.amount, total: attempt.received ?? attempt.amount, reason: refund.reason, notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/wechatpay/refunds` }))
  if (told.outcome === 'done') return settleRefund(ctx, refund, refundStateOf(told.value.state), told.value.state)
  if (!asked && isTooMuch(told) && (await isUnheard(ctx, refund))) return settleRefund(ctx, refund, 'failed', 'LESS_LEFT')
  return noteUnsettled(ctx, refund, told)
}

/** WeChat Pay knows no refund by this number: none of the tries had an effect. */
async function isUnheard(ctx: Ctx, refund: KeptRefund): Promise<boolean> {
  const told = await ctx.gateways.wechatPay.findRefund(refund.outRefundNo)
  return told.outcome === 'refused' && told.status === 404
}

async function sendVirtual(ctx: Ctx, refund: KeptRefund, attempt: Attempt): Promise<Heard> {
  const { virtual } = ctx.gateways.wechat
  const openid = attempt.expected.openid ?? ''
  const all = (await listByOrder(ctx.db, refund.order)).filter((other) => other.attempt === attempt.id)
  if (mustWait(refund, all)) return 'answered'
  const found = await virtual.findOrder(openid, attempt.outTradeNo)
  if (found.outcome !== 'done') return noteUnsettled(ctx, refund, found)
  if (found.value.isApple && refund.state === 'begun') return settleRefund(ctx, refund, 'failed', 'APPLE_ONLY')
  const standing = virtualStanding(refund, all, found.value)
  if (standing === 'done') return settleRefund(ctx, refund, 'done', 'refunded')
  if (standing === 'wait') return 'answered'
  if (attempt.expected.coins !== undefined) {
    const taken = await takePackBack(ctx, attempt, refund)
    if (taken.outcome !== 'done') return areCoinsSpent(taken) && refund.problem === null ? settleRefund(ctx, refund, 'failed', 'COINS_SPENT') : noteUnsettled(ctx, refund, taken)
  }
  const told = await virtual.refund({ openid, outTradeNo: attempt.outTradeNo, outRefundNo: refund.outRefundNo, left: found.value.left, refund: refund.amount })
  if (told.outcome === 'done') return settleRefund(ctx, refund, 'processing', 'accepted')
  return noteUnsettled(ctx, refund, told)
}

/** A refusal is shown to the operator and tried again by the sweep: the money is still owed. */
async function noteUnsettled(ctx: Ctx, refund: KeptRefund, told: { outcome: 'refused'; code: string } | { outcome: 'unknown'; why: string }): Promise<Heard> {
  const problem = told.outcome === 'refused' ? told.code : told.why
  ctx.log.warn({ refund: refund.id, problem }, 'a refund is not settled yet')
  // A passing silence does not cover what a person must know.
  await updateRefund(ctx.db, refund.id, refund.state, refund.state, problemOf(refund.problem ?? '') ?? problem, ctx.now())
  return told.outcome === 'refused' ? 'answered' : 'silent'
}

/** Books the gateway's word exactly once. */
export async function settleRefund(ctx: TxCtx, refund: KeptRefund, to: 'done' | 'processing' | 'failed', word: string): Promise<Heard> {
  await inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, refund.order)
    const problem = problemOf(word)
    const isNews = problem !== null && (await findRefund(ctx.db, refund.id))?.problem !== problem
    if (!(await updateRefund(ctx.db, refund.id, refund.state, to, problem, ctx.now()))) return
    if (isNews) await noteEvent(ctx, order.id, 'refund_failed', word)
    if (to === 'processing') return
    const attempt = await attemptOf(ctx, refund.attempt)
    const isSurplus = attempt?.state === 'surplus'
    const [source, portions] = [railOf(attempt?.channel ?? 'wechat_pay_native'), isSurplus ? [{ sold: 'surplus' as const, amount: refund.amount }] : soldBy(order, refund.amount, refund.goods)]
    if (to === 'done' && isSurplus) await noteEvent(ctx, order.id, 'refunded', showMoney(refund.amount))
    await post(ctx, to === 'done' ? refundDoneEntry(source, refund.id, refund.amount) : refundFailedEntry(refund.id, refund.amount, portions), order.id)
    if (to === 'failed' && order.gives.coins !== undefined && !isSurplus && word === 'CLOSED') await ctx.later('coins.restore', { member: order.member, number: refund.outRefundNo, coins: coinsIn(attempt, refund.amount) })
    if (to === 'failed' && !isSurplus) await growShare(ctx, order.id, refund.amount)
    if (to === 'failed' && !isSurplus) await giveAgain(ctx, order, refund, heirOf(refund, await listByOrder(ctx.db, order.id)))
    if (to === 'failed' && refund.pieces) await setPieces(ctx, order.id, (await pieceSumsOf(ctx, order, ZERO)).length)
    if (to === 'done' && refund.piecesHere > 0) await releaseSome(ctx, order.id, { subject: order.offer, count: refund.piecesHere })
    if (to === 'failed' || isSurplus) return
    await noteRefunded(ctx, order.id, refund.amount)
    if (refund.endsAccess) await releaseEnded(ctx, order)
    if (source === 'wechat_virtual') await ctx.later('settlements.reopen', { order: order.id })
    if (plus(order.refunded, refund.amount) < order.total) return noteEvent(ctx, order.id, 'refunded', showMoney(refund.amount))
    await moveOrder(ctx, order, 'refunded', [{ what: 'refunded', detail: showMoney(refund.amount) }])
    await ctx.tell('order.refunded', { order: order.id })
  })
  return 'answered'
}

/** What an order that is over held is free again: the credit of an upgrade, and goods that are here. */
async function releaseEnded(ctx: TxCtx, order: KeptOrder): Promise<void> {
  await releaseCredit(ctx, order)
  if (order.gives.parcel && !(await isOut(ctx, order.id))) await release(ctx, order.id)
}

/** Sends what the payer's account did not take to a bank card of theirs; the card itself is kept nowhere. */
export async function redirectRefund(ctx: Ctx, id: Id<'rfd'>, card: Card): Promise<Refund> {
  const refund = (await findRefund(ctx.db, id)) ?? refuse('thing.not_found', { what: 'refund' })
  const told = canRedirect(refund) ? await ctx.gateways.wechatPay.findRefund(refund.outRefundNo) : refuse('refund.not_abnormal', { state: refund.state })
  if (told.outcome !== 'done') return refuse('payment.gateway_unavailable')
  if (told.value.state === 'ABNORMAL') await tellCard(ctx, refund, told.value.refundId, card)
  await sendRefund(ctx, id)
  return shown((await findRefund(ctx.db, id)) ?? refuse('thing.not_found', { what: 'refund' }))
}

/** An unknown answer leaves the refund as it is: what came of it is asked for next. */
async function tellCard(ctx: Ctx, refund: KeptRefund, refundId: string, card: Card): Promise<void> {
  const told = await ctx.gateways.wechatPay.redirectRefund({ refundId, outRefundNo: refund.outRefundNo, ...card })
  if (told.outcome === 'refused') refuse('payment.gateway_unavailable', { code: told.code })
  await inTransaction(ctx, async (ctx) => {
    const detail = `${card.bank} ${card.account.slice(-4)}`
    await noteEvent(ctx, refund.order, 'refund_redirected', detail)
    await audit(ctx, { action: 'refund.redirected', subject: refund.id, before: null, after: { card: detail } })
  })
}

/** A refund notice is a reason to ask, not the answer. */
export async function checkRefund(ctx: Ctx, { outRefundNo, outTradeNo }: { outRefundNo: string; outTradeNo: string }): Promise<void> {
  const refund = await findByOutRefundNo(ctx.db, outRefundNo)
  if (refund) await sendRefund(ctx, refund.id)
  else await ctx.later('foreign.check', { outRefundNo, outTradeNo })
}

/** Virtual payment tells of a refund by a push that is its only word: of ours, or of one that Apple or the platform made. */
export async function hearRefund(ctx: Ctx, notice: Id<'ntc'>): Promise<void> {
  const news = await newsOf(ctx, notice)
  if (news?.kind !== 'virtual_refund') return
  const { outRefundNo, succeeded } = news.refund
  const own = outRefundNo ? await findByOutRefundNo(ctx.db, outRefundNo) : undefined
  if (own?.state === 'processing' && !succeeded) await settleRefund(ctx, own, 'failed', 'CLOSED')
  else if (own) await sendRefund(ctx, own.id)
  else if (succeeded) await ctx.later('foreign.hear', { notice })
}

/** One that somebody made past us, under their own number, counts as one of ours that is on its way; the caller has locked the order. Undefined when it is known. */
export async function adoptRefund(ctx: TxCtx, order: KeptOrder, attempt: Attempt, told: { number: string; amount: Cents; reason: string; endsAccess: boolean }): Promise<KeptRefund | undefined> {
  const { parts } = await refundStanding(ctx, order, attempt, true)
  const fresh = { ...freshRefund(ctx, order.id, attempt, told.amount, { reason: told.reason, requestKey: `platform-${told.number}`, outRefundNo: told.number }, null), goods: goodsOf(told.amount, parts), state: 'processing' as const, endsAccess: told.endsAccess }
  if (!(await insertRefund(ctx.db, fresh))) return undefined
  await takeOut(ctx, order, fresh)
  return fresh
}

/** What a refund changes when it begins. */
async function takeOut(ctx: TxCtx, order: KeptOrder, refund: KeptRefund): Promise<void> {
  await post(ctx, refundBegunEntry(refund.id, refund.amount, soldBy(order, refund.amount, refund.goods)), order.id)
  await shrinkShare(ctx, order.id, refund.id, refund.amount)
  await noteEvent(ctx, order.id, 'refund_begun', refund.reason)
  await takeBack(ctx, order, refund)
}

/** Begins again what failed of money that is not ours, and asks about every refund that has no end yet. A gateway that will not say is left alone until the next round. */
export async function sweepRefunds(ctx: Ctx): Promise<void> {
  let silent = 0
  for (const { attempt, tries } of await listFailedSurplus(ctx.db, new Date(ctx.now().getTime() - surplusPauseMs), mostSurplusTries)) await returnSurplus(ctx, attempt, tries + 1)
  for (const refund of await listUnsettled(ctx.db, new Date(ctx.now().getTime() - 20_000))) {
    // Noted before it is asked: one that cannot be booked must not stand in the way of the others again and again.
    await updateRefund(ctx.db, refund.id, refund.state, refund.state, refund.problem, ctx.now())
    silent = (await sendRefund(ctx, refund.id)) === 'silent' ? silent + 1 : 0
    if (silent === PATIENCE) return
  }
}

/** The orders among those that a refund has ended or is ending: nothing of them leaves the house. */
export async function endingAmong(ctx: TxCtx, orders: Id<'ord'>[]): Promise<Set<Id<'ord'>>> {
  return new Set(await listEnding(ctx.db, orders))
}

export async function refundsOf(ctx: TxCtx, order: Id<'ord'>): Promise<Refund[]> {
  return (await listByOrder(ctx.db, order)).map(shown)
}

function shown(refund: KeptRefund): Refund {
  const { attempt: _attempt, requestKey: _key, piecesHere: _here, endsAccess: _ends, goods: _goods, begunAt, settledAt, ...rest } = refund
  return { ...rest, can: canRedirect(refund) ? ['redirect'] : [], begunAt: instant(begunAt), settledAt: settledAt && instant(settledAt) }
}

/** What is known of the refund numbers that a bill names. */
export async function repaymentsOf(ctx: TxCtx, numbers: string[]): Promise<Repayment[]> {
  return listRepayments(ctx.db, numbers)
}

/** What was given back in a span of our time, on every rail, a page behind `after`. */
export async function repaymentsBetween(ctx: TxCtx, span: { from: Date; to: Date }, after: Repayment | null, limit: number): Promise<Repayment[]> {
  return listRepaymentsBetween(ctx.db, span, after, limit)
}

/** What was given back of what came for those attempts, the first one first. */
export async function repaidOf(ctx: TxCtx, attempts: Id<'pay'>[]): Promise<Repayment[]> {
  return listRepaid(ctx.db, attempts)
}
