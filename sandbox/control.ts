// The control interface for tests, /__sim/*: tenants, deliveries, faults, clock, orders, texts, requests, ledger.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { giveBackInConsole } from './console.ts'
import { dropDelivery, replayDelivery, WIRE_TRICKS } from './deliveries.ts'
import { writeHistory } from './history.ts'
import { randomWord } from './keys.ts'
import { sumLedger, sumRails, writeEntry } from './ledger.ts'
import type { Delivery, Fault, Tenant } from './records.ts'
import { forget, put } from './state.ts'
import { describeTenant, openTenant, rotateCertificate } from './tenants.ts'
import { readJson } from './wechat/door.ts'
import { sumFrozen } from './wechat/shipments.ts'
import { makeUrlCheck } from './wechat/push.ts'
import { BILL_FAULTS } from './wechatpay/bills.ts'
import { LINE_FAULTS } from './limits.ts'
import { describeOrder } from './wechatpay/describe.ts'
import { currentOrder } from './wechatpay/orders.ts'
import { finishAbnormal } from './wechatpay/refunds.ts'
import { beijing, clockOf, findTenant } from './world.ts'
import { coinsAddUp } from './xpay/coins.ts'
import type { World } from './world.ts'

type Body = Record<string, unknown>

export const FAULT_KINDS = [
  ...WIRE_TRICKS, 'drop_notice', 'delay_notice', 'duplicate_notice', 'reorder_notices', 'mismatch_amount', 'mismatch_currency', 'mismatch_mchid', 'mismatch_appid',
  'mismatch_out_trade_no', 'mismatch_openid', 'mismatch_state', 'mismatch_transaction', 'mismatch_product', 'mismatch_env', 'mismatch_quantity', 'empty_associated_data', 'wrong_apiv3_key', 'previous_apiv3_key',
  'lose_answer', 'lose_request', 'slow_answer', 'refuse', 'forge_answer', 'pay_before_answer', 'refund_outcome', 'late_settlement', 'withdraw_outcome', 'share_outcome', 'transfer_outcome', 'return_outcome', 'goods_outcome',
  ...BILL_FAULTS, ...LINE_FAULTS,
]

export function addControlRoutes(app: FastifyInstance, world: World): void {
  addTenantRoutes(app, world)
  addDeliveryRoutes(app, world)
  addConsoleRoutes(app, world)
  app.post('/__sim/faults', async (request, reply) => armFault(world, readJson(request.body), reply))
  app.get('/__sim/faults', async (request) => ({ items: ofTenant(world, world.state.tables.faults.values(), request.query) }))
  app.delete('/__sim/faults', async (request) => {
    for (const fault of ofTenant(world, [...world.state.tables.faults.values()], request.query)) forget(world.state, 'faults', fault.id)
    return { items: [] }
  })
  app.post('/__sim/clock', async (request) => advanceClock(world, readJson(request.body)))
  app.get('/__sim/orders/:number', async (request, reply) => showOrder(world, (request.params as { number: string }).number, request.query as Body, reply))
  app.get('/__sim/sms', async (request) => {
    const { phone } = request.query as { phone?: string }
    const items = ofTenant(world, world.state.tables.texts.values(), request.query).filter((text) => phone === undefined || text.phone === phone.replace(/^\+?86(?=1\d{10}$)/, ''))
    return { items: items.reverse() }
  })
  app.get('/__sim/complaints', async (request) => ({ items: ofTenant(world, world.state.tables.complaints.values(), request.query) }))
  app.get('/__sim/shipments', async (request) => ({ items: ofTenant(world, world.state.tables.shipments.values(), request.query).map((one) => ({ ...one, outTradeNo: one.id.split('/')[1] })) }))
  app.get('/__sim/messages', async (request) => ({ items: ofTenant(world, world.state.tables.messages.values(), request.query) }))
  app.get('/__sim/requests', async (request) => ({ items: ofTenant(world, world.requests, request.query) }))
  app.get('/__sim/ledger', async (request, reply) => {
    const tenant = findTenant(world, String((request.query as Body)['tenant'] ?? 'default'))
    return tenant === undefined ? notFound(reply) : { ...sumLedger(world, tenant.mchid), rails: sumRails(world, tenant.mchid), frozen: sumFrozen(world, tenant) }
  })
  app.get('/__sim/coins', async (request, reply) => {
    const tenant = findTenant(world, String((request.query as Body)['tenant'] ?? 'default'))
    return tenant === undefined ? notFound(reply) : { addsUp: coinsAddUp(world, tenant), purses: ofTenant(world, world.state.tables.purses.values(), request.query), moves: ofTenant(world, world.state.tables.coinMoves.values(), request.query) }
  })
  app.post('/__sim/history', async (request, reply) => {
    const { tenant: name, ...wish } = readJson(request.body)
    const tenant = findTenant(world, String(name ?? 'default'))
    return tenant === undefined ? notFound(reply) : writeHistory(world, tenant, wish as Parameters<typeof writeHistory>[2])
  })
  app.post('/__sim/ledger', async (request, reply) => moveMoney(world, readJson(request.body), reply))
}

