// Searching, reading and exporting orders for operators.
import type { OrderDetail } from '#contracts/desk.ts'
import type { OrderRow } from '#contracts/orders.ts'
import type { Id } from '#contracts/words/id.ts'
import { dayOf, instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { memberSummaries, membersMatching } from '#modules/people/members/actions.ts'
import { findOrders, orderOf, timelineOf, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { attemptsOf, channelsOf, ordersByNumber, shownAttempt } from '#modules/trade/attempts/actions.ts'
import { parcelsOf, shownParcel } from '#modules/trade/parcels/actions.ts'
import { pieceSumsOf, refundStanding, refundsOf } from '#modules/trade/refunds/actions.ts'
import { csvHead, csvLine, settlementOf } from './rules.ts'

type Ask = { q?: string; member?: Id<'mem'>; state?: KeptOrder['state']; from?: string; to?: string; cursor?: string; limit?: number }
const MOST_EXPORTED = 100_000
const PAGE = 1000

export async function listForDesk(ctx: TxCtx, ask: Ask) {
  const limit = ask.limit ?? 20
  const orders = await search(ctx, ask, idBefore('ord', ask.cursor), limit + 1)
  return { items: await rowsOf(ctx, orders.slice(0, limit)), next: orders.length > limit ? (orders[limit - 1]?.id ?? null) : null }
}

async function search(ctx: TxCtx, ask: Ask, before: string | null, limit: number): Promise<KeptOrder[]> {
  const q = ask.q?.trim() || null
  const members = q ? await membersMatching(ctx, q) : []
  const orders = q ? await ordersByNumber(ctx, q) : []
  return findOrders(ctx, { q, member: ask.member ?? null, members, orders, state: ask.state ?? null, from: ask.from ?? null, to: ask.to ?? null }, before, limit)
}

/** Orders as a row of a list shows them. */
export async function rowsOf(ctx: TxCtx, orders: KeptOrder[]): Promise<OrderRow[]> {
  const members = await memberSummaries(ctx, orders.map((order) => order.member))
  const channels = await channelsOf(ctx, orders.map((order) => order.id))
  return orders.map((order) => {
    const member = members.get(order.member)
    return {
      id: order.id,
      number: order.number,
      state: order.state,
      title: order.title,
      total: order.total,
      refunded: order.refunded,
      member: { id: order.member, nickname: member?.nickname ?? '', phone: member?.phoneMasked ?? null },
      platform: order.platform,
      system: order.system,
      channel: channels.get(order.id) ?? null,
      placedAt: instant(order.placedAt),
      paidAt: order.paidAt && instant(order.paidAt),
    }
  })
}

export async function showForDesk(ctx: TxCtx, id: Id<'ord'>): Promise<OrderDetail> {
  const order = (await orderOf(ctx, id)) ?? refuse('thing.not_found', { what: 'order' })
  const [row] = await rowsOf(ctx, [order])
  if (!row) return refuse('thing.not_found', { what: 'order' })
  const attempts = await attemptsOf(ctx, id)
  const paid = attempts.find((attempt) => attempt.state === 'paid')
  const parcel = (await parcelsOf(ctx, [id])).get(id)
  const { why, left } = await refundStanding(ctx, order, paid)
  return {
    row,
    course: order.course,
    lines: order.lines,
    agreementVersion: order.agreementVersion,
    timeline: await timelineOf(ctx, id),
    attempts: attempts.map(shownAttempt),
    refunds: await refundsOf(ctx, id),
    refundable: left,
    pieceSums: why ? [] : await pieceSumsOf(ctx, order, left),
    settlement: paid?.channel === 'wechat_virtual' ? settledBetween(paid.settledAt ?? paid.begunAt, order.system, (await readSettings(ctx)).zone) : null,
    parcel: parcel ? shownParcel(ctx, parcel) : null,
    vat: order.gives.vat ?? null,
    can: why ? [] : ['refund'],
    cannotRefundWhy: why ?? null,
  }
}

function settledBetween(paidAt: Date, system: string, zone: string): { from: string; by: string } {
  const { from, by } = settlementOf(paidAt, system)
  return { from: dayOf(from, zone), by: dayOf(by, zone) }
}

/** A CSV that spreadsheets open in Chinese; phone numbers stay masked and the export is audited. More than a spreadsheet holds is refused, never cut. */
export async function exportOrders(ctx: TxCtx, ask: Ask): Promise<string> {
  const { zone } = await readSettings(ctx)
  await inTransaction(ctx, (ctx) => audit(ctx, { action: 'orders.exported', subject: 'orders', before: null, after: { ...ask } }))
  const lines = [csvHead()]
  let before: string | null = null
  for (;;) {
    const orders: KeptOrder[] = await search(ctx, ask, before, PAGE)
    for (const [at, row] of (await rowsOf(ctx, orders)).entries()) lines.push(csvLine(row, orders[at]?.gives.vat, zone))
    before = orders.at(-1)?.id ?? null
    if (lines.length > MOST_EXPORTED) refuse('export.too_many', { most: MOST_EXPORTED })
    if (orders.length < PAGE) break
  }
  return `\ufeff${lines.join('\r\n')}\r\n`
}
