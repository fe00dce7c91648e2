// Complaints of payers: heard by notice or sweep, answered by operators, and the money they ask back decided once and told until WeChat Pay knows.
import type { Complaint } from '#contracts/complaints.ts'
import type { Answer } from '#gateways/wire.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { seal, unseal } from '#kernel/seal.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { maskPhone } from '#modules/people/members/actions.ts'
import { attemptByNumber, attemptsOf } from '#modules/trade/attempts/actions.ts'
import { noteEvent, orderOf } from '#modules/trade/orders/actions.ts'
import { beginRefund, refundStanding } from '#modules/trade/refunds/actions.ts'
import { actionsOf, deadlinesOf, isNews, isWordOf, kindOf, lastDays, stateOf, stepsOf } from './rules.ts'
import { findComplaint, listByNumber, listComplaints, listUntold, lockComplaint, updateDecision, updateToldAt, upsertTold, type KeptComplaint } from './store.ts'

const PHONE = 'complaints.phone'
const PAGE = 50

/** Asks WeChat Pay for the whole of one complaint and keeps it. */
export async function checkComplaint(ctx: Ctx, number: string): Promise<void> {
  const askedAt = ctx.now()
  const [told, history] = [await ctx.gateways.wechatPay.complaints.find(number), await ctx.gateways.wechatPay.complaints.history(number)]
  if (told.outcome !== 'done' || history.outcome !== 'done') return
  const { value } = told
  const [paid] = value.orders
  const attempt = paid && (await attemptByNumber(ctx, paid.outTradeNo))
  await inTransaction(ctx, async (ctx) => {
    const [before] = await listByNumber(ctx.db, [number])
    await upsertTold(ctx.db, {
      id: before?.id ?? newId('cpl'), number, state: stateOf(value), kind: kindOf(value), detail: value.detail.slice(0, 2000), phoneSealed: value.phone === undefined ? null : seal(ctx.knobs.secret, PHONE, value.phone),
      order: attempt?.order ?? null, outTradeNo: paid?.outTradeNo ?? null, amount: paid?.amount ?? ZERO, asks: value.asks ?? null,
      awaitsReply: value.awaitsReply, isRefunded: value.isRefunded, isRisky: value.isRisky, times: value.times, madeAt: new Date(value.madeAt), steps: stepsOf(value, history.value), checkedAt: askedAt,
    })
    if (!before && attempt) await noteEvent(ctx, attempt.order, 'complained', value.detail.slice(0, 200))
  })
}

/** Notices may be lost: what the last thirty days hold is compared, and decisions that WeChat Pay has not heard are told again. */
export async function sweepComplaints(ctx: Ctx): Promise<'done' | 'unknown'> {
  for (const complaint of await listUntold(ctx.db)) await tellDecision(ctx, complaint.id)
  for (let offset = 0; ; offset += PAGE) {
    const told = await ctx.gateways.wechatPay.complaints.list(lastDays(ctx.now()), offset, PAGE)
    if (told.outcome !== 'done') return 'unknown'
    const known = new Map((await listByNumber(ctx.db, told.value.items.map((item) => item.id))).map((one) => [one.number, one]))
    for (const item of told.value.items) if (isNews(item, known.get(item.id))) await checkComplaint(ctx, item.id)
    if (offset + PAGE >= told.value.total || told.value.items.length === 0) return 'done'
  }
}

export async function askNow(ctx: Ctx): Promise<Record<string, never>> {
  if ((await sweepComplaints(ctx)) === 'unknown') refuse('payment.gateway_unavailable')
  return {}
}

/** Tells WeChat Pay where notices of complaints go, unless it knows. */
export async function keepAddress(ctx: Ctx): Promise<void> {
  const { complaints } = ctx.gateways.wechatPay
  const url = `${ctx.knobs.publicUrl}/api/callbacks/wechatpay`
  const told = await complaints.findAddress()
  if (told.outcome === 'done' && told.value.url !== url) await complaints.setAddress(url, true)
  if (told.outcome === 'refused' && told.status === 404) await complaints.setAddress(url, false)
}

