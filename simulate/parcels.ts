// Books on their way: packed, corrected and received; and what must be so of each parcel in the end.
import type { Json } from '../server/test/sandbox.ts'
import { choose } from './chance.ts'
import type { Cast, Person } from './cast.ts'
import { atPhone } from './paying.ts'
import type { Act } from './plan.ts'
import type { World } from './world.ts'

const carriers = ['SF', 'ZTO', 'YTO'] as const

/** All that waits is packed by two at once; some numbers are corrected. */
export async function shipParcels(_world: World, cast: Cast, { dice: [which = 0, corrects = 0] }: Pick<Act, 'dice'>): Promise<void> {
  const { body } = await cast.desk('GET /console/parcels?limit=100')
  const carrier = choose(carriers, which)
  const ship = (order: string, number: string) => cast.desk(`PUT /console/parcels/${order}/shipment`, { carrier, trackingNo: `${carrier}${number}` })
  for (const { order } of body.items as Json[]) {
    const number = String(order).slice(-12)
    await Promise.all([ship(order, number), ship(order, number)])
    if (corrects < 0.3) await ship(order, `${number}X`)
  }
}

/** On our page, or in WeChat's own list of orders. */
export async function receive(world: World, cast: Cast, person: Person, { dice: [where = 0] }: Act): Promise<void> {
  const rows = await world.rows("select p.order_id, a.out_trade_no from parcels p join payment_attempts a on a.order_id = p.order_id and a.state = 'paid' where p.order_id = any($1) and p.state = 'shipped' order by p.order_id", [person.orders])
  for (const row of rows) {
    if (where < 0.5) await cast.as(person, `POST /orders/${row.order_id}/receipts`)
    else cast.note(`${person.name} receives ${row.order_id} in WeChat → ${JSON.stringify(await atPhone(world, person, 'receive', { out_trade_no: row.out_trade_no }))}`)
  }
}

type Sent = { order_id: string; state: string; order_state: string; report: string | null; tracking_no: string | null; is_back: boolean; number: string | null }

/** Nothing is sent that was not paid for, nothing paid for is forgotten, and WeChat was told what is on the box. */
export async function judgeParcels(world: World, cast: Cast): Promise<string[]> {
  const sent: Sent[] = await world.rows(
    `select p.order_id, p.state, o.state as order_state, r.state as report, p.tracking_no, exists (select 1 from refunds f where f.order_id = o.id) as is_back,
        (select a.out_trade_no from payment_attempts a where a.order_id = o.id and a.state = 'paid' limit 1) as number
      from parcels p join orders o on o.id = p.order_id left join shipping_reports r on r.order_id = o.id where o.id = any($1)`, [cast.people.flatMap((person) => person.orders)])
  const { items } = await world.sim('GET', `/__sim/shipments?tenant=${world.tenant.appid}`)
  const known = new Map((items as Json[]).map((one) => [one.outTradeNo, one]))
  return sent.flatMap((one) => judgeParcel(one, known.get(one.number)))
}

const fitting: Record<string, readonly string[]> = { paid: ['shipped', 'received'], closed: ['cancelled'], refunded: ['cancelled', 'shipped', 'received'] }

function judgeParcel({ order_id: id, state, order_state: order, report, tracking_no: number, is_back: isBack }: Sent, told: Json | undefined): string[] {
  const isFitting = fitting[order]?.includes(state) || (order === 'paid' && isBack && state === 'cancelled')
  return [
    ...(isFitting ? [] : [`the order ${id} is ${order}, but its parcel is ${state}`]),
    ...(report === 'told' && told?.list[0]?.tracking_no !== number ? [`WeChat has ${told?.list[0]?.tracking_no} for the parcel of ${id}, we sent ${number}`] : []),
    ...(report === null && told !== undefined ? [`WeChat was told of the parcel of ${id}, and we do not know`] : []),
  ]
}
