// Asking the gateway what became of an attempt, and doing what its answer says.
import type { Ctx } from '#kernel/ctx.ts'
import { judgeTransaction } from '#gateways/wechatpay/judge.ts'
import { settleAttempt, markMismatched } from './settle.ts'
import { updateAttempt, updateChecked, type Attempt } from './store.ts'

export type Standing = 'paid' | 'open' | 'closed' | 'unknown'

/** Queries and converges: paid is settled, closed is noted, and an answer that cannot be trusted changes nothing. */
export async function queryAttempt(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  const standing = attempt.channel === 'wechat_virtual' ? await queryVirtual(ctx, attempt) : await queryWechatPay(ctx, attempt)
  await updateChecked(ctx.db, attempt.id, ctx.now())
  return standing
}

async function queryWechatPay(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  const told = await ctx.gateways.wechatPay.findByOutTradeNo(attempt.outTradeNo)
  if (told.outcome === 'refused' && told.status === 404) return noteClosed(ctx, attempt, 'never placed at the gateway')
  if (told.outcome !== 'done') return 'unknown'
  const { mchid, appid } = attempt.expected
  const judged = judgeTransaction(told.value, { mchid, appid, outTradeNo: attempt.outTradeNo, total: attempt.amount, currency: 'CNY' })
  if (judged.verdict === 'pays') return settled(ctx, attempt, told.value.transactionId ?? '')
  if (judged.verdict === 'differs') return differs(ctx, attempt, judged.reasons)
  if (['CLOSED', 'REVOKED', 'PAYERROR'].includes(judged.state)) return noteClosed(ctx, attempt, judged.state)
  return 'open'
}

async function queryVirtual(ctx: Ctx, attempt: Attempt): Promise<Standing> {
  const told = await ctx.gateways.wechat.virtual.findOrder(attempt.expected.openid ?? '', attempt.outTradeNo)
  if (told.outcome !== 'done') return told.outcome === 'refused' ? 'open' : 'unknown'
  const { state, env, fee, transactionId, wxOrderId } = told.value
  if (state === 'closed') return noteClosed(ctx, attempt, state)
  if (!['paid', 'delivering', 'delivered'].includes(state)) return 'open'
  const reasons = [...(env === ctx.knobs.xpayEnv ? [] : ['env']), ...(fee === attempt.amount ? [] : ['amount'])]
  if (reasons.length > 0) return differs(ctx, attempt, reasons)
  return settled(ctx, attempt, transactionId ?? wxOrderId ?? attempt.outTradeNo)
}

async function settled(ctx: Ctx, attempt: Attempt, transactionNo: string): Promise<Standing> {
  await settleAttempt(ctx, attempt.id, { transactionNo, amount: attempt.amount })
  return 'paid'
}

async function differs(ctx: Ctx, attempt: Attempt, reasons: string[]): Promise<Standing> {
  ctx.log.error({ attempt: attempt.id, reasons }, 'a payment differs from what was asked')
  await markMismatched(ctx, attempt.id, reasons)
  return 'unknown'
}

async function noteClosed(ctx: Ctx, attempt: Attempt, problem: string): Promise<Standing> {
  await updateAttempt(ctx.db, attempt.id, 'begun', 'closed', { problem, at: ctx.now() })
  return 'closed'
}
