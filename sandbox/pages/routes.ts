// The addresses of the pages for people, and what their buttons do.
import type { FastifyInstance, FastifyReply } from 'fastify'
import QRCode from 'qrcode'
import { findCashierOrder, findTransfer, useCashier } from '../client.ts'
import { advanceClock, armFault, FAULT_KINDS } from '../control.ts'
import { dropDelivery, replayDelivery } from '../deliveries.ts'
import type { Order } from '../records.ts'
import { currentOrder } from '../wechatpay/orders.ts'
import { beijing, clockOf } from '../world.ts'
import type { World } from '../world.ts'
import { renderCashier, renderLookup, renderProblem } from './cashier.ts'
import { renderDesk, renderInbox } from './desk.ts'
import { renderTransfer } from './transfer.ts'
import { confirmTransfer } from '../wechatpay/transfers.ts'

type Query = Record<string, string | undefined>
const SHOWN = 50

export function addPages(app: FastifyInstance, world: World): void {
  addCashier(app, world)
  addDesk(app, world)
  addTransfers(app, world)
  app.get('/wxa/open', (request, reply) => {
    const { page = '', scene = '' } = request.query as Query
    return show(reply, renderProblem('小程序码', `在微信里会打开页面「${page === '' ? '首页' : page}」，scene 为「${scene}」。`))
  })
}

function addTransfers(app: FastifyInstance, world: World): void {
  app.get('/transfer', (request, reply) => {
    const transfer = findTransfer(world, (request.query as Query)['package'] ?? '')
    const tenant = world.state.tables.tenants.get(transfer?.appid ?? '')
    if (transfer === undefined || tenant === undefined) return show(reply.code(404), renderProblem('没有这笔转账', '链接不完整，或它属于另一次启动的沙箱。'))
    return show(reply, renderTransfer(transfer, tenant.name))
  })
  app.post('/transfer/confirm', (request, reply) => {
    const packageInfo = new URLSearchParams(String(request.body ?? '')).get('package') ?? ''
    const transfer = findTransfer(world, packageInfo)
    const tenant = world.state.tables.tenants.get(transfer?.appid ?? '')
    if (transfer !== undefined && tenant !== undefined) confirmTransfer(world, tenant, transfer)
    return reply.redirect(`/transfer?${new URLSearchParams({ package: packageInfo })}`, 303)
  })
}

function addCashier(app: FastifyInstance, world: World): void {
  app.get('/cashier', (request, reply) => {
    const { find = '', code_url } = request.query as Query
    const wanted = code_url ?? find
    const order = wanted === '' ? undefined : findCashierOrder(world, wanted.startsWith('weixin://') ? { code_url: wanted } : { out_trade_no: wanted })
    if (order !== undefined) return reply.redirect(`/cashier/order?prepay_id=${order.prepayId}`, 303)
    const open = newest(world.state.tables.orders.values(), (one) => currentOrder(world, one.id)?.state === 'NOTPAY')
    return show(reply, renderLookup(open, wanted === '' ? '' : '没有找到这笔订单。'))
  })
  for (const path of ['/cashier/h5', '/cashier/native', '/cashier/order']) {
    app.get(path, (request, reply) => showCashier(world, path, request.query as Query, reply))
  }
  app.post('/cashier/act', (request, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const order = findCashierOrder(world, { prepay_id: form.get('prepay_id') ?? '' })
    if (order === undefined) return show(reply.code(404), renderProblem('没有这笔订单', '它可能属于另一次启动的沙箱。'))
    const doing = form.get('do') ?? ''
    const outcome = useCashier(world, order, { do: doing })
    const back = safeBack(form.get('back') ?? '')
    const leaves = outcome.ok && doing !== 'fail' && doing !== 'enter_password' && back !== ''
    return reply.redirect(leaves ? back : `/cashier/order?${new URLSearchParams({ prepay_id: order.prepayId, redirect_url: back, said: outcome.message })}`, 303)
  })
}