export async function reply(ctx: Ctx, id: Id<'cpl'>, words: string): Promise<Complaint> {
  const { number } = await complaintOf(ctx, id)
  await saidOrRefused(ctx, id, 'complaint.replied', () => ctx.gateways.wechatPay.complaints.reply(number, words), { words })
  return shownWhole(ctx, id)
}

export async function complete(ctx: Ctx, id: Id<'cpl'>): Promise<Complaint> {
  const complaint = await complaintOf(ctx, id)
  if (!actionsOf(complaint).includes('complete')) refuse('complaint.state_forbids', { state: complaint.state })
  await saidOrRefused(ctx, id, 'complaint.completed', () => ctx.gateways.wechatPay.complaints.complete(complaint.number), null)
  return shownWhole(ctx, id)
}

/** Whatever came of it, what WeChat Pay holds is read again: an answer that was lost shows in the history. */
async function saidOrRefused(ctx: Ctx, id: Id<'cpl'>, action: 'complaint.replied' | 'complaint.completed', say: () => Promise<Answer<'done'>>, after: { words: string } | null): Promise<void> {
  const told = await say()
  await checkComplaint(ctx, (await complaintOf(ctx, id)).number)
  if (told.outcome === 'refused') refuse('complaint.state_forbids', { code: told.code })
  if (told.outcome === 'unknown') refuse('payment.gateway_unavailable')
  await inTransaction(ctx, (ctx) => audit(ctx, { action, subject: id, before: null, after }))
}

/** The decision and the refund are one; WeChat Pay is told after it. */
export async function agreeToRefund(ctx: TxCtx, id: Id<'cpl'>, amount: Cents, by: Id<'stf'>): Promise<Complaint> {
  return inTransaction(ctx, async (ctx) => {
    const complaint = await decidable(ctx, id)
    if (complaint.order === null) return refuse('complaint.state_forbids', { state: 'no order' })
    const refund = await beginRefund(ctx, complaint.order, { reason: '投诉后同意退款', requestKey: id, amount }, by)
    return decided(ctx, id, 'agreed', null, refund.id)
  })
}

export async function declineRefund(ctx: TxCtx, id: Id<'cpl'>, reason: string): Promise<Complaint> {
  return inTransaction(ctx, async (ctx) => {
    await decidable(ctx, id)
    return decided(ctx, id, 'declined', reason, null)
  })
}

async function decidable(ctx: TxCtx, id: Id<'cpl'>): Promise<KeptComplaint> {
  const complaint = (await lockComplaint(ctx.db, id)) ?? refuse('thing.not_found', { what: 'complaint' })
  return actionsOf(complaint).includes('decide') ? complaint : refuse('complaint.state_forbids', { state: complaint.state })
}

async function decided(ctx: TxCtx, id: Id<'cpl'>, decision: 'agreed' | 'declined', reason: string | null, refund: Id<'rfd'> | null): Promise<Complaint> {
  await updateDecision(ctx.db, id, decision, reason, refund)
  await audit(ctx, { action: 'complaint.decided', subject: id, before: null, after: { decision, reason, refund } })
  await ctx.later('complaints.tell', { complaint: id })
  return shownWhole(ctx, id)
}

/** The payer reads it, once: an answer may have been lost, so the history is read before anything is said. One that WeChat Pay will not hear any more is done with. */
export async function tellDecision(ctx: Ctx, id: Id<'cpl'>): Promise<void> {
  const { number, decision, decisionReason, toldAt } = await complaintOf(ctx, id)
  if (decision === null || toldAt !== null) return
  const history = await ctx.gateways.wechatPay.complaints.history(number)
  if (history.outcome === 'unknown' || (history.outcome === 'refused' && history.status === 429)) return
  const isHeard = history.outcome === 'done' && history.value.some((step) => isWordOf(decision, step.what))
  const told = isHeard ? history : await ctx.gateways.wechatPay.complaints.decideRefund(number, decision === 'agreed' ? { agrees: true, days: 0 } : { agrees: false, reason: decisionReason ?? '' })
  if (told.outcome === 'unknown' || (told.outcome === 'refused' && told.status === 429)) return
  if (told.outcome === 'refused') ctx.log.error({ complaint: id, code: told.code, message: told.message }, 'WeChat Pay does not hear what was decided about a complaint')
  await updateToldAt(ctx.db, id, ctx.now())
  await checkComplaint(ctx, number)
}

