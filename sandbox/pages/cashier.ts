// The cashier: where a person pays, gives up, fails or pays late, and is then sent back where they came from.
import type { Order } from '../records.ts'
import { formatTime, formatYuan, renderPage } from './layout.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

export type CashierView = { order: Order; merchant: string; back: string; message: string; isOpen: boolean; qr?: Markup }

const TYPES: Record<Order['tradeType'], string> = { JSAPI: '公众号或小程序支付', MWEB: 'H5 支付', NATIVE: '扫码支付', APP: 'App 支付' }
export const STATES: Record<Order['state'], [className: string, words: string]> = {
  SUCCESS: ['good', '✓ 已支付'],
  REFUND: ['warn', '↩ 已转入退款'],
  NOTPAY: ['quiet', '○ 等待支付'],
  CLOSED: ['bad', '× 订单已关闭，不能再付'],
  USERPAYING: ['warn', '… 支付中，稍后入账'],
  PAYERROR: ['bad', '× 上一次支付失败，可以再试'],
}

export function renderCashier(view: CashierView): string {
  const { order } = view
  const [className, words] = STATES[order.state]
  const body = html`<h1>本地沙箱收银台</h1><p class="quiet">${TYPES[order.tradeType]} · ${view.merchant}</p>
<section class="card"><p class="quiet" style="text-align:center">${order.description}</p><p class="amount"><small>¥</small>${formatYuan(order.totalCents)}</p>
<p class="${className}" style="text-align:center" role="status">${words}</p>${view.message === '' || order.state !== 'NOTPAY' ? undefined : html`<p class="quiet" style="text-align:center">${view.message}</p>`}${view.qr}
<dl><dt>商户单号</dt><dd>${order.outTradeNo}</dd><dt>商户号</dt><dd>${order.mchid}</dd>${order.successTime === undefined ? undefined : html`<dt>支付时间</dt><dd>${formatTime(order.successTime)}</dd><dt>实付</dt><dd>¥${formatYuan(order.payerCents)}</dd>`}</dl></section>
${view.isOpen ? renderChoices(view) : undefined}${order.transactionId === undefined ? undefined : html`<p class="quiet" style="text-align:center"><a href="/complaint?prepay_id=${order.prepayId}">投诉商家</a></p>`}${view.back === '' ? html`<p class="quiet" style="text-align:center"><a href="/cashier">其他待付订单</a></p>` : html`<a class="button" href="${view.back}">返回商家</a>`}`
  return renderPage({ title: '收银台', width: 'phone', body, ...(order.state === 'USERPAYING' ? { refreshSeconds: 5 } : {}) })
}

function renderChoices(view: CashierView): Markup {
  return html`${choice(view, 'pay', `支付 ¥${formatYuan(view.order.totalCents)}`, 'first')}${choice(view, 'cancel', '取消支付')}
<details><summary>试试别的结果</summary><div class="pair">${choice(view, 'fail', '支付失败')}${choice(view, 'pay_later', '10 秒后才付成')}${choice(view, 'pay_with_coupon', '用代金券支付')}${choice(view, 'enter_password', '停在输密码')}</div></details>`
}

function choice(view: CashierView, doing: string, words: string, className = ''): Markup {
  return html`<form method="post" action="/cashier/act"><input type="hidden" name="prepay_id" value="${view.order.prepayId}"><input type="hidden" name="back" value="${view.back}"><button class="${className}" name="do" value="${doing}">${words}</button></form>`
}

export function renderLookup(orders: Order[], message: string): string {
  const rows = orders.map((order) => html`<a class="button" style="margin-bottom:12px;text-align:left" href="/cashier/order?prepay_id=${order.prepayId}">${order.description}<br><span class="quiet">¥${formatYuan(order.totalCents)} · ${TYPES[order.tradeType]}<br>${order.outTradeNo}</span></a>`)
  const body = html`<h1>本地沙箱收银台</h1><p class="quiet">输入商户单号，或粘贴二维码里的链接。</p>
<form method="get" action="/cashier" class="card"><label for="find">商户单号或 weixin:// 链接</label><input id="find" name="find" autocomplete="off">${message === '' ? undefined : html`<p class="bad" role="alert">${message}</p>`}<div style="height:12px"></div><button class="first">查找订单</button></form>
<h2>等待支付</h2>${rows.length === 0 ? html`<p class="card empty">没有等待支付的订单。</p>` : rows}<nav><a href="/cashier/others">支付宝与抖音</a><a href="/">沙箱首页</a><a href="/inbox">短信收件箱</a></nav>`
  return renderPage({ title: '收银台', width: 'phone', body })
}

export function renderProblem(title: string, words: string): string {
  return renderPage({ title, width: 'phone', body: html`<h1>${title}</h1><p class="card">${words}</p><nav><a href="/cashier">收银台</a><a href="/">沙箱首页</a></nav>` })
}