/** Money that moves without an order, such as `withdraw W1` or `penalty P1`: positive comes to the merchant. */
function moveMoney(world: World, body: Body, reply: FastifyReply): Body | FastifyReply {
  const tenant = findTenant(world, String(body['tenant'] ?? 'default'))
  const cents = Number(body['cents'])
  if (tenant === undefined || !Number.isSafeInteger(cents)) return notFound(reply)
  writeEntry(world, tenant.mchid, String(body['subject'] ?? 'other'), { merchant: cents, platform: -cents })
  return sumLedger(world, tenant.mchid)
}

/** What merchants do by hand at a platform. */
function addConsoleRoutes(app: FastifyInstance, world: World): void {
  app.post('/__sim/refunds/:number/finish', async (request, reply) => {
    const tenant = findTenant(world, String(readJson(request.body)['tenant'] ?? 'default'))
    const refund = tenant && finishAbnormal(world, tenant, (request.params as { number: string }).number)
    return refund ?? notFound(reply)
  })
  app.post('/__sim/console-refunds', async (request, reply) => {
    const { tenant: name, number, cents, notifyUrl } = readJson(request.body)
    const tenant = findTenant(world, String(name ?? 'default'))
    return tenant === undefined ? notFound(reply) : { number: giveBackInConsole(world, tenant, { number: String(number), cents: Number(cents), notifyUrl: typeof notifyUrl === 'string' ? notifyUrl : undefined }) ?? null }
  })
}

function addTenantRoutes(app: FastifyInstance, world: World): void {
  const withTenant = (act: (tenant: Tenant, body: Body) => Promise<Body> | Body) => async (request: { params: unknown; body: unknown }, reply: FastifyReply) => {
    const tenant = findTenant(world, (request.params as { name: string }).name)
    return tenant === undefined ? notFound(reply) : act(tenant, readJson(request.body))
  }
  app.post('/__sim/tenants', async (request) => describeTenant(world, await openTenant(world, readJson(request.body))))
  app.get('/__sim/tenants', async () => ({ items: [...world.state.tables.tenants.values()].map((tenant) => describeTenant(world, tenant)) }))
  app.get('/__sim/tenants/:name', withTenant((tenant) => ({ ...describeTenant(world, tenant), pushUrl: tenant.pushUrl ?? null, publishSeconds: tenant.publishSeconds })))
  app.put('/__sim/tenants/:name/push-url', withTenant((tenant, body) => setPushUrl(world, tenant, body)))
  app.patch('/__sim/tenants/:name', withTenant((tenant, body) => adjustTenant(world, tenant, body)))
  app.post('/__sim/tenants/:name/rotate-apiv3-key', withTenant((tenant) => {
    const rotated: Tenant = { ...tenant, apiv3Key: randomWord(32), apiv3KeyPrevious: tenant.apiv3Key }
    put(world.state, 'tenants', tenant.appid, rotated)
    return describeTenant(world, rotated)
  }))
  app.post('/__sim/tenants/:name/rotate-certificate', withTenant(async (tenant) => describeTenant(world, await rotateCertificate(world, tenant))))
}

/** With `verify` the address must pass the vendor console's echo check first. */
async function setPushUrl(world: World, tenant: Tenant, body: Body): Promise<Body> {
  const url = String(body['url'] ?? '')
  if (body['verify'] === true) {
    const check = makeUrlCheck(tenant, url)
    const answer = await fetch(check.url, { signal: AbortSignal.timeout(5000) }).then((got) => got.text(), (error: Error) => error.message)
    if (answer !== check.echo) return { ok: false, message: 'token校验失败', answer: answer.slice(0, 200) }
  }
  put(world.state, 'tenants', tenant.appid, { ...tenant, pushUrl: url })
  return { ok: true, url }
}

function adjustTenant(world: World, tenant: Tenant, body: Body): Body {
  const changed: Tenant = {
    ...tenant,
    ...(typeof body['publishSeconds'] === 'number' ? { publishSeconds: body['publishSeconds'] } : {}),
    ...(typeof body['refundSeconds'] === 'number' ? { refundSeconds: body['refundSeconds'] } : {}),
    ...(typeof body['coinPerYuan'] === 'number' ? { coin: { perYuan: body['coinPerYuan'], isPublished: body['coinPublished'] !== false } } : {}),
    ...(body['pushFormat'] === 'xml' || body['pushFormat'] === 'json' ? { pushFormat: body['pushFormat'] } : {}),
  }
  put(world.state, 'tenants', tenant.appid, changed)
  return { ...describeTenant(world, changed), publishSeconds: changed.publishSeconds, refundSeconds: changed.refundSeconds, pushFormat: changed.pushFormat }
}

