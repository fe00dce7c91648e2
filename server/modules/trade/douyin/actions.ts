// What Douyin does with an attempt: begin it, ask about it, give it back; each answer in the words of channels.
import { judgeOrder } from '#gateways/douyin/judge.ts'
import type { DouyinOrder, DouyinRefund, DouyinRefundAsk } from '#gateways/douyin/shapes.ts'
import type { Answer } from '#gateways/wire.ts'
import type { PaymentAction } from '#contracts/payments.ts'
import type { Ctx } from '#kernel/ctx.ts'
import type { Back, BackWish, Sold, Try, Word } from '#modules/trade/channels/actions.ts'
import { askedNumber, backOf, listPage, pageOf, secondsUntil } from './rules.ts'

export { askedNumber, isAskedNumber } from './rules.ts'

export function expectDouyin(ctx: Ctx): Try['expected'] {
  return { mchid: ctx.knobs.douyinMerchantUid, appid: ctx.gateways.douyin.appid }
}

/** Nothing is placed at Douyin yet: its client does that with what is signed here. */
export function beginDouyin(ctx: Ctx, attempt: Try, sold: Sold): Answer<PaymentAction> {
  const request = ctx.gateways.douyin.prepareOrder({
    outOrderNo: attempt.outTradeNo, sku: sold.offer, title: sold.title, picture: sold.picture, total: attempt.amount, expiresInSeconds: secondsUntil(sold.payUntil, ctx.now()),
    notifyUrl: callbackUrl(ctx), page: pageOf(sold.order),
  })
  return { outcome: 'done', value: { kind: 'douyin', ...request } }
}

/** A refusal cannot be told from an order that no client has opened yet: it stays open until its time is over. */
export async function askDouyin(ctx: Ctx, attempt: Try): Promise<Word> {
  const told = await ctx.gateways.douyin.findOrder(attempt.outTradeNo)
  if (told.outcome === 'done') return judgeDouyin(attempt, told.value)
  return { word: told.outcome === 'refused' ? 'open' : 'unknown' }
}

export function judgeDouyin(attempt: Try, told: DouyinOrder): Word {
  const judged = judgeOrder(told, { appid: attempt.expected.appid, outOrderNo: attempt.outTradeNo, total: attempt.amount })
  if (judged.verdict === 'pays') return { word: 'paid', transactionNo: told.orderId }
  if (judged.verdict === 'differs') return { word: 'differs', reasons: judged.reasons }
  return judged.state === 'closed' ? { word: 'closed', why: told.state } : { word: 'open' }
}

/** One that is there under our number is gone on with: agreed to when Douyin waits for our word, else waited for. */
export async function giveBackDouyin(ctx: Ctx, attempt: Try, wish: BackWish): Promise<Answer<Back>> {
  const { douyin } = ctx.gateways
  const found = await douyin.findRefund(wish.outRefundNo)
  if (found.outcome === 'done') return goOn(ctx, found.value)
  if (found.outcome === 'unknown' || found.code !== 'REFUND_NOT_EXIST') return found
  const order = await douyin.findOrder(attempt.outTradeNo)
  if (order.outcome !== 'done') return order
  const told = await douyin.refund({
    orderId: order.value.orderId, itemOrderId: order.value.itemOrderId ?? '', outRefundNo: wish.outRefundNo, refund: wish.amount, total: attempt.amount, reason: wish.reason,
    notifyUrl: callbackUrl(ctx), page: pageOf(wish.order),
  })
  return told.outcome === 'done' ? { outcome: 'done', value: { to: 'processing', word: 'accepted' } } : told
}

async function goOn(ctx: Ctx, refund: DouyinRefund): Promise<Answer<Back>> {
  if (!refund.toAudit) return { outcome: 'done', value: backOf(refund.state) }
  const told = await ctx.gateways.douyin.auditRefund(refund.refundId)
  return told.outcome === 'done' ? { outcome: 'done', value: { to: 'processing', word: 'agreed' } } : told
}

/** Without a number of ours in this answer what a learner asked back is stuck at Douyin. */
export function answerAsk(ask: DouyinRefundAsk): Record<string, unknown> {
  const { path, params } = listPage
  return { out_refund_no: ask.outRefundNo ?? askedNumber(ask.refundId), order_entry_schema: { path, params: JSON.stringify(params) } }
}

function callbackUrl(ctx: Ctx): string {
  return `${ctx.knobs.publicUrl}/api/callbacks/douyin`
}
