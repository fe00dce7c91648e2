// How members buy and pay: an order, its pay sheets on every road, and all that a person may do with a sheet.
import type { Json } from '../server/test/sandbox.ts'
import type { Ware } from './academy.ts'
import { choose } from './chance.ts'
import { inWechat, type Cast, type Person, type Sheet } from './cast.ts'
import type { Road } from './faults.ts'
import type { Act } from './plan.ts'
import type { World } from './world.ts'

const places: Record<Road, string> = { native: 'h5/windows/device-test', h5: 'h5/android/device-test', jsapi: 'h5/android/device-test', virtual: inWechat, apple: 'wechat/ios/device-test', coins: inWechat, alipay: 'alipay/android/device-test', douyin: 'douyin/android/device-test' }
const manners = ['pay', 'pay', 'pay', 'pay', 'pay', 'pay', 'pay_with_coupon', 'pay_later', 'cancel', 'fail', 'leave', 'twice', 'renew'] as const
type Manner = (typeof manners)[number]

export async function buy(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  await buyWare(world, cast, person, choose(world.academy.wares, act.dice[0] ?? 0), act)
}

/** A book, wherever the road leads. */
export async function orderBook(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  await buyNamed(world, cast, person, 'book', act)
}

/** A plan, paid and known to be; then the higher one, for which the rest of the lower counts. */
export async function upgrade(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  for (const name of ['month', 'year']) await buyNamed(world, cast, person, name, { ...act, dice: [0, 0, 0] })
}

export async function buyNamed(world: World, cast: Cast, person: Person, name: string, act: Act): Promise<void> {
  const found = world.academy.wares.find((one) => one.name === name)
  if (!found) throw new Error(`nobody sells ${name}`)
  await buyWare(world, cast, person, found, act)
}

async function buyWare(world: World, cast: Cast, person: Person, ware: Ware, { road, dice: [, how = 0, after = 0] }: Act): Promise<void> {
  const sheet = await comeToPay(world, cast, person, ware, road)
  const manner = choose(manners, how)
  if (!sheet || manner === 'leave') return
  if (manner === 'twice') await payTwice(world, cast, person, sheet)
  else await pay(world, cast, person, sheet, manner)
  if (after < 0.4) await cast.as(person, `POST /orders/${sheet.order}/checks`)
}

/** Gives up before paying, and pays after all at the sheet that still lies there. */
export async function abandon(world: World, cast: Cast, person: Person, { road, dice: [which = 0, pressed = 0, after = 0] }: Act): Promise<void> {
  const sheet = await comeToPay(world, cast, person, choose(world.academy.wares, which), road)
  if (!sheet) return
  for (let times = 0; times < (pressed < 0.5 ? 1 : 2); times += 1) await cast.as(person, `POST /orders/${sheet.order}/closings`)
  if (after < 0.8) await pay(world, cast, person, sheet, 'pay')
}

async function comeToPay(world: World, cast: Cast, person: Person, ware: Ware, road: Road): Promise<Sheet | undefined> {
  const order = await place(cast, person, ware, places[road])
  return order?.state === 'placed' ? open(world, cast, person, order.id, road) : undefined
}

async function place(cast: Cast, person: Person, { offer, isSent }: Ware, client: string): Promise<Json> {
  const { status, body: quote } = await cast.as(person, 'POST /quotes', { offer }, client)
  if (status !== 200) return undefined
  const wish = { offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: cast.key(), ...(isSent ? { address: person.address } : {}) }
  // The same button pressed twice is one order.
  const [answer, again] = await Promise.all([cast.as(person, 'POST /orders', wish, client), cast.as(person, 'POST /orders', wish, client)])
  if (answer.status !== 200) return undefined
  const made = new Set([answer, again].filter((one) => one.status === 200).map((one): string => one.body.id))
  // One that stood open before may be answered with, until it is paid in that very moment.
  const fresh = [...made].filter((id) => !person.orders.includes(id))
  if (fresh.length > 1) throw new Error(`one request key made two orders: ${fresh.join(' and ')}`)
  person.orders.push(...fresh)
  return answer.body
}

/** A new try to pay; none when the gateway's answer was lost, it said no, or coins paid at once. */
async function open(world: World, cast: Cast, person: Person, order: string, road: Road): Promise<Sheet | undefined> {
  const { status, body } = await cast.as(person, `POST /orders/${order}/payments`, { wide: road === 'native', ...(road === 'coins' ? { coins: true } : {}), ...(await nameOf(world, person, order, road)) }, places[road])
  if (status !== 200 || body.action.kind === 'wait' || body.action.kind === 'paid') return undefined
  const sheet = { order, road, action: body.action }
  person.sheets.push(sheet)
  return sheet
}

