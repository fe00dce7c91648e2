// The inbox of notices: kept once before the answer, handled once after it.
import type { AlipayTrade } from '#gateways/alipay/shapes.ts'
import type { DouyinOrder, DouyinRefundAsk } from '#gateways/douyin/shapes.ts'
import type { Delivery, RefundAdvice, RefundQuestion, VirtualRefundNotice } from '#gateways/wechat/shapes.ts'
import { judgeCoins, judgeDelivery, type DeliveryJudgement } from '#gateways/wechat/judge.ts'
import { judgeTransaction } from '#gateways/wechatpay/judge.ts'
import type { Refund, Transaction } from '#gateways/wechatpay/shapes.ts'
import type { Notice } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { doSoon, tryAlone } from '#kernel/soon.ts'
import { judgeAlipay } from '#modules/trade/alipay/actions.ts'
import type { Word } from '#modules/trade/channels/actions.ts'
import { isAskedNumber, judgeDouyin } from '#modules/trade/douyin/actions.ts'
import { attemptByNumber, markMismatched, settleAttempt, type Attempt } from '#modules/trade/attempts/actions.ts'
import { noteEvent, orderOf } from '#modules/trade/orders/actions.ts'
import { standingOf } from '#modules/trade/policies/actions.ts'
import { creditTaken } from '#modules/trade/rights/actions.ts'
import { adviceFor } from './rules.ts'
import { findNotice, insertNotice, listNotices, listUnhandled, updateNotice, type KeptNotice } from './store.ts'

export type News =
  | { kind: 'transaction'; transaction: Transaction }
  | { kind: 'refund'; refund: Pick<Refund, 'outTradeNo' | 'outRefundNo'> }
  | { kind: 'delivery'; delivery: Delivery }
  | { kind: 'virtual_refund'; refund: VirtualRefundNotice }
  | { kind: 'question'; question: RefundQuestion }
  | { kind: 'trade'; trade: AlipayTrade }
  | { kind: 'douyin'; order: DouyinOrder }
  | { kind: 'refund_ask'; ask: DouyinRefundAsk }
  | { kind: 'transfer'; outBillNo: string }
  | { kind: 'complaint'; complaint: string }
  | { kind: 'receipt'; outTradeNo: string }
  | { kind: 'other' }

const MOST_AT_ONCE = 500

type Outcome = { outcome: NonNullable<Notice['outcome']>; why: string | null }

/** Keeps a verified notice; its handling follows the answer. A repeated one is already there. */
export async function keepNotice(ctx: Ctx, source: Notice['source'], noticeId: string, event: string, news: News): Promise<void> {
  const id = newId('ntc')
  const isNew = await insertNotice(ctx.db, { id, source, noticeId, event, outTradeNo: numberOf(news), payload: news, receivedAt: ctx.now() })
  if (isNew) doSoon(ctx, `notice ${id}`, () => handleNews(ctx, id, news))
}

function numberOf(news: News): string | null {
  if (news.kind === 'transaction') return news.transaction.outTradeNo
  if (news.kind === 'delivery') return news.delivery.outTradeNo
  if (news.kind === 'question') return news.question.payOrderNo
  if (news.kind === 'trade') return news.trade.outTradeNo
  if (news.kind === 'douyin') return news.order.outOrderNo
  if (news.kind === 'refund_ask') return news.ask.outOrderNo
  if (news.kind === 'transfer') return news.outBillNo
  if (news.kind === 'receipt') return news.outTradeNo
  return news.kind === 'other' || news.kind === 'complaint' ? null : news.refund.outTradeNo
}

/** Handles what was kept and not handled, because the process that kept it ended or failed. */
export async function sweepNotices(ctx: TxCtx): Promise<void> {
  for (const { id, payload } of await listUnhandled(ctx.db, MOST_AT_ONCE)) await tryAlone(ctx, `notice ${id}`, () => handleNews(ctx, id, payload as News))
}

/** Any number of runs, at once or after a crash, have the effect of one. */
async function handleNews(ctx: TxCtx, id: Id<'ntc'>, news: News): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const { outcome, why } = await decide(ctx, id, news)
    const isFirst = await updateNotice(ctx.db, id, outcome, why, ctx.now())
    if (isFirst && (outcome === 'mismatched' || outcome === 'unknown_order')) ctx.log.error({ notice: id, outcome, why }, 'a payment notice needs a person')
  })
}

async function decide(ctx: TxCtx, id: Id<'ntc'>, news: News): Promise<Outcome> {
  if (news.kind === 'other' || news.kind === 'question') return { outcome: 'ignored', why: null }
  if (news.kind === 'transfer') {
    await ctx.later('payouts.check', { outBillNo: news.outBillNo })
    return { outcome: 'settled', why: null }
  }
  if (news.kind === 'complaint') {
    await ctx.later('complaints.check', { complaint: news.complaint })
    return { outcome: 'complaint_noted', why: null }
  }
  if (news.kind === 'refund_ask') {
    await ctx.later('refundasks.note', { notice: id })
    return { outcome: 'refund_noted', why: null }
  }
  if (news.kind === 'refund' || news.kind === 'virtual_refund') {
    if (news.kind === 'refund' && isAskedNumber(news.refund.outRefundNo)) await ctx.later('refundasks.hear', { outRefundNo: news.refund.outRefundNo, outTradeNo: news.refund.outTradeNo })
    else if (news.kind === 'refund') await ctx.later('refunds.check', { outRefundNo: news.refund.outRefundNo, outTradeNo: news.refund.outTradeNo })
    else await ctx.later('refunds.hear', { notice: id })
    return { outcome: 'refund_noted', why: null }
  }
  const attempt = await attemptByNumber(ctx, numberOf(news) ?? '')
  if (!attempt) return { outcome: 'unknown_order', why: 'no attempt has this number' }
  if (news.kind === 'receipt') {
    await ctx.later('shipping.hear_receipt', { order: attempt.order })
    return { outcome: 'settled', why: null }
  }
  if (news.kind === 'trade') return payByWord(ctx, attempt, judgeAlipay(attempt, news.trade))
  if (news.kind === 'douyin') return payByWord(ctx, attempt, judgeDouyin(attempt, news.order))
  return news.kind === 'transaction' ? payByTransaction(ctx, attempt, news.transaction) : payByDelivery(ctx, attempt, news.delivery)
}

