// What became of a try to pay: the one transaction in which money becomes a paid order, a ledger entry and access.
import { randomBytes } from 'node:crypto'
import { judgeTransaction } from '#gateways/wechatpay/judge.ts'
import { channels, type Channel } from '#contracts/channels.ts'
import type { PaymentAttempt } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { post, saleEntry, surplusEntry, type Rail } from '#modules/money/ledger/actions.ts'
import { askAlipay } from '#modules/trade/alipay/actions.ts'
import { askCoins } from '#modules/trade/coins/actions.ts'
import type { Word } from '#modules/trade/channels/actions.ts'
import { askDouyin } from '#modules/trade/douyin/actions.ts'
import { goodsIn, hasCredit, lockedOrder, moveOrder, noteEvent, openedBy, reopen, soldBy, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { decideSettlement, graceStart, isDue, isSameTransaction, mayStillBePaid, outTradeNo, paidEvent, railOf, wasNeverPlaced } from './rules.ts'
import { findAttempt, findByNumber, findFirstBegun, insertAttempt, listAttempts, listByIds, listByNumbers, listChannels, listMismatched, listOrdersByNumber, listPayable, listReceipts, listReceiptsBetween, listTries, lockAttempt, updateAttempt, updateChecked, updateReceived, type Attempt, type AttemptState, type Expectation, type Receipt } from './store.ts'

export { cannotBeShut, railOf } from './rules.ts'
export type { Attempt, Expectation, Receipt }

/** Keeps a try under a number of its own, before the gateway hears of it. */
export async function beginAttempt(ctx: TxCtx, order: KeptOrder, channel: Channel, expected: Expectation): Promise<Pick<Attempt, 'id' | 'outTradeNo' | 'channel' | 'expected'>> {
  const attempt = { id: newId('pay'), order: order.id, channel, outTradeNo: outTradeNo(order.number, randomBytes(4).toString('hex')), amount: order.total, expected, begunAt: ctx.now() }
  await insertAttempt(ctx.db, attempt)
  return attempt
}

/** Ends an open try that nothing was paid for. */
export async function endAttempt(ctx: TxCtx, id: Id<'pay'>, to: Extract<AttemptState, 'closed' | 'failed'>, problem?: string): Promise<void> {
  await updateAttempt(ctx.db, id, 'begun', to, { problem, at: ctx.now() })
}

const PATIENCE = 3
const PAGE = 500

/** Finds payments whose notice was lost: asks about every try that is due. A gateway that will not say is left alone until the next round. */
export async function sweepOpen(ctx: Ctx): Promise<void> {
  let silent = 0
  for await (const attempt of payable(ctx)) {
    if (!isDue(attempt, ctx.now())) continue
    // Noted before it is asked: a try that cannot be handled must not stand in the way of the others again and again.
    await updateChecked(ctx.db, attempt.id, ctx.now())
    silent = (await queryAttempt(ctx, attempt)) === 'unknown' ? silent + 1 : 0
    if (silent === PATIENCE) return
  }
}

/** Every try that may still be paid, page by page: however many wait for their hour, none that is due stands behind them. */
async function* payable(ctx: Ctx): AsyncGenerator<Attempt, void> {
  const closedAfter = graceStart(ctx.now())
  for (let last: Id<'pay'> | null = null; ; ) {
    const page: Attempt[] = await listPayable(ctx.db, closedAfter, last, PAGE)
    yield* page
    last = page.at(-1)?.id ?? null
    if (page.length < PAGE) return
  }
}

export async function openAttempts(ctx: TxCtx, order: Id<'ord'>): Promise<Attempt[]> {
  return (await listAttempts(ctx.db, order)).filter((attempt) => attempt.state === 'begun')
}

/** The tries that money may still come for, also after their order was closed. */
export async function payableAttempts(ctx: TxCtx, order: Id<'ord'>): Promise<Attempt[]> {
  return (await listAttempts(ctx.db, order)).filter((attempt) => mayStillBePaid(attempt, ctx.now()))
}

/** The attempts behind numbers of ours or of the gateway's, by each of those numbers. */
export async function attemptsByNumber(ctx: TxCtx, numbers: string[]): Promise<Map<string, Attempt>> {
  const attempts = await listByNumbers(ctx.db, numbers)
  return new Map(attempts.flatMap((attempt) => [...(attempt.transactionNo === null ? [] : [[attempt.transactionNo, attempt] as const]), [attempt.outTradeNo, attempt] as const]))
}

export async function attemptByNumber(ctx: TxCtx, number: string): Promise<Attempt | undefined> {
  return findByNumber(ctx.db, number)
}

export type Money = { transactionNo: string; amount: Cents }

/** Records that an attempt was really paid. Any number of calls, at once or after a crash, do it exactly once; `differs` says that a paid one was named with another transaction. */
export async function settleAttempt(ctx: TxCtx, { id, order: orderId }: Pick<Attempt, 'id' | 'order'>, money: Money): Promise<'settled' | 'repeated' | 'differs'> {
  return inTransaction(ctx, async (ctx) => {
    const [order, attempt] = await Promise.all([lockedOrder(ctx, orderId), lockAttempt(ctx.db, id)])
    if (!attempt) throw new Error(`attempt ${id} vanished`)
    if (attempt.state === 'paid' || attempt.state === 'surplus') return isSameTransaction(attempt, money.transactionNo) ? 'repeated' : 'differs'
    const decided = decideSettlement({ state: order.state, isForfeit: await isForfeit(ctx, order) })
    if (decided.as === 'surplus') return settleSurplus(ctx, order, attempt, money)
    await Promise.all([
      updateAttempt(ctx.db, attempt.id, attempt.state, 'paid', { transactionNo: money.transactionNo, at: ctx.now() }),
      moveOrder(ctx, order, 'paid', [{ what: paidEvent(decided.late), detail: money.transactionNo }, ...openedBy(order)]),
      post(ctx, saleEntry(railOf(attempt.channel), attempt.id, attempt.amount, soldBy(order, attempt.amount, goodsIn(order))), order.id),
    ])
    await ctx.tell('order.paid', { order: order.id })
    await followUp(ctx, attempt)
    return 'settled'
  })
}

/** What was agreed cannot be given any more: what went into the price is gone, or, after closing, the buyer has it or somebody else got it. */
async function isForfeit(ctx: TxCtx, order: KeptOrder): Promise<boolean> {
  if (order.state !== 'placed' && order.state !== 'closed') return false
  return !(await hasCredit(ctx, order)) || (order.state === 'closed' && !(await reopen(ctx, order)))
}

/** What some channels still want once an order is paid. */
async function followUp(ctx: TxCtx, { id, order, channel, expected }: Attempt): Promise<void> {
  if (channel === 'wechat_virtual' && expected.coins === undefined) await ctx.later('payments.note_provided', { attempt: id })
  if (channel === 'wechat_pay_jsapi') await ctx.later('shipping.note_opened', { order })
  if (channel === 'douyin' || channel === 'wechat_virtual') await ctx.later('settlements.plan', { order })
  if (expected.isShared) await ctx.later('shares.plan', { order })
}

async function settleSurplus(ctx: TxCtx, order: KeptOrder, attempt: Attempt, money: Money): Promise<'settled'> {
  await updateAttempt(ctx.db, attempt.id, attempt.state, 'surplus', { transactionNo: money.transactionNo, at: ctx.now() })
  await post(ctx, surplusEntry(railOf(attempt.channel), attempt.id, attempt.amount), attempt.order)
  await noteEvent(ctx, attempt.order, 'mismatch', 'surplus')
  await ctx.later('refunds.return_surplus', { attempt: attempt.id })
  if (order.state === 'placed') {
    await moveOrder(ctx, order, 'closed', [{ what: 'closed', detail: null }])
    await ctx.tell('order.closed', { order: order.id })
  }
  return 'settled'
}

/** Money came that is not what was asked for: nothing is granted, a person looks at it. What was paid before stays paid. */
export async function markMismatched(ctx: TxCtx, { id, order }: Pick<Attempt, 'id' | 'order'>, reasons: string[]): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    // The order first, as in settling: the other way round the two could wait for each other for ever.
    const [, attempt] = await Promise.all([lockedOrder(ctx, order), lockAttempt(ctx.db, id)])
    if (!attempt || attempt.state === 'mismatched') return
    if (attempt.state === 'begun') await updateAttempt(ctx.db, id, 'begun', 'mismatched', { problem: reasons.join(', '), at: ctx.now() })
    await noteEvent(ctx, attempt.order, 'mismatch', reasons.join(', '))
  })
}

