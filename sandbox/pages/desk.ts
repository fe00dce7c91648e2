// The desk of the sandbox: its tenants, orders, deliveries, faults and clocks at a glance, and the SMS inbox.
import type { Delivery, Fault, Order, SmsText, Tenant, VirtualOrder } from '../records.ts'
import { STATES } from './cashier.ts'
import { formatTime, formatYuan, renderPage } from './layout.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

export type DeskView = {
  tenants: { tenant: Tenant; now: string; offsetSeconds: number }[]
  orders: Order[]
  virtualOrders: VirtualOrder[]
  deliveries: Delivery[]
  faults: Fault[]
  kinds: string[]
}

const DELIVERY_WORDS: Record<Delivery['state'], string> = { pending: '… 等待重发', held: '‖ 扣住', delivered: '✓ 已送达', exhausted: '× 重试用尽', dropped: '× 已丢弃' }
const KEY_WORDS = { public_key: '微信支付公钥', certificate: '平台证书', gray: '灰度切换中' }
const VIRTUAL_WORDS: Record<number, string> = { 1: '未支付', 2: '已支付', 3: '发货中', 4: '已发货', 5: '已退款' }

export function renderDesk(view: DeskView): string {
  const body = html`<h1>平台沙箱</h1><p class="quiet">微信支付、虚拟支付、微信开放平台与短信，按真实协议应答。</p><nav><a href="/cashier">收银台</a><a href="/inbox">短信收件箱</a></nav>
<h2>时钟</h2><div class="tools">${[[15, '快进 15 秒'], [600, '快进 10 分钟'], [3600, '快进 1 小时'], [86_700, '快进 24 小时']].map(([seconds, words]) => action('/desk/clock', { seconds: String(seconds) }, String(words)))}</div>
<h2>商户</h2>${table(['名称', 'appid', '商户号', '验签方式', '虚拟时间', '消息推送地址'], view.tenants.map(tenantRow), '还没有商户。')}
<h2>微信支付订单</h2>${table(['商户单号', '商品', '金额', '状态', '商户号', ''], view.orders.map(orderRow), '还没有订单。')}
<h2>虚拟支付订单</h2>${table(['商户单号', '道具', '金额', '状态', 'appid'], view.virtualOrders.map(virtualRow), '还没有虚拟支付订单。')}
<h2>通知投递</h2>${table(['事件', '单号', '状态', '次数', '最近一次应答', ''], view.deliveries.map(deliveryRow), '还没有通知。')}
<h2>待发的故障</h2>${table(['故障', '接口', '剩余次数', 'appid'], view.faults.map((fault) => html`<tr><td>${fault.kind}</td><td>${fault.api ?? '任意'}</td><td>${fault.count}</td><td><code>${fault.appid}</code></td></tr>`), '没有待发的故障。')}
<form method="post" action="/desk/fault" class="card"><div class="tools"><div><label for="kind">故障</label><input id="kind" name="kind" list="kinds" required></div><div><label for="tenant">appid（空为默认商户）</label><input id="tenant" name="tenant"></div><div><label for="api">接口（可空）</label><input id="api" name="api"></div><div><label for="count">次数</label><input id="count" name="count" type="number" min="1" value="1"></div></div><datalist id="kinds">${view.kinds.map((kind) => html`<option value="${kind}"></option>`)}</datalist><div style="height:12px"></div><button>安排故障</button></form>`
  return renderPage({ title: '平台沙箱', width: 'desk', body })
}

export function renderInbox(texts: SmsText[], phone: string): string {
  const cards = texts.map((text) => {
    const code = /\d{4,8}/.exec(text.params.join(' '))?.[0]
    return html`<article class="card"><p class="quiet">${text.phone} · ${formatTime(text.at)}</p>${code === undefined ? undefined : html`<p class="code">${code}</p>`}<p style="margin:0">${text.text}</p></article>`
  })
  const body = html`<h1>短信收件箱</h1><p class="quiet">发到任何号码的短信都在这里，每 3 秒刷新。</p>${phone === '' ? undefined : html`<p class="quiet">只看 ${phone} · <a href="/inbox">看全部</a></p>`}
${cards.length === 0 ? html`<p class="card empty">还没有短信。在学习页点「获取验证码」，短信会出现在这里。</p>` : cards}<nav><a href="/">沙箱首页</a><a href="/cashier">收银台</a></nav>`
  return renderPage({ title: '短信收件箱', width: 'phone', refreshSeconds: 3, body })
}

function tenantRow(view: DeskView['tenants'][number]): Markup {
  const { tenant } = view
  const ahead = view.offsetSeconds === 0 ? '' : `（快 ${view.offsetSeconds} 秒）`
  return html`<tr><td>${tenant.name}</td><td><code>${tenant.appid}</code></td><td>${tenant.mchid}</td><td>${KEY_WORDS[tenant.mode]}</td><td>${formatTime(view.now)}${ahead}</td><td>${tenant.pushUrl ?? '未设置'}</td></tr>`
}

function orderRow(order: Order): Markup {
  return html`<tr><td><code>${order.outTradeNo}</code></td><td class="wrap">${order.description}</td><td>¥${formatYuan(order.totalCents)}</td><td>${STATES[order.state][1]}</td><td>${order.mchid}</td><td><a href="/cashier/order?prepay_id=${order.prepayId}">收银台</a></td></tr>`
}

function virtualRow(order: VirtualOrder): Markup {
  return html`<tr><td><code>${order.outTradeNo}</code></td><td>${order.goodsId}</td><td>¥${formatYuan(order.priceCents * order.quantity)}</td><td>${VIRTUAL_WORDS[order.status] ?? order.status}</td><td><code>${order.appid}</code></td></tr>`
}

function deliveryRow(delivery: Delivery): Markup {
  const last = delivery.attempts.at(-1)
  const answer = last === undefined ? '' : `${last.status === 0 ? '无应答' : last.status} ${last.answer}`.slice(0, 80)
  return html`<tr><td>${delivery.event}</td><td><code>${delivery.subject}</code></td><td>${DELIVERY_WORDS[delivery.state]}</td><td>${delivery.attempts.length}</td><td class="wrap">${answer}</td><td>${action('/desk/delivery', { id: delivery.id, do: 'replay' }, '重发')}${delivery.state === 'pending' || delivery.state === 'held' ? action('/desk/delivery', { id: delivery.id, do: 'drop' }, '丢弃') : undefined}</td></tr>`
}

function table(heads: string[], rows: Markup[], empty: string): Markup {
  if (rows.length === 0) return html`<p class="card empty" style="margin:0">${empty}</p>`
  return html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}

function action(path: string, fields: Record<string, string>, words: string): Markup {
  return html`<form method="post" action="${path}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button>${words}</button></form>`
}
