// What learners ask back inside Douyin: kept, answered by an operator, or given back when nobody answered in time.
import type { DouyinRefundAsk } from '#gateways/douyin/shapes.ts'
import type { RefundAsk } from '#contracts/refundasks.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { attemptByNumber, attemptsOf } from '#modules/trade/attempts/actions.ts'
import { askedNumber } from '#modules/trade/douyin/actions.ts'
import { newsOf } from '#modules/trade/notices/actions.ts'
import { noteEvent, orderOf } from '#modules/trade/orders/actions.ts'
import { beginRefund, refundStanding, refundsOf } from '#modules/trade/refunds/actions.ts'
import { deadlineOf } from './rules.ts'
import { findAsk, findByNumber, insertAsk, listAsks, listOpen, updateDecided, type KeptAsk } from './store.ts'

/** Keeps what a notice told; telling it again keeps it once. One of ours that Douyin tells back is no ask. */
export async function noteAsk(ctx: TxCtx, notice: Id<'ntc'>): Promise<void> {
  const news = await newsOf(ctx, notice)
  if (news?.kind !== 'refund_ask') return
  const told: DouyinRefundAsk = news.ask
  const attempt = await attemptByNumber(ctx, told.outOrderNo)
  if (!attempt || attempt.state !== 'paid' || attempt.expected.appid !== told.appid || told.outRefundNo !== undefined || told.refund <= 0) return
  await inTransaction(ctx, async (ctx) => {
    const ask = { id: newId('ask'), vendorRefundNo: told.refundId, order: attempt.order, outRefundNo: askedNumber(told.refundId), amount: told.refund, reason: told.reason.slice(0, 400), askedAt: ctx.now(), decideBy: deadlineOf(told.decideBy, ctx.now()) }
    if (await insertAsk(ctx.db, ask)) await noteEvent(ctx, attempt.order, 'refund_asked', ask.reason.slice(0, 200) || null)
  })
}

export async function showAsks(ctx: TxCtx, ask: { open?: boolean; cursor?: string; limit?: number }): Promise<{ items: RefundAsk[]; next: Id<'ask'> | null }> {
  const limit = ask.limit ?? 20
  const asks = await listAsks(ctx.db, ask.open ?? false, idBefore('ask', ask.cursor), limit + 1)
  const items: RefundAsk[] = []
  for (const one of asks.slice(0, limit)) items.push(await shown(ctx, one))
  return { items, next: asks.length > limit ? (asks[limit - 1]?.id ?? null) : null }
}

export async function decideAsk(ctx: Ctx, id: Id<'ask'>, { agrees, note }: { agrees: boolean; note: string }, actor: OperatorActor): Promise<RefundAsk> {
  const ask = (await findAsk(ctx.db, id)) ?? refuse('thing.not_found', { what: 'refund ask' })
  if (ask.state !== 'open') return refuse('thing.changed_meanwhile')
  if (agrees) await giveBack(ctx, ask, actor.staff)
  else await deny(ctx, ask, note)
  await close(ctx, ask, agrees ? 'agreed' : 'denied', actor.name, note)
  return shown(ctx, (await findAsk(ctx.db, id)) ?? ask)
}

/** By Douyin's own number for it: sending it is agreeing. The key of the refund is the ask, so that it begins once. */
async function giveBack(ctx: Ctx, ask: KeptAsk, by: Id<'stf'> | null): Promise<void> {
  await beginRefund(ctx, ask.order, { reason: ask.reason.slice(0, 80) || '学员在抖音申请退款', requestKey: `asked-${ask.id}`, amount: ask.amount, endsAccess: true, outRefundNo: ask.outRefundNo }, by)
}

/** A refusal says that Douyin has decided already; what came of it is told by its own notice. */
async function deny(ctx: Ctx, ask: KeptAsk, note: string): Promise<void> {
  const told = await ctx.gateways.douyin.auditRefund(ask.vendorRefundNo, note)
  if (told.outcome === 'unknown') refuse('payment.gateway_unavailable')
  if (told.outcome === 'refused') refuse('payment.gateway_unavailable', { code: told.code })
}

