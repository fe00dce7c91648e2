// The shipping desk: what is to be sent, on its way or there; files for who packs; and what WeChat is told of it.
import type { DeskParcel, Parcel, ParcelLabel } from '#contracts/parcels.ts'
import type { Id } from '#contracts/words/id.ts'
import type { ParcelState } from '#contracts/words/parcels.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { memberSummaries } from '#modules/people/members/actions.ts'
import { attemptsOf, type Attempt } from '#modules/trade/attempts/actions.ts'
import { lockedOrder, noteEvent, orderNamed, orderOf, ordersOf, ownOrder, showOwn } from '#modules/trade/orders/actions.ts'
import { goodsLine, parcelCounts, parcelsIn, parcelsOf, parcelsToReceive, putOff, readdress, receiveParcel, resumeParcel, shipParcel, shownParcel, takeParcelBack, whereTo, type KeptParcel, type Shipment } from '#modules/trade/parcels/actions.ts'
import { endingAmong } from '#modules/trade/refunds/actions.ts'
import { release } from '#modules/trade/stock/actions.ts'
import { carrierName, carrierOf, csvOf, deskActionsOf, hasTaken, isTrackingNo, readShipments, type ShipmentLine } from './rules.ts'
import { listDue, listReports, updateAsked, updateReminded, updateTold, upsertReport, type Report } from './store.ts'

const MOST_LABELS = 200
const MOST_EXPORTED = 2000

export async function showParcels(ctx: TxCtx, ask: { state?: ParcelState; cursor?: string; limit?: number }) {
  const [limit, offset] = [ask.limit ?? 20, rowsBefore(ask.cursor)]
  const parcels = await parcelsIn(ctx, ask.state ?? 'to_ship', offset, limit + 1)
  return { items: await rowsOf(ctx, parcels.slice(0, limit)), next: parcels.length > limit ? String(offset + limit) : null, counts: await parcelCounts(ctx) }
}

async function rowsOf(ctx: TxCtx, parcels: KeptParcel[]): Promise<DeskParcel[]> {
  const ids = parcels.map((parcel) => parcel.order)
  const [orders, reports, ending] = await Promise.all([ordersOf(ctx, ids), listReports(ctx.db, ids), endingAmong(ctx, ids)])
  const members = await memberSummaries(ctx, orders.map((order) => order.member))
  return parcels.flatMap((parcel) => {
    const order = orders.find((one) => one.id === parcel.order)
    if (!order) return []
    const report = reports.find((one) => one.order === parcel.order)
    const { can: _can, ...facts } = shownParcel(ctx, parcel)
    return [{ ...facts, order: order.id, number: order.number, title: order.title, member: members.get(order.member)?.nickname ?? '', paidAt: order.paidAt && instant(order.paidAt), report: report ? { state: report.state, why: report.why, reminded: report.remindedAt !== null } : null, can: deskActionsOf(parcel.state, ending.has(order.id) ? 'ending' : order.state, report) }]
  })
}

async function rowOf(ctx: TxCtx, id: Id<'ord'>): Promise<DeskParcel> {
  const [row] = await rowsOf(ctx, [...(await parcelsOf(ctx, [id])).values()])
  return row ?? refuse('thing.not_found', { what: 'parcel' })
}

/** The order is locked first: whoever gives it back at the same instant finds it shipped, or we find it cancelled. */
export async function ship(ctx: TxCtx, id: Id<'ord'>, shipment: Shipment, by: OperatorActor): Promise<{ row: DeskParcel; news: 'new' | 'changed' | 'same' }> {
  return inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    if (order.state !== 'paid') refuse('parcel.state_forbids', { state: order.state })
    const news = await shipParcel(ctx, id, shipment, by.name, (await readSettings(ctx)).receiveAfterDays)
    if (news !== 'same') {
      await noteEvent(ctx, id, news === 'new' ? 'shipped' : 'shipment_corrected', `${carrierName(shipment.carrier)} ${shipment.trackingNo}`)
      await audit(ctx, { action: 'parcel.shipped', subject: id, before: null, after: shipment })
      await askForReport(ctx, id)
    }
    return { row: await rowOf(ctx, id), news }
  })
}

export async function resume(ctx: TxCtx, id: Id<'ord'>): Promise<DeskParcel> {
  return inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    if (order.state !== 'paid') refuse('parcel.state_forbids', { state: order.state })
    if ((await endingAmong(ctx, [id])).has(id)) refuse('parcel.order_ends')
    await resumeParcel(ctx, id)
    await audit(ctx, { action: 'parcel.resumed', subject: id, before: null, after: null })
    return rowOf(ctx, id)
  })
}

