// What Alipay does with an attempt: begin it, ask about it, stop it, give it back; each answer in the words of channels.
import { judgeTrade } from '#gateways/alipay/judge.ts'
import type { AlipayTrade } from '#gateways/alipay/shapes.ts'
import type { Answer } from '#gateways/wire.ts'
import type { PaymentAction } from '#contracts/payments.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import type { Back, BackWish, Sold, Try, Word } from '#modules/trade/channels/actions.ts'

/** The trade is made for one payer, whom only a fresh code of the platform names. */
export async function expectAlipay(ctx: Ctx, payerCode: string | undefined): Promise<Try['expected']> {
  const { alipay } = ctx.gateways
  const told = payerCode ? await alipay.exchangeCode(payerCode) : refuse('payment.session_stale')
  if (told.outcome === 'unknown') return refuse('payment.gateway_unavailable')
  if (told.outcome === 'refused') return refuse('payment.session_stale', { code: told.code })
  return { mchid: alipay.sellerId, appid: alipay.appid, openid: told.value.openid }
}

export async function beginAlipay(ctx: Ctx, attempt: Try, sold: Sold): Promise<Answer<PaymentAction>> {
  const told = await ctx.gateways.alipay.createTrade({
    outTradeNo: attempt.outTradeNo, subject: sold.title, total: attempt.amount, buyerOpenid: attempt.expected.openid ?? '', notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/alipay`, expiresAt: sold.payUntil,
  })
  return told.outcome === 'done' ? { outcome: 'done', value: { kind: 'alipay', tradeNo: told.value.tradeNo } } : told
}

export async function askAlipay(ctx: Ctx, attempt: Try): Promise<Word> {
  const told = await ctx.gateways.alipay.findTrade(attempt.outTradeNo)
  if (told.outcome === 'done') return judgeAlipay(attempt, told.value)
  return { word: told.outcome === 'refused' && told.code === 'ACQ.TRADE_NOT_EXIST' ? 'never_placed' : 'unknown' }
}

export function judgeAlipay(attempt: Try, told: AlipayTrade): Word {
  const { mchid, appid } = attempt.expected
  const judged = judgeTrade(told, { appid, sellerId: mchid, outTradeNo: attempt.outTradeNo, total: attempt.amount })
  if (judged.verdict === 'pays') return { word: 'paid', transactionNo: told.tradeNo }
  if (judged.verdict === 'differs') return { word: 'differs', reasons: judged.reasons }
  if (judged.state === 'refunded') return { word: 'differs', reasons: ['refunded_elsewhere'] }
  return judged.state === 'closed' ? { word: 'closed', why: told.state } : { word: 'open' }
}

/** True when nothing can be paid for it any more. */
export async function stopAlipay(ctx: Ctx, attempt: Try): Promise<boolean> {
  return (await ctx.gateways.alipay.closeTrade(attempt.outTradeNo)).outcome === 'done'
}

/** Only the first answer to a number can say that money moved; after it the query is asked. */
export async function giveBackAlipay(ctx: Ctx, attempt: Try, wish: BackWish): Promise<Answer<Back>> {
  const { alipay } = ctx.gateways
  const ask = { outTradeNo: attempt.outTradeNo, outRefundNo: wish.outRefundNo, refund: wish.amount, reason: wish.reason }
  const first = wish.isSent ? undefined : await alipay.refund(ask)
  if (first !== undefined && (first.outcome !== 'done' || first.value.state === 'SUCCESS')) return first.outcome === 'done' ? { outcome: 'done', value: { to: 'done', word: 'SUCCESS' } } : first
  const told = await alipay.findRefund(attempt.outTradeNo, wish.outRefundNo)
  if (told.outcome !== 'done') return told
  return { outcome: 'done', value: told.value.state === 'SUCCESS' ? { to: 'done', word: 'SUCCESS' } : { to: 'processing', word: 'PROCESSING' } }
}