async function close(ctx: TxCtx, ask: KeptAsk, to: 'agreed' | 'denied' | 'lapsed', by: string | null, note: string | null): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateDecided(ctx.db, ask.id, to, by, note, ctx.now()))) return
    if (to === 'denied') await noteEvent(ctx, ask.order, 'refund_denied', note)
    if (by !== null) await audit(ctx, { action: 'refund.decided', subject: ask.order, before: { asked: ask.amount }, after: { state: to, note } })
  })
}

const UNDER_WAY = '这笔订单已在退款中，无需重复申请'
const UPGRADED = '这笔订单的款项已抵扣会员升级，请先申请退升级的那笔订单'

/** After its own deadline Douyin gives back by itself: the books and access follow. An ask for what is on its way back already, or went into an upgrade, is denied with the reason, for it holds that money fast at Douyin. */
export async function lapseAsks(ctx: Ctx): Promise<void> {
  for (const ask of await listOpen(ctx.db, 500)) {
    const isOver = ask.decideBy <= ctx.now()
    const why = await whyNotLeft(ctx, ask)
    if (why) await overtake(ctx, ask, why, isOver)
    else if (isOver) await lapse(ctx, ask)
  }
}

/** What the learner is told when the order does not have any more what is asked for; undefined while it has, or has begun to give it back by this very number. */
async function whyNotLeft(ctx: TxCtx, ask: KeptAsk): Promise<string | undefined> {
  const order = await orderOf(ctx, ask.order)
  if (!order || (await refundsOf(ctx, ask.order)).some((refund) => refund.outRefundNo === ask.outRefundNo)) return undefined
  const paid = (await attemptsOf(ctx, ask.order)).find((attempt) => attempt.state === 'paid')
  const { left, unreturned } = await refundStanding(ctx, order, paid)
  if (ask.amount <= left) return undefined
  return ask.amount <= unreturned ? UPGRADED : UNDER_WAY
}

/** Tried again until Douyin takes it. One that Douyin has decided by itself is seen by a person. */
async function overtake(ctx: Ctx, ask: KeptAsk, why: string, isOver: boolean): Promise<void> {
  const told = await ctx.gateways.douyin.auditRefund(ask.vendorRefundNo, why)
  if (told.outcome === 'done') return close(ctx, ask, 'denied', null, why)
  ctx.log.warn({ ask: ask.id, problem: told.outcome === 'refused' ? told.code : told.why }, 'an ask for money that is not there is not denied yet')
  if (told.outcome === 'refused' && isOver) await lapse(ctx, ask)
}

async function lapse(ctx: Ctx, ask: KeptAsk): Promise<void> {
  if (!(await whyNotLeft(ctx, ask))) await giveBack(ctx, ask, null)
  else await noteEvent(ctx, ask.order, 'mismatch', `refunded_elsewhere ${ask.outRefundNo}`)
  await close(ctx, ask, 'lapsed', null, null)
}

/** Douyin says that the money has gone: if nobody here had answered, it did so by itself. */
export async function hearAsk(ctx: Ctx, told: { outRefundNo: string; outTradeNo: string }): Promise<void> {
  const ask = await findByNumber(ctx.db, told.outRefundNo)
  if (ask?.state === 'open') await lapse(ctx, ask)
  await ctx.later('refunds.check', told)
}

async function shown(ctx: TxCtx, ask: KeptAsk): Promise<RefundAsk> {
  const order = await orderOf(ctx, ask.order)
  return {
    id: ask.id, order: ask.order, number: order?.number ?? '', title: order?.title ?? '', amount: ask.amount, reason: ask.reason, state: ask.state, askedAt: instant(ask.askedAt), decideBy: instant(ask.decideBy),
    decidedAt: ask.decidedAt && instant(ask.decidedAt), by: ask.by, note: ask.note, can: ask.state === 'open' ? ['decide'] : [],
  }
}