/** An H5 link lasts five minutes, like the real one; the orders of the desk open without that limit. */
async function showCashier(world: World, path: string, query: Query, reply: FastifyReply): Promise<FastifyReply> {
  const order = findCashierOrder(world, query['code_url'] === undefined ? { prepay_id: query['prepay_id'] ?? '' } : { code_url: query['code_url'] })
  const tenant = world.state.tables.tenants.get(order?.appid ?? '')
  if (order === undefined || tenant === undefined) return show(reply.code(404), renderProblem('没有这笔订单', '链接不完整，或它属于另一次启动的沙箱。'))
  const opened = Number(query['package'] ?? 0)
  if (path === '/cashier/h5' && opened > 0 && Date.now() / 1000 - opened > 300) return show(reply.code(410), renderProblem('支付链接已过期', 'H5 支付链接五分钟内有效。请回到商家页面重新发起支付。'))
  const qr = path === '/cashier/native' && order.codeUrl !== undefined ? { markup: await drawQr(order.codeUrl) } : undefined
  const isOpen = ['NOTPAY', 'USERPAYING', 'PAYERROR'].includes(order.state)
  return show(reply, renderCashier({ order, merchant: tenant.name, back: safeBack(query['redirect_url'] ?? ''), message: query['said'] ?? '', isOpen, ...(qr === undefined ? {} : { qr }) }))
}

async function drawQr(text: string): Promise<string> {
  const drawing = await QRCode.toString(text, { type: 'svg', margin: 1 })
  return drawing.replace('<svg ', '<svg class="qr" role="img" aria-label="支付二维码" ')
}

/** Only web pages: a link from elsewhere must not run as a script here. */
function safeBack(url: string): string {
  return /^https?:\/\//i.test(url) ? url : ''
}

function addDesk(app: FastifyInstance, world: World): void {
  app.get('/', (_request, reply) => {
    const { tables } = world.state
    const tenants = [...tables.tenants.values()].slice(0, SHOWN).map((tenant) => {
      const clock = clockOf(world, tenant.appid)
      return { tenant, now: beijing(clock.now()), offsetSeconds: Math.round(clock.offsetMs() / 1000) }
    })
    return show(reply, renderDesk({
      tenants, orders: newest(tables.orders.values()), virtualOrders: newest(tables.virtualOrders.values()), deliveries: newest(tables.deliveries.values()),
      faults: [...tables.faults.values()], kinds: FAULT_KINDS,
    }))
  })
  app.get('/inbox', (request, reply) => {
    const { phone = '' } = request.query as Query
    return show(reply, renderInbox(newest(world.state.tables.texts.values(), (text) => phone === '' || text.phone === phone), phone))
  })
  const onSubmit = (path: string, act: (form: URLSearchParams, reply: FastifyReply) => Promise<unknown> | unknown) => app.post(path, async (request, reply) => {
    await act(new URLSearchParams(String(request.body ?? '')), reply)
    return reply.sent ? reply : reply.redirect('/', 303)
  })
  onSubmit('/desk/clock', (form) => advanceClock(world, { advanceSeconds: Number(form.get('seconds')) }))
  onSubmit('/desk/fault', (form, reply) => armFault(world, {
    kind: form.get('kind'), count: Number(form.get('count') ?? 1), ...(form.get('tenant') ? { tenant: form.get('tenant') } : {}), ...(form.get('api') ? { api: form.get('api') } : {}),
  }, reply))
  onSubmit('/desk/delivery', (form) => {
    const delivery = world.state.tables.deliveries.get(form.get('id') ?? '')
    if (delivery === undefined) return undefined
    return form.get('do') === 'drop' ? dropDelivery(world, delivery) : replayDelivery(world, delivery)
  })
}

function newest<Item extends Order | { id: string }>(items: Iterable<Item>, keep: (item: Item) => boolean = () => true): Item[] {
  return [...items].reverse().filter(keep).slice(0, SHOWN)
}

function show(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(page)
}