export async function receive(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<Parcel> {
  return inTransaction(ctx, async (ctx) => {
    await ownOrder(ctx, member, id)
    await noteReceived(ctx, id)
    return ownParcel(ctx, member, id)
  })
}

/** The buyer has not got it yet. */
export async function putOffReceipt(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<Parcel> {
  return inTransaction(ctx, async (ctx) => {
    await ownOrder(ctx, member, id)
    await putOff(ctx, id)
    await noteEvent(ctx, id, 'receipt_put_off')
    return ownParcel(ctx, member, id)
  })
}

/** Goods alone are in stock again at once; beside something to learn the place stays taken while that is had. */
export async function takeGoodsBack(ctx: TxCtx, id: Id<'ord'>): Promise<DeskParcel> {
  return inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    await takeParcelBack(ctx, id)
    if (order.gives.courses.length === 0 || order.state === 'refunded' || (await endingAmong(ctx, [id])).has(id)) await release(ctx, id)
    await noteEvent(ctx, id, 'goods_returned')
    await audit(ctx, { action: 'parcel.returned', subject: id, before: null, after: null })
    return rowOf(ctx, id)
  })
}

async function noteReceived(ctx: TxCtx, id: Id<'ord'>, what: 'received' | 'received_by_time' = 'received'): Promise<void> {
  if (await receiveParcel(ctx, id)) await noteEvent(ctx, id, what)
}

const MOST_AT_ONCE = 200

/** Nobody said anything until the day that the buyer was told. */
export async function receiveOverdue(ctx: TxCtx): Promise<void> {
  for (const id of await parcelsToReceive(ctx, MOST_AT_ONCE)) {
    await inTransaction(ctx, async (ctx) => {
      await lockedOrder(ctx, id)
      if ((await parcelsOf(ctx, [id])).get(id)?.state === 'shipped') await noteReceived(ctx, id, 'received_by_time')
    })
  }
}

/** The buyer confirmed in WeChat's own order list. */
export async function hearReceipt(ctx: TxCtx, id: Id<'ord'>): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const parcel = (await parcelsOf(ctx, [id])).get(id)
    if (parcel?.state === 'shipped') await noteReceived(ctx, id)
  })
}

export async function sendElsewhere(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>, address: Id<'adr'>): Promise<Parcel> {
  return inTransaction(ctx, async (ctx) => {
    await ownOrder(ctx, member, id)
    await readdress(ctx, id, member, address)
    return ownParcel(ctx, member, id)
  })
}

async function ownParcel(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<Parcel> {
  return (await showOwn(ctx, member, id)).parcel ?? refuse('thing.not_found', { what: 'parcel' })
}

/** Whole addresses leave the house only with a note of who took them. */
export async function printLabels(ctx: TxCtx): Promise<{ items: ParcelLabel[] }> {
  return { items: await takeLabels(ctx, MOST_LABELS, 'parcels.printed') }
}

export async function exportParcels(ctx: TxCtx): Promise<string> {
  return csvOf(await takeLabels(ctx, MOST_EXPORTED, 'parcels.exported'))
}

async function takeLabels(ctx: TxCtx, most: number, action: string): Promise<ParcelLabel[]> {
  return inTransaction(ctx, async (ctx) => {
    const parcels = await parcelsIn(ctx, 'to_ship', 0, most)
    const orders = await ordersOf(ctx, parcels.map((parcel) => parcel.order))
    await audit(ctx, { action, subject: 'parcels', before: null, after: { count: parcels.length } })
    return parcels.flatMap((parcel) => {
      const order = orders.find((one) => one.id === parcel.order)
      return order ? [{ order: order.id, number: order.number, goods: goodsLine(parcel), ...whereTo(ctx, parcel), paidAt: order.paidAt && instant(order.paidAt) }] : []
    })
  })
}

type Problem = 'unknown_order' | 'unknown_carrier' | 'malformed_number' | 'state_forbids' | 'named_twice'

/** Each row is shipped by itself: one that is wrong keeps no other back. */
export async function importShipments(ctx: TxCtx, csv: string, by: OperatorActor) {
  const lines = readShipments(csv) ?? refuse('parcel.columns_missing')
  const told = { shipped: 0, unchanged: 0, problems: [] as { line: number; number: string; why: Problem }[] }
  const seen = new Map<string, string>()
  for (const row of lines) {
    const wish = `${row.carrier} ${row.trackingNo}`
    const why = (seen.get(row.key) ?? wish) === wish ? await shipRow(ctx, row, by) : 'named_twice'
    seen.set(row.key, wish)
    if (why === 'shipped' || why === 'unchanged') told[why] += 1
    else told.problems.push({ line: row.line, number: row.key.slice(0, 60), why })
  }
  return told
}

async function shipRow(ctx: TxCtx, { key, carrier: word, trackingNo }: ShipmentLine, by: OperatorActor): Promise<'shipped' | 'unchanged' | Problem> {
  const carrier = carrierOf(word)
  if (!carrier) return 'unknown_carrier'
  if (!isTrackingNo(trackingNo)) return 'malformed_number'
  const order = await orderNamed(ctx, key)
  const parcel = order && (await parcelsOf(ctx, [order.id])).get(order.id)
  if (!parcel) return 'unknown_order'
  if (!deskActionsOf(parcel.state, order.state).some((act) => act === 'ship' || act === 'correct')) return 'state_forbids'
  return (await ship(ctx, order.id, { carrier, trackingNo }, by)).news === 'same' ? 'unchanged' : 'shipped'
}

/** The payment by which a mini program was paid, which WeChat wants to hear about; undefined for any other. */
export async function managedAttempt(ctx: TxCtx, id: Id<'ord'>): Promise<Attempt | undefined> {
  return (await attemptsOf(ctx, id)).find((one) => one.state === 'paid' && one.channel === 'wechat_pay_jsapi' && one.expected.appid === ctx.knobs.wechatAppid)
}

async function askForReport(ctx: TxCtx, id: Id<'ord'>): Promise<void> {
  if (!(await managedAttempt(ctx, id))) return
  await upsertReport(ctx.db, id, ctx.now())
  await ctx.later('shipping.report', { order: id })
}

/** What is opened and not sent has reached its buyer once it is paid. */
export async function noteOpened(ctx: Ctx, id: Id<'ord'>): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const order = await orderOf(ctx, id)
    const [known] = await listReports(ctx.db, [id])
    if (order?.state === 'paid' && !order.gives.parcel && !known) await askForReport(ctx, id)
  })
}

