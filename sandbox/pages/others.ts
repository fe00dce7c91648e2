// The cashier of Alipay and Douyin: what their own apps would show, for a person who runs the mini program on a desk.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { useSheet as useAlipaySheet } from '../alipay/client.ts'
import type { AlipayTrade } from '../alipay/records.ts'
import { currentTrade } from '../alipay/trades.ts'
import { useSheet as useDouyinSheet } from '../douyin/client.ts'
import { currentOrder } from '../douyin/orders.ts'
import type { DouyinOrder } from '../douyin/records.ts'
import { askRefund } from '../douyin/refunds.ts'
import type { Tenant } from '../records.ts'
import type { World } from '../world.ts'
import { renderProblem } from './cashier.ts'
import { formatYuan, renderPage } from './layout.ts'
import { html, type Markup } from './markup.ts'

/** One order of either platform, as its page shows it. */
type Shown = { at: string; key: string; platform: string; title: string; cents: number; number: string; state: [className: string, words: string]; isOpen: boolean; isPaid: boolean }

const TRADE_STATES: Record<AlipayTrade['state'], Shown['state']> = { WAIT_BUYER_PAY: ['quiet', '○ 等待支付'], TRADE_SUCCESS: ['good', '✓ 已支付'], TRADE_CLOSED: ['bad', '× 交易已关闭'] }
const ORDER_STATES: Record<DouyinOrder['status'], Shown['state']> = { PROCESS: ['quiet', '○ 等待支付'], SUCCESS: ['good', '✓ 已支付'], TIMEOUT: ['bad', '× 超时未支付'] }

export function addOtherCashiers(app: FastifyInstance, world: World): void {
  app.get('/cashier/others', (_request, reply) => show(reply, renderList([...waiting(world)].slice(-50).toReversed())))
  for (const at of ['alipay', 'douyin']) {
    app.get(`/cashier/${at}`, (request, reply) => {
      const { key = '', said = '' } = request.query as Record<string, string>
      const shown = findShown(world, at, key)
      return shown === undefined ? show(reply.code(404), renderProblem('没有这笔订单', '它可能属于另一次启动的沙箱。')) : show(reply, renderOne(shown, said))
    })
    app.post(`/cashier/${at}`, (request, reply) => {
      const form = new URLSearchParams(String(request.body ?? ''))
      const key = form.get('key') ?? ''
      const said = act(world, at, key, form.get('do') ?? '')
      return reply.redirect(`/cashier/${at}?${new URLSearchParams({ key, said })}`, 303)
    })
  }
}

function act(world: World, at: string, key: string, doing: string): string {
  const { tenant, trade, order } = find(world, at, key)
  if (tenant === undefined) return '没有这笔订单'
  if (trade !== undefined) return useAlipaySheet(world, tenant, trade, { do: doing }).memo
  if (order === undefined) return '没有这笔订单'
  if (doing === 'ask_refund') return askRefund(world, tenant, order, order.totalCents, '在沙箱收银台申请退款') === undefined ? '现在不能退款' : '已申请退款，等待商家答复'
  const { errNo, errMsg } = useDouyinSheet(world, tenant, order, { do: doing })
  return errNo === 0 ? '支付成功' : errMsg
}

function find(world: World, at: string, key: string): { tenant?: Tenant; trade?: AlipayTrade; order?: DouyinOrder } {
  const { tables } = world.state
  const known = at === 'alipay' ? tables.alipayTrades.get(key) : tables.douyinOrders.get(key)
  const tenant = tables.tenants.get(known?.appid ?? '')
  if (known === undefined || tenant === undefined) return {}
  const trade = at === 'alipay' ? currentTrade(world, tenant, (known as AlipayTrade).outTradeNo) : undefined
  const order = at === 'douyin' ? currentOrder(world, tenant, (known as DouyinOrder).outOrderNo) : undefined
  return { tenant, ...(trade === undefined ? {} : { trade }), ...(order === undefined ? {} : { order }) }
}

function findShown(world: World, at: string, key: string): Shown | undefined {
  const { trade, order } = find(world, at, key)
  return trade === undefined ? order && ofOrder(order) : ofTrade(trade)
}

function* waiting(world: World): Generator<Shown> {
  for (const trade of world.state.tables.alipayTrades.values()) yield ofTrade(trade)
  for (const order of world.state.tables.douyinOrders.values()) yield ofOrder(order)
}

function ofTrade(trade: AlipayTrade): Shown {
  return { at: 'alipay', key: trade.id, platform: '支付宝', title: trade.subject, cents: trade.totalCents, number: trade.outTradeNo, state: TRADE_STATES[trade.state], isOpen: trade.state === 'WAIT_BUYER_PAY', isPaid: false }
}

function ofOrder(order: DouyinOrder): Shown {
  return { at: 'douyin', key: order.id, platform: '抖音', title: order.title, cents: order.totalCents, number: order.outOrderNo, state: ORDER_STATES[order.status], isOpen: order.status === 'PROCESS', isPaid: order.status === 'SUCCESS' }
}

function renderOne(shown: Shown, said: string): string {
  const choices = shown.isOpen
    ? html`${choice(shown, 'pay', `支付 ¥${formatYuan(shown.cents)}`, 'first')}${choice(shown, 'cancel', '取消支付')}<details><summary>试试别的结果</summary><div class="pair">${choice(shown, 'fail', '支付失败')}${choice(shown, 'pay_later', '10 秒后才付成')}</div></details>`
    : undefined
  const back = shown.isPaid ? choice(shown, 'ask_refund', '申请退款') : undefined
  const body = html`<h1>本地沙箱收银台</h1><p class="quiet">${shown.platform}</p>
<section class="card"><p class="quiet" style="text-align:center">${shown.title}</p><p class="amount"><small>¥</small>${formatYuan(shown.cents)}</p>
<p class="${shown.state[0]}" style="text-align:center" role="status">${shown.state[1]}</p>${said === '' ? undefined : html`<p class="quiet" style="text-align:center">${said}</p>`}<dl><dt>商户单号</dt><dd>${shown.number}</dd></dl></section>
${choices}${back}<p class="quiet" style="text-align:center"><a href="/cashier/others">其他订单</a></p>`
  return renderPage({ title: '收银台', width: 'phone', body })
}

function renderList(all: Shown[]): string {
  const rows = all.map((shown) => html`<a class="button" style="margin-bottom:12px;text-align:left" href="/cashier/${shown.at}?key=${encodeURIComponent(shown.key)}">${shown.title}<br><span class="quiet">¥${formatYuan(shown.cents)} · ${shown.platform} · ${shown.state[1]}<br>${shown.number}</span></a>`)
  const body = html`<h1>支付宝与抖音订单</h1><p class="quiet">在这里替付款的人操作他们的 App。</p>${rows.length === 0 ? html`<p class="card empty">还没有订单。</p>` : rows}<nav><a href="/cashier">微信支付收银台</a><a href="/">沙箱首页</a></nav>`
  return renderPage({ title: '支付宝与抖音', width: 'phone', body })
}

function choice(shown: Shown, doing: string, words: string, className = ''): Markup {
  return html`<form method="post" action="/cashier/${shown.at}"><input type="hidden" name="key" value="${shown.key}"><button class="${className}" name="do" value="${doing}">${words}</button></form>`
}

function show(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(page)
}
