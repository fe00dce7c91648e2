// Money given back past us, by somebody in a platform's own console or by Apple; and what the bills must bring to light of it.
import type { Json } from '../server/test/sandbox.ts'
import type { Expected } from './bills.ts'
import { choose } from './chance.ts'
import type { Cast, Person } from './cast.ts'
import { atPhone } from './paying.ts'
import type { Act } from './plan.ts'
import type { World } from './world.ts'

/** All or a part of something paid; WeChat Pay tells of it, or its bill alone does. */
export async function giveBackPast(world: World, cast: Cast, person: Person, { dice: [which = 0, much = 0, isTold = 0] }: Act): Promise<void> {
  const paid = await world.rows("select out_trade_no, amount::int as amount from payment_attempts where order_id = any($1) and state = 'paid' and (channel like 'wechat_pay%' or channel = 'alipay') order by id", [person.orders])
  if (paid.length === 0) return
  const { out_trade_no: number, amount } = choose(paid, which)
  const cents = much < 0.4 ? amount : 1 + Math.floor(much * (amount - 1))
  const { number: refund } = await world.sim('POST', '/__sim/console-refunds', { tenant: world.tenant.appid, number, cents, ...(isTold < 0.6 ? { notifyUrl: `${world.url}/api/callbacks/wechatpay/refunds` } : {}) })
  cast.note(`somebody gives back ${cents} fen of ${number} in the platform's console → ${refund}`)
  if (refund === null) return
  cast.met.push('F22')
  cast.past.push({ trade: number, number: refund, cents })
}

/** For something bought on an iPhone, of Apple, who asks us and may not listen. What a pack of coins filled in stays in the purse: those are not asked back here. */
export async function askApple(world: World, cast: Cast, person: Person, { dice: [which = 0, listens = 0] }: Act): Promise<void> {
  const bought = await world.rows("select a.out_trade_no from payment_attempts a join orders o on o.id = a.order_id where o.id = any($1) and o.gives -> 'coins' is null and a.channel = 'wechat_virtual' and a.state = 'paid' order by a.id", [person.orders])
  if (bought.length === 0) return
  const { out_trade_no: number } = choose(bought, which)
  const told = await atPhone(world, person, 'xpay/apple-refund', { out_trade_no: number, overrules: listens < 0.5 })
  cast.note(`${person.name} asks Apple for the money of ${number} → ${JSON.stringify(told)}`)
  if (told.refunded) cast.met.push('F28')
}

/** Whatever the account did not take is sent elsewhere there as well. */
export async function finishPast(world: World, cast: Cast): Promise<void> {
  for (const { number } of cast.past) await world.sim('POST', `/__sim/refunds/${number}/finish`, { tenant: world.tenant.appid })
}

/** One for each that really went and is not booked: whoever finds it in the bills asks about it, and what nobody can say is written off. */
export async function foundInBills(world: World, cast: Cast): Promise<Expected[]> {
  const found: Expected[] = []
  const booked = await bookedPast(world, cast)
  for (const { trade, number, cents } of cast.past) {
    const told: Json = await world.sim('GET', `/__sim/orders/${trade}?tenant=${world.tenant.appid}`)
    const isGone = told.alipay ? told.alipay.refunds.some((one: Json) => one.outRequestNo === number && one.isDone) : told.refunds.some((one: Json) => one.outRefundNo === number && one.state === 'SUCCESS')
    if (isGone && !booked.has(number)) found.push({ what: `refund extra ${cents} null`, how: 'written_off' })
  }
  return found
}

/** Of what went back past us, that which is one of our refunds by now. */
export async function bookedPast(world: World, cast: Cast): Promise<Set<string>> {
  const rows = await world.rows('select out_refund_no from refunds where out_refund_no = any($1)', [cast.past.map((one) => one.number)])
  return new Set(rows.map((row) => String(row.out_refund_no)))
}