const AGAIN_MS = 60_000
/** Nothing is left to correct, or nothing changed: what WeChat has is asked for. */
const HAS_IT = new Set(['10060002', '10060003', '10060004', '10060023'])

/** Tells WeChat once. Whoever finds that it was asked before, without an answer, looks first: telling again would use up the one correction. */
export async function reportShipment(ctx: Ctx, id: Id<'ord'>): Promise<void> {
  const [report] = await listReports(ctx.db, [id])
  const attempt = await managedAttempt(ctx, id)
  if (report?.state !== 'waiting' || !attempt) return
  const parcel = (await parcelsOf(ctx, [id])).get(id) ?? null
  const wasAsked = report.askedAt !== null
  if (!(await updateAsked(ctx.db, report, ctx.now(), new Date(ctx.now().getTime() + AGAIN_MS)))) return
  if (wasAsked && (await isTaken(ctx, report, attempt, parcel))) return
  const told = await ctx.gateways.wechat.shipments.report({ mchid: attempt.expected.mchid, outTradeNo: attempt.outTradeNo, openid: attempt.expected.openid ?? '', ...(await described(ctx, id, parcel)), at: ctx.now() })
  if (told.outcome === 'done') return updateTold(ctx.db, report, 'told', null)
  if (told.outcome === 'unknown') return
  if (HAS_IT.has(told.code) && (await isTaken(ctx, report, attempt, parcel))) return
  ctx.log.error({ order: id, code: told.code }, 'WeChat does not take the word that the goods were sent')
  await updateTold(ctx.db, report, 'refused', told.code)
}

async function isTaken(ctx: Ctx, report: Report, attempt: Attempt, parcel: KeptParcel | null): Promise<boolean> {
  const found = await ctx.gateways.wechat.shipments.find({ mchid: attempt.expected.mchid, outTradeNo: attempt.outTradeNo })
  if (found.outcome !== 'done' || !hasTaken(found.value, parcel?.trackingNo ?? null)) return false
  await updateTold(ctx.db, report, 'told', null)
  return true
}

async function described(ctx: TxCtx, id: Id<'ord'>, parcel: KeptParcel | null) {
  if (!parcel?.carrier || !parcel.trackingNo) return { item: (await orderOf(ctx, id))?.title ?? '' }
  return { item: goodsLine(parcel), parcel: { carrier: parcel.carrier, trackingNo: parcel.trackingNo, phoneMasked: shownParcel(ctx, parcel).to.phone } }
}

/** Tells again what got no answer. */
export async function sweepReports(ctx: Ctx): Promise<void> {
  for (const order of await listDue(ctx.db, ctx.now(), 200)) await reportShipment(ctx, order)
}

/** The carrier says that it was handed over; WeChat asks the buyer to confirm. What WeChat may have done already is asked for again: it reminds once. */
export async function remind(ctx: Ctx, id: Id<'ord'>): Promise<DeskParcel> {
  const attempt = await managedAttempt(ctx, id)
  const { can } = await rowOf(ctx, id)
  if (!attempt || !can.includes('remind')) return refuse('parcel.state_forbids', { state: 'not told' })
  const told = await ctx.gateways.wechat.shipments.remind({ mchid: attempt.expected.mchid, outTradeNo: attempt.outTradeNo }, ctx.now())
  if (told.outcome === 'unknown') return refuse('payment.gateway_unavailable')
  if (told.outcome === 'refused') return refuse('parcel.reminder_refused', { code: told.code })
  return inTransaction(ctx, async (ctx) => {
    await updateReminded(ctx.db, id, ctx.now())
    await audit(ctx, { action: 'parcel.reminded', subject: id, before: null, after: null })
    return rowOf(ctx, id)
  })
}

/** `free`: WeChat pays out without being told of shipments. */
export async function askDuty(ctx: Ctx): Promise<{ duty: 'managed' | 'free' | 'not_connected' | 'unknown' }> {
  if (!ctx.gateways.wechat.isReady) return { duty: 'not_connected' }
  const told = await ctx.gateways.wechat.shipments.isManaged()
  return { duty: told.outcome !== 'done' ? 'unknown' : told.value ? 'managed' : 'free' }
}