/** What came for a mismatched attempt, whatever it is, is booked as the payer's and goes back. False when somebody was first. */
export async function admitSurplus(ctx: TxCtx, { id, order, channel }: Pick<Attempt, 'id' | 'order' | 'channel'>, money: Money): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    await lockedOrder(ctx, order)
    if (!(await updateReceived(ctx.db, id, money, ctx.now()))) return false
    await post(ctx, surplusEntry(railOf(channel), id, money.amount), order)
    await ctx.later('refunds.return_surplus', { attempt: id })
    return true
  })
}

/** What the gateway holds for an attempt, whether it is what was asked for or not; undefined when it holds nothing, will not say, or the money is not of ours. */
export async function findMoney(ctx: Ctx, { channel, outTradeNo, expected }: Attempt): Promise<Money | undefined> {
  const { wechatPay, wechat, alipay, douyin } = ctx.gateways
  if (channel === 'alipay') {
    const told = await alipay.findTrade(outTradeNo)
    return told.outcome === 'done' && told.value.state === 'TRADE_SUCCESS' ? { transactionNo: told.value.tradeNo, amount: told.value.total } : undefined
  }
  if (channel === 'douyin') {
    const told = await douyin.findOrder(outTradeNo)
    return told.outcome === 'done' && told.value.state === 'SUCCESS' && told.value.currency === 'CNY' ? { transactionNo: told.value.orderId, amount: told.value.total } : undefined
  }
  if (channel === 'wechat_coins') return undefined
  if (channel === 'wechat_virtual') {
    const told = await wechat.virtual.findOrder(expected.openid ?? '', outTradeNo)
    const isPaid = told.outcome === 'done' && told.value.env === ctx.knobs.xpayEnv && ['paid', 'delivering', 'delivered'].includes(told.value.state)
    return isPaid ? { transactionNo: told.value.transactionId ?? told.value.wxOrderId ?? outTradeNo, amount: told.value.paid } : undefined
  }
  const told = await wechatPay.findByOutTradeNo(outTradeNo)
  if (told.outcome !== 'done' || told.value.tradeState !== 'SUCCESS' || told.value.currency !== 'CNY' || told.value.total === undefined) return undefined
  return { transactionNo: told.value.transactionId ?? outTradeNo, amount: told.value.total }
}

