// The page that asks a person whether they take a merchant's money, as wx.requestMerchantTransfer opens it.
import type { Transfer } from '../records.ts'
import { SAID } from '../wechatpay/transfers.ts'
import { formatYuan, renderPage } from './layout.ts'
import { html } from './markup.ts'

export function renderTransfer(transfer: Transfer, merchant: string): string {
  const isOpen = transfer.state === 'WAIT_USER_CONFIRM'
  const body = html`<h1>${merchant} 向你转账</h1>
<section class="card"><p class="amount"><small>¥</small>${formatYuan(transfer.cents)}</p><p class="${transfer.state === 'SUCCESS' ? 'good' : isOpen ? 'warn' : 'quiet'}" style="text-align:center" role="status">${SAID[transfer.state]}</p>
<dl><dt>备注</dt><dd>${transfer.remark}</dd><dt>单号</dt><dd>${transfer.outBillNo}</dd></dl></section>
${isOpen ? html`<form method="post" action="/transfer/confirm"><input type="hidden" name="package" value="${transfer.packageInfo}"><button class="first">收款</button></form><p class="quiet" style="text-align:center">24 小时内没有收款，钱会退回商户。</p>` : undefined}`
  return renderPage({ title: '确认收款', width: 'phone', body, ...(transfer.state === 'TRANSFERING' ? { refreshSeconds: 3 } : {}) })
}