async function payByWord(ctx: TxCtx, attempt: Attempt, told: Word): Promise<Outcome> {
  if (told.word === 'paid') return settle(ctx, attempt, told.transactionNo)
  return told.word === 'differs' ? mismatch(ctx, attempt, told.reasons) : { outcome: 'ignored', why: told.word }
}

async function payByTransaction(ctx: TxCtx, attempt: Attempt, transaction: Transaction): Promise<Outcome> {
  const { mchid, appid } = attempt.expected
  const judged = judgeTransaction(transaction, { mchid, appid, outTradeNo: attempt.outTradeNo, total: attempt.amount, currency: 'CNY' })
  if (judged.verdict === 'not_paid') return { outcome: 'ignored', why: judged.state }
  if (judged.verdict === 'differs') return mismatch(ctx, attempt, judged.reasons)
  return settle(ctx, attempt, transaction.transactionId ?? attempt.outTradeNo)
}

async function settle(ctx: TxCtx, attempt: Attempt, transactionNo: string): Promise<Outcome> {
  const outcome = await settleAttempt(ctx, attempt, { transactionNo, amount: attempt.amount })
  return outcome === 'differs' ? mismatch(ctx, attempt, ['transaction_differs']) : { outcome, why: null }
}

async function payByDelivery(ctx: TxCtx, attempt: Attempt, delivery: Delivery): Promise<Outcome> {
  const { openid, productId, coins } = attempt.expected
  if (coins !== undefined) return payByCoinPush(ctx, attempt, judgeCoins(delivery, { env: ctx.knobs.xpayEnv, openid: openid ?? '', outTradeNo: attempt.outTradeNo, quantity: coins }))
  const judged = judgeDelivery(delivery, { env: ctx.knobs.xpayEnv, openid: openid ?? '', outTradeNo: attempt.outTradeNo, product: productId ?? '', quantity: 1, price: attempt.amount })
  if (judged.verdict === 'differs') return mismatch(ctx, attempt, judged.reasons)
  return settle(ctx, attempt, delivery.transactionId ?? delivery.platformOrderNo ?? attempt.outTradeNo)
}

/** The push of a pack of coins says how many; the query that follows says what was paid. */
async function payByCoinPush(ctx: TxCtx, attempt: Attempt, judged: DeliveryJudgement): Promise<Outcome> {
  if (judged.verdict === 'differs') return mismatch(ctx, attempt, judged.reasons)
  if (attempt.state === 'paid' || attempt.state === 'surplus') return { outcome: 'repeated', why: null }
  await ctx.later('attempts.check', { attempt: attempt.id })
  return { outcome: 'settled', why: null }
}

async function mismatch(ctx: TxCtx, attempt: Attempt, reasons: string[]): Promise<Outcome> {
  await markMismatched(ctx, attempt, reasons)
  return { outcome: 'mismatched', why: reasons.join(', ') }
}

/** What Apple is told at once, from what is known here; the order's timeline says that it asked. */
export async function adviseApple(ctx: TxCtx, question: RefundQuestion): Promise<RefundAdvice> {
  const attempt = await attemptByNumber(ctx, question.payOrderNo)
  const order = attempt && (await orderOf(ctx, attempt.order))
  const advice = adviceFor(order, order?.paidAt ? await standingOf(ctx, order, order.paidAt) : undefined, order ? await creditTaken(ctx, order, false) : ZERO)
  if (order) await noteEvent(ctx, order.id, 'refund_asked', advice.info)
  return advice
}

/** What a kept notice said. */
export async function newsOf(ctx: TxCtx, id: Id<'ntc'>): Promise<News | undefined> {
  return (await findNotice(ctx.db, id))?.payload as News | undefined
}

export async function showNotices(ctx: TxCtx, ask: { attention?: boolean; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const notices = await listNotices(ctx.db, ask.attention ?? false, idBefore('ntc', ask.cursor), limit + 1)
  return { items: notices.slice(0, limit).map(shown), next: notices.length > limit ? (notices[limit - 1]?.id ?? null) : null }
}

/** What a person must look at, latest first, with what the vendor said. */
export async function noticesToLookAt(ctx: TxCtx, limit: number): Promise<(Omit<KeptNotice, 'payload'> & { news: News })[]> {
  return (await listNotices(ctx.db, true, null, limit)).map(({ payload, ...notice }) => ({ ...notice, news: payload as News }))
}

function shown(notice: KeptNotice): Notice {
  const { payload: _payload, receivedAt, handledAt, ...rest } = notice
  return { ...rest, receivedAt: instant(receivedAt), handledAt: handledAt && instant(handledAt) }
}