const PICTURE_WIDTH = 1600

/** Whatever was sent is made anew as WebP: nothing else that its bytes may hold reaches an operator's browser. */
export async function showPicture(ctx: Ctx, id: Id<'cpl'>, place: number): Promise<Buffer> {
  const name = (await complaintOf(ctx, id)).steps.flatMap((step) => step.pictures)[place] ?? refuse('thing.not_found', { what: 'picture' })
  const told = await ctx.gateways.wechatPay.complaints.picture(name)
  if (told.outcome === 'unknown') return refuse('payment.gateway_unavailable')
  if (told.outcome === 'refused') return refuse('thing.not_found', { what: 'picture', code: told.code })
  const picture = await ctx.gateways.pictures.shrink(told.value, PICTURE_WIDTH)
  return 'broken' in picture ? refuse('thing.not_found', { what: 'picture', code: picture.broken }) : picture.bytes
}

/** The whole number that the payer left, for once. */
export async function showPhone(ctx: TxCtx, id: Id<'cpl'>, reason: string): Promise<{ phone: string | null }> {
  return inTransaction(ctx, async (ctx) => {
    const { phoneSealed } = await complaintOf(ctx, id)
    await audit(ctx, { action: 'complaint.phone_viewed', subject: id, before: null, after: { reason } })
    return { phone: phoneSealed && unseal(ctx.knobs.secret, PHONE, phoneSealed) }
  })
}

export async function showComplaints(ctx: TxCtx, ask: { open?: boolean; cursor?: string; limit?: number }): Promise<{ items: Complaint[]; next: string | null }> {
  const [limit, offset] = [ask.limit ?? 20, rowsBefore(ask.cursor)]
  const kept = await listComplaints(ctx.db, ask.open === true, offset, limit + 1)
  const items = []
  for (const complaint of kept.slice(0, limit)) items.push(await shown(ctx, complaint))
  return { items, next: kept.length > limit ? String(offset + limit) : null }
}

async function complaintOf(ctx: TxCtx, id: Id<'cpl'>): Promise<KeptComplaint> {
  return (await findComplaint(ctx.db, id)) ?? refuse('thing.not_found', { what: 'complaint' })
}

async function shownWhole(ctx: TxCtx, id: Id<'cpl'>): Promise<Complaint> {
  return shown(ctx, await complaintOf(ctx, id))
}

async function shown(ctx: TxCtx, complaint: KeptComplaint): Promise<Complaint> {
  const { id, number, state, kind, detail, phoneSealed, outTradeNo, amount, asks, awaitsReply, isRefunded, isRisky, times, decision } = complaint
  const order = complaint.order === null ? undefined : await orderOf(ctx, complaint.order)
  const paid = order && (await attemptsOf(ctx, order.id)).find((attempt) => attempt.state === 'paid')
  const { replyBy, settleBy } = deadlinesOf(complaint)
  return {
    id, number, state, kind, detail, outTradeNo, amount, asks, awaitsReply, times, decision, order: complaint.order, title: order?.title ?? null, left: order ? (await refundStanding(ctx, order, paid)).left : ZERO,
    phone: phoneSealed && maskPhone(unseal(ctx.knobs.secret, PHONE, phoneSealed)), refunded: isRefunded, risky: isRisky, madeAt: instant(complaint.madeAt), replyBy: replyBy && instant(replyBy), settleBy: settleBy && instant(settleBy),
    steps: shownSteps(complaint), told: complaint.toldAt !== null, can: actionsOf(complaint),
  }
}

function shownSteps({ id, steps }: KeptComplaint): Complaint['steps'] {
  return steps.map(({ pictures, ...step }, at) => {
    const before = steps.slice(0, at).reduce((count, earlier) => count + earlier.pictures.length, 0)
    return { ...step, at: instant(new Date(step.at)), pictures: pictures.map((_name, place) => `/api/console/complaints/${id}/pictures/${before + place}`) }
  })
}