/** The fresh code by which some platforms name the payer. */
async function nameOf(world: World, person: Person, order: string, road: Road): Promise<{ payerCode?: string }> {
  if (road === 'alipay') return { payerCode: (await atPhone(world, person, 'alipay/auth-code', {})).authCode }
  if (road !== 'jsapi') return {}
  const { body } = await world.ask('POST /official-visits', { back: `/pkg-order/result?order=${order}`, state: 'pay' })
  const { headers } = await fetch(body.url, { redirect: 'manual', headers: { cookie: `sandbox-user=${person.user}` } })
  return { payerCode: new URL(headers.get('location') ?? '').searchParams.get('code') ?? '' }
}

/** What the person does at the platform's own sheet; whatever it says, our server is not told by us. */
export async function pay(world: World, cast: Cast, person: Person, sheet: Sheet, manner: Manner): Promise<void> {
  if (manner === 'renew') await atPhone(world, person, 'expire-session', {})
  const how = manner === 'renew' || manner === 'twice' ? 'pay' : manner
  const [closed] = await world.rows("select 1 from orders where id = $1 and state = 'closed'", [sheet.order])
  const use = sheets[sheet.action.kind]
  if (!use) throw new Error(`nobody knows how to pay by ${sheet.action.kind}`)
  const told = await use(world, person, sheet.action, { do: how, delaySeconds: 30, ...(sheet.road === 'apple' ? { system: 'ios' } : {}) })
  // Coupons are WeChat Pay's: elsewhere it is a payment like any other.
  const isByWechatPay = told.ok || told.errMsg === 'requestPayment:ok'
  if (isByWechatPay && how === 'pay_with_coupon') cast.met.push('F12')
  if (closed && (isByWechatPay || told.errMsg === 'requestVirtualPayment:ok' || told.resultCode === '9000' || told.errNo === 0)) cast.met.push('F21')
  cast.note(`${person.name} ${how} ${sheet.road} of ${sheet.order} → ${JSON.stringify(told).slice(0, 90)}`)
}

async function payTwice(world: World, cast: Cast, person: Person, first: Sheet): Promise<void> {
  const second = await open(world, cast, person, first.order, first.road)
  await Promise.all([first, ...(second ? [second] : [])].map((sheet) => pay(world, cast, person, sheet, 'pay')))
  if (second) cast.met.push('F20')
}

/** Paying and giving up at the same moment, on two devices. */
export async function race(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  const [which = 0, how = 0] = act.dice
  if (person.sheets.length === 0) return
  const sheet = choose(person.sheets, which)
  cast.met.push('F8')
  const closing = () => cast.as(person, `POST /orders/${sheet.order}/closings`)
  if (how < 0.5) await Promise.all([pay(world, cast, person, sheet, 'pay'), closing()])
  else {
    await pay(world, cast, person, sheet, 'pay')
    await closing()
  }
}

type Use = (world: World, person: Person, action: Json, how: { do: string; delaySeconds: number; system?: string }) => Promise<Json>

const sheets: Record<string, Use> = {
  qr: (world, { user }, action, how) => world.sim('POST', '/__client/cashier', { code_url: action.content, user, ...how }),
  redirect: (world, { user }, action, how) => world.sim('POST', '/__client/cashier', { prepay_id: new URL(action.url).searchParams.get('prepay_id'), user, ...how }),
  jsapi: (world, person, { kind: _kind, ...sheet }, how) => atPhone(world, person, 'pay', { ...sheet, ...how }),
  async wechat_virtual(world, person, { kind: _kind, ...sheet }, how) {
    return atPhone(world, person, 'xpay/pay', { ...sheet, ...how })
  },
  alipay: (world, person, action, how) => atPhone(world, person, 'alipay/pay', { tradeNO: action.tradeNo, ...how }),
  async douyin(world, person, { kind: _kind, ...request }, how) {
    const opened = await atPhone(world, person, 'douyin/request-order', request)
    return opened.errNo === 0 ? atPhone(world, person, 'douyin/pay', { orderId: opened.orderId, ...how }) : opened
  },
}

export function atPhone(world: World, { user }: Person, path: string, body: object): Promise<Json> {
  return world.sim('POST', `/__client/${path}`, { appid: world.tenant.appid, user, ...body })
}