export type Standing = 'paid' | 'open' | 'closed' | 'unknown'

/** A word that is no proof of its own: what it is about is asked. */
export async function checkAttempt(ctx: Ctx, id: Id<'pay'>): Promise<void> {
  const attempt = await findAttempt(ctx.db, id)
  if (attempt) await queryAttempt(ctx, attempt)
}

/** Queries and converges: paid is settled, closed is noted, and an answer that cannot be trusted changes nothing. */
export async function queryAttempt(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  if (attempt.channel === 'alipay') return heed(ctx, attempt, await askAlipay(ctx, attempt))
  if (attempt.channel === 'douyin') return heed(ctx, attempt, await askDouyin(ctx, attempt))
  if (attempt.channel === 'wechat_coins') return heed(ctx, attempt, await askCoins(ctx, attempt))
  return attempt.channel === 'wechat_virtual' ? queryVirtual(ctx, attempt) : queryWechatPay(ctx, attempt)
}

async function heed(ctx: Ctx, attempt: Attempt, told: Word): Promise<Standing> {
  if (told.word === 'paid') return settled(ctx, attempt, told.transactionNo)
  if (told.word === 'differs') return differs(ctx, attempt, told.reasons)
  if (told.word === 'closed') return noteClosed(ctx, attempt, told.why)
  if (told.word !== 'never_placed') return told.word
  return wasNeverPlaced(attempt, ctx.now()) ? noteClosed(ctx, attempt, 'never placed at the gateway') : 'open'
}

async function queryWechatPay(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  const told = await ctx.gateways.wechatPay.findByOutTradeNo(attempt.outTradeNo)
  if (told.outcome === 'refused' && told.status === 404) return wasNeverPlaced(attempt, ctx.now()) ? noteClosed(ctx, attempt, 'never placed at the gateway') : 'open'
  if (told.outcome !== 'done') return 'unknown'
  const { mchid, appid } = attempt.expected
  const judged = judgeTransaction(told.value, { mchid, appid, outTradeNo: attempt.outTradeNo, total: attempt.amount, currency: 'CNY' })
  if (judged.verdict === 'pays') return settled(ctx, attempt, told.value.transactionId ?? '')
  if (judged.verdict === 'differs') return differs(ctx, attempt, judged.reasons)
  if (judged.state === 'REFUND') return differs(ctx, attempt, ['refunded_elsewhere'])
  return judged.state === 'CLOSED' || judged.state === 'REVOKED' ? noteClosed(ctx, attempt, judged.state) : 'open'
}

