// Money that a platform gave back past us, or somebody in the platform's own console: booked as one of our refunds, or left to a person.
import type { VirtualRefundNotice } from '#gateways/wechat/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { attemptByNumber, railOf, type Attempt } from '#modules/trade/attempts/actions.ts'
import { newsOf } from '#modules/trade/notices/actions.ts'
import { lockedOrder, noteEvent, timelineOf, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { adoptRefund, refundStanding, repaymentsOf, sendRefund, settleRefund } from '#modules/trade/refunds/actions.ts'
import { adoption, amountIn, reasonOf, saysForeign } from './rules.ts'
import { insertWrittenOff, isWrittenOff, lockNumber } from './store.ts'

export { saysForeign } from './rules.ts'

/** An operator writes off what the bill told of: from then on nobody books it as a refund of ours. Refuses when somebody has meanwhile. */
export async function writeOffForeign(ctx: TxCtx, number: string): Promise<void> {
  await lockNumber(ctx.db, number)
  if ((await repaymentsOf(ctx, [number])).length > 0) refuse('thing.changed_meanwhile')
  await insertWrittenOff(ctx.db, number, ctx.now())
}

type Named = { outRefundNo: string; outTradeNo: string }

/** A notice names a number that is not ours: the platform is asked what that was, again while it does not say. */
export async function checkForeign(ctx: Ctx, named: Named): Promise<void> {
  ctx.log.error(named, 'a refund notice names a refund that is not ours')
  if ((await askForeign(ctx, named)) === 'silent') throw new Error(`the platform does not say what refund ${named.outRefundNo} is`)
}

/** Books what the platform says of a number that is not ours, once, or leaves it to a person. */
export async function askForeign(ctx: Ctx, { outRefundNo, outTradeNo }: Named): Promise<'answered' | 'silent'> {
  const attempt = await attemptByNumber(ctx, outTradeNo)
  if (!attempt) return 'answered'
  const amount = await amountOf(ctx, attempt, outRefundNo)
  if (amount === 'silent') return 'silent'
  const id = await inTransaction(ctx, (ctx) => bookOrNote(ctx, attempt, outRefundNo, amount))
  if (id) await sendRefund(ctx, id)
  return 'answered'
}

/** What went back of this attempt under that number; undefined when the platform knows of nothing, or nobody is there to say. */
async function amountOf(ctx: Ctx, attempt: Attempt, number: string): Promise<Cents | 'silent' | undefined> {
  const rail = railOf(attempt.channel)
  if (!saysForeign(rail)) return undefined
  const { alipay, douyin, wechatPay } = ctx.gateways
  const told = rail === 'alipay' ? await alipay.findRefund(attempt.outTradeNo, number) : await (rail === 'douyin' ? douyin : wechatPay).findRefund(number)
  if (told.outcome !== 'done') return told.outcome === 'unknown' ? 'silent' : undefined
  return amountIn(rail, attempt, told.value)
}

/** From here on it is a refund that was sent and is asked about until it has an end. */
async function bookOrNote(ctx: TxCtx, attempt: Attempt, number: string, amount: Cents | undefined): Promise<Id<'rfd'> | undefined> {
  const order = await lockedOrder(ctx, attempt.order)
  if ((await repaymentsOf(ctx, [number])).length > 0) return undefined
  const standing = await refundStanding(ctx, order, attempt, true)
  const fits = amount === undefined ? undefined : adoption(standing, attempt, amount)
  if (!fits) return void (await noteForeign(ctx, order.id, number))
  return (await adopt(ctx, order, attempt, { number, reason: reasonOf(railOf(attempt.channel)), ...fits }))?.id
}

/** Virtual payment's push is its only word: Apple or the platform gave the money back, and it is gone. */
export async function hearForeign(ctx: TxCtx, notice: Id<'ntc'>): Promise<void> {
  const news = await newsOf(ctx, notice)
  if (news?.kind !== 'virtual_refund') return
  const told: VirtualRefundNotice = news.refund
  const attempt = await attemptByNumber(ctx, told.outTradeNo)
  if (!attempt) return
  await inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, attempt.order)
    const fits = attempt.expected.openid === told.openid ? adoption(await refundStanding(ctx, order, attempt, true), attempt, told.refund) : undefined
    if (!fits) return noteForeign(ctx, order.id, told.platformRefundNo)
    const refund = await adopt(ctx, order, attempt, { number: told.platformRefundNo, reason: reasonOf(railOf(attempt.channel)), ...fits, endsAccess: true })
    if (refund && order.gives.coins !== undefined) await noteEvent(ctx, order.id, 'mismatch', 'coins_not_taken')
    if (refund) await settleRefund(ctx, refund, 'done', 'refunded')
  })
}

async function adopt(ctx: TxCtx, order: KeptOrder, attempt: Attempt, { isSpent, ...told }: Parameters<typeof adoptRefund>[3] & { isSpent: boolean }) {
  await lockNumber(ctx.db, told.number)
  if (await isWrittenOff(ctx.db, told.number)) return void (await noteForeign(ctx, order.id, told.number))
  const refund = await adoptRefund(ctx, order, attempt, told)
  if (refund && isSpent) await noteEvent(ctx, order.id, 'mismatch', 'spent_on_upgrade')
  return refund
}

/** Told once: a person decides about what was bought. */
async function noteForeign(ctx: TxCtx, order: Id<'ord'>, number: string): Promise<void> {
  const word = `refunded_elsewhere ${number}`
  if (!(await timelineOf(ctx, order)).some((event) => event.detail === word)) await noteEvent(ctx, order, 'mismatch', word)
}