function addDeliveryRoutes(app: FastifyInstance, world: World): void {
  app.get('/__sim/deliveries', async (request) => {
    const { subject, state, event } = request.query as Record<string, string | undefined>
    const items = ofTenant(world, world.state.tables.deliveries.values(), request.query)
    return { items: items.filter((one) => (subject === undefined || one.subject === subject) && (state === undefined || one.state === state) && (event === undefined || one.event === event)) }
  })
  const withDelivery = (act: (delivery: Delivery) => Promise<Delivery> | Delivery) => async (request: { params: unknown }, reply: FastifyReply) => {
    const delivery = world.state.tables.deliveries.get((request.params as { id: string }).id)
    return delivery === undefined ? notFound(reply) : act(delivery)
  }
  app.post('/__sim/deliveries/:id/replay', withDelivery((delivery) => replayDelivery(world, delivery)))
  app.post('/__sim/deliveries/:id/drop', withDelivery((delivery) => dropDelivery(world, delivery)))
}

export function armFault(world: World, body: Body, reply: FastifyReply): Fault | FastifyReply {
  const tenant = findTenant(world, String(body['tenant'] ?? 'default'))
  if (tenant === undefined) return notFound(reply)
  const kind = String(body['kind'] ?? '')
  if (!FAULT_KINDS.includes(kind)) return reply.code(400).send({ message: `没有这种故障：${kind}`, kinds: FAULT_KINDS })
  const fault: Fault = { ...body, id: randomUUID(), appid: tenant.appid, kind, count: Math.max(1, Number(body['count'] ?? 1)) }
  put(world.state, 'faults', fault.id, fault)
  return fault
}

/** Pushes one tenant's clock, or everyone's when none is named; answers when all that fell due has been done. */
export async function advanceClock(world: World, body: Body): Promise<Body> {
  const seconds = Math.max(0, Number(body['advanceSeconds'] ?? 0))
  const named = typeof body['tenant'] === 'string' ? findTenant(world, body['tenant']) : undefined
  const tenants = named === undefined ? [...world.state.tables.tenants.values()] : [named]
  await Promise.all(tenants.map(async (tenant) => {
    const clock = clockOf(world, tenant.appid)
    await clock.advance(seconds)
    const fresh = world.state.tables.tenants.get(tenant.appid) ?? tenant
    put(world.state, 'tenants', tenant.appid, { ...fresh, clockOffsetMs: clock.offsetMs() })
  }))
  return { clocks: tenants.map((tenant) => ({ tenant: tenant.appid, now: beijing(clockOf(world, tenant.appid).now()), offsetSeconds: Math.round(clockOf(world, tenant.appid).offsetMs() / 1000) })) }
}

function showOrder(world: World, number: string, query: Body, reply: FastifyReply): Body | FastifyReply {
  const appid = query['tenant'] === undefined ? undefined : findTenant(world, String(query['tenant']))?.appid
  const mine = (one: { appid: string; outTradeNo: string }) => one.outTradeNo === number && (appid === undefined || one.appid === appid)
  const order = [...world.state.tables.orders.values()].find(mine)
  const virtual = [...world.state.tables.virtualOrders.values()].find(mine)
  const deliveries = [...world.state.tables.deliveries.values()].filter((one) => one.subject === number && (appid === undefined || one.appid === appid))
  const alipay = [...world.state.tables.alipayTrades.values()].find(mine)
  const douyin = [...world.state.tables.douyinOrders.values()].find((one) => mine({ ...one, outTradeNo: one.outOrderNo }))
  if (alipay !== undefined || douyin !== undefined) return { alipay, douyin, refunds: [...world.state.tables.douyinRefunds.values()].filter((one) => one.orderKey === douyin?.id), deliveries }
  if (order === undefined && virtual === undefined) return notFound(reply)
  const refunds = [...world.state.tables.refunds.values()].filter((one) => one.orderId === order?.id)
  return { ...(order === undefined ? { virtual } : { order: describeOrder(currentOrder(world, order.id) ?? order), prepayId: order.prepayId }), refunds, deliveries }
}

function ofTenant<Item extends { appid: string }>(world: World, items: Iterable<Item>, query: unknown): Item[] {
  const name = (query as Body)['tenant']
  if (typeof name !== 'string') return [...items]
  const appid = findTenant(world, name)?.appid
  return [...items].filter((item) => item.appid === appid)
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ message: '没有找到' })
}