async function queryVirtual(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  const told = await ctx.gateways.wechat.virtual.findOrder(attempt.expected.openid ?? '', attempt.outTradeNo)
  if (told.outcome !== 'done') return told.outcome === 'refused' && told.status === 404 ? 'open' : 'unknown'
  const { state, env, fee, transactionId, wxOrderId } = told.value
  if (state === 'closed') return noteClosed(ctx, attempt, state)
  if (state === 'refunded' || state === 'refund_failed') return differs(ctx, attempt, ['refunded_elsewhere'])
  if (!['paid', 'delivering', 'delivered'].includes(state)) return 'open'
  const reasons = [...(env === ctx.knobs.xpayEnv ? [] : ['env']), ...(fee === attempt.amount ? [] : ['amount'])]
  if (reasons.length > 0) return differs(ctx, attempt, reasons)
  return settled(ctx, attempt, transactionId ?? wxOrderId ?? attempt.outTradeNo)
}

async function settled(ctx: Ctx, attempt: Attempt, transactionNo: string): Promise<Standing> {
  await settleAttempt(ctx, attempt, { transactionNo, amount: attempt.amount })
  return 'paid'
}

async function differs(ctx: Ctx, attempt: Attempt, reasons: string[]): Promise<Standing> {
  ctx.log.error({ attempt: attempt.id, reasons }, 'a payment differs from what was asked')
  await markMismatched(ctx, attempt, reasons)
  return 'unknown'
}

/** Closed, unless a notice was faster and it is paid. */
async function noteClosed(ctx: Ctx, attempt: Attempt, problem: string): Promise<Standing> {
  if (await updateAttempt(ctx.db, attempt.id, 'begun', 'closed', { problem, at: ctx.now() })) return 'closed'
  const state = (await findAttempt(ctx.db, attempt.id))?.state
  return state === 'paid' || state === 'surplus' ? 'paid' : 'closed'
}

export async function attemptsOf(ctx: TxCtx, order: Id<'ord'>): Promise<Attempt[]> {
  return listAttempts(ctx.db, order)
}

export async function attemptOf(ctx: TxCtx, id: Id<'pay'>): Promise<Attempt | undefined> {
  return findAttempt(ctx.db, id)
}

export async function mismatchedAttempts(ctx: TxCtx, limit: number): Promise<Attempt[]> {
  return listMismatched(ctx.db, limit)
}

export async function ordersByNumber(ctx: TxCtx, number: string): Promise<Id<'ord'>[]> {
  return listOrdersByNumber(ctx.db, number)
}

export async function channelsOf(ctx: TxCtx, orders: Id<'ord'>[]): Promise<Map<Id<'ord'>, Channel>> {
  return listChannels(ctx.db, orders)
}

/** What is known of the numbers that a bill names. */
export async function receiptsOf(ctx: TxCtx, numbers: string[]): Promise<Receipt[]> {
  return listReceipts(ctx.db, numbers)
}

/** What a rail received in a span of our time, a page behind `after`. */
export async function receiptsBetween(ctx: TxCtx, rail: Rail, span: { from: Date; to: Date }, after: Receipt | null, limit: number): Promise<Receipt[]> {
  return listReceiptsBetween(ctx.db, channelsOn(rail), span, after, limit)
}

/** Every try of a rail that a day's money may have come for, a page behind `after`. */
export async function triesBetween(ctx: TxCtx, rail: Rail, span: { from: Date; to: Date }, after: Id<'pay'> | null, limit: number): Promise<Attempt[]> {
  return listTries(ctx.db, channelsOn(rail), span, after, limit)
}

/** Before this no money can have come by a rail; what came may have been booked a day later, or never. */
export async function firstTryAt(ctx: TxCtx, rail: Rail): Promise<Date | undefined> {
  return findFirstBegun(ctx.db, channelsOn(rail))
}

/** Those of the attempts whose money travelled on one rail. */
export async function attemptsOn(ctx: TxCtx, rail: Rail, ids: Id<'pay'>[]): Promise<Map<Id<'pay'>, Attempt>> {
  return new Map((await listByIds(ctx.db, ids)).flatMap((attempt) => (railOf(attempt.channel) === rail ? [[attempt.id, attempt] as const] : [])))
}

function channelsOn(rail: Rail): Channel[] {
  return channels.filter((channel) => railOf(channel) === rail)
}

export function shownAttempt(attempt: Attempt): PaymentAttempt {
  const { expected: _expected, checkedAt: _checked, checks: _checks, begunAt, settledAt, ...rest } = attempt
  return { ...rest, begunAt: instant(begunAt), settledAt: settledAt && instant(settledAt) }
}
