// The inbox of notices: kept once before the answer, handled once after it.
import type { Delivery, VirtualRefundNotice } from '#gateways/wechat/shapes.ts'
import { judgeDelivery } from '#gateways/wechat/judge.ts'
import { judgeTransaction } from '#gateways/wechatpay/judge.ts'
import type { Refund, Transaction } from '#gateways/wechatpay/shapes.ts'
import type { Notice } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { attemptByNumber, markMismatched, settleAttempt, type Attempt } from '#modules/trade/attempts/actions.ts'
import { findNotice, insertNotice, listNotices, updateNotice, type KeptNotice } from './store.ts'

export type News =
  | { kind: 'transaction'; transaction: Transaction }
  | { kind: 'refund'; refund: Pick<Refund, 'outTradeNo' | 'outRefundNo'> }
  | { kind: 'delivery'; delivery: Delivery }
  | { kind: 'virtual_refund'; refund: VirtualRefundNotice }
  | { kind: 'other' }

type Outcome = { outcome: NonNullable<Notice['outcome']>; why: string | null }

/** Keeps a verified notice and asks for its handling, both or neither. A repeated one is already there. */
export async function keepNotice(ctx: Ctx, source: Notice['source'], noticeId: string, event: string, news: News): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const id = newId('ntc')
    const isNew = await insertNotice(ctx.db, { id, source, noticeId, event, outTradeNo: numberOf(news), payload: news, receivedAt: ctx.now() })
    if (isNew) await ctx.later('notices.handle', { notice: id })
  })
}

function numberOf(news: News): string | null {
  if (news.kind === 'transaction') return news.transaction.outTradeNo
  if (news.kind === 'delivery') return news.delivery.outTradeNo
  return news.kind === 'other' ? null : news.refund.outTradeNo
}

/** Handles a kept notice; a second run finds it handled. */
export async function handleNotice(ctx: TxCtx, id: Id<'ntc'>): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const notice = await findNotice(ctx.db, id)
    if (!notice || notice.handledAt) return
    const { outcome, why } = await decide(ctx, notice.payload as News)
    await updateNotice(ctx.db, id, outcome, why, ctx.now())
    if (outcome === 'mismatched' || outcome === 'unknown_order') ctx.log.error({ notice: id, outcome, why }, 'a payment notice needs a person')
  })
}

async function decide(ctx: TxCtx, news: News): Promise<Outcome> {
  if (news.kind === 'other') return { outcome: 'ignored', why: null }
  if (news.kind === 'refund' || news.kind === 'virtual_refund') {
    await ctx.later('refunds.check', { outRefundNo: news.refund.outRefundNo ?? '', outTradeNo: news.refund.outTradeNo })
    return { outcome: 'refund_noted', why: null }
  }
  const attempt = await attemptByNumber(ctx, news.kind === 'transaction' ? news.transaction.outTradeNo : news.delivery.outTradeNo)
  if (!attempt) return { outcome: 'unknown_order', why: 'no attempt has this number' }
  return news.kind === 'transaction' ? payByTransaction(ctx, attempt, news.transaction) : payByDelivery(ctx, attempt, news.delivery)
}

async function payByTransaction(ctx: TxCtx, attempt: Attempt, transaction: Transaction): Promise<Outcome> {
  const { mchid, appid } = attempt.expected
  const judged = judgeTransaction(transaction, { mchid, appid, outTradeNo: attempt.outTradeNo, total: attempt.amount, currency: 'CNY' })
  if (judged.verdict === 'not_paid') return { outcome: 'ignored', why: judged.state }
  if (judged.verdict === 'differs') return mismatch(ctx, attempt, judged.reasons)
  return { outcome: await settleAttempt(ctx, attempt, { transactionNo: transaction.transactionId ?? attempt.outTradeNo, amount: attempt.amount }), why: null }
}

async function payByDelivery(ctx: TxCtx, attempt: Attempt, delivery: Delivery): Promise<Outcome> {
  const { env, openid, productId } = attempt.expected
  const judged = judgeDelivery(delivery, { env: env ?? ctx.knobs.xpayEnv, openid: openid ?? '', outTradeNo: attempt.outTradeNo, product: productId ?? '', quantity: 1, price: attempt.amount })
  if (judged.verdict === 'differs') return mismatch(ctx, attempt, judged.reasons)
  return { outcome: await settleAttempt(ctx, attempt, { transactionNo: delivery.transactionId ?? delivery.platformOrderNo ?? attempt.outTradeNo, amount: attempt.amount }), why: null }
}

async function mismatch(ctx: TxCtx, attempt: Attempt, reasons: string[]): Promise<Outcome> {
  await markMismatched(ctx, attempt.id, reasons)
  return { outcome: 'mismatched', why: reasons.join(', ') }
}

export async function showNotices(ctx: TxCtx, ask: { attention?: boolean; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const notices = await listNotices(ctx.db, ask.attention ?? false, idBefore('ntc', ask.cursor), limit + 1)
  return { items: notices.slice(0, limit).map(shown), next: notices.length > limit ? (notices[limit - 1]?.id ?? null) : null }
}

function shown(notice: KeptNotice): Notice {
  const { payload: _payload, receivedAt, handledAt, ...rest } = notice
  return { ...rest, receivedAt: instant(receivedAt), handledAt: handledAt && instant(handledAt) }
}
