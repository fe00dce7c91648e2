// The page on which a payer complains of a merchant, reads the answers and says more.
import type { FastifyInstance } from 'fastify'
import { findCashierOrder } from '../client.ts'
import type { Complaint, Order } from '../records.ts'
import { complain, PROBLEMS, speak } from '../wechatpay/complaints.ts'
import type { World } from '../world.ts'
import { renderProblem } from './cashier.ts'
import { formatTime, formatYuan, renderPage } from './layout.ts'
import { html } from './markup.ts'

const STATES: Record<Complaint['state'], string> = { PENDING: '等待商家处理', PROCESSING: '商家处理中', PROCESSED: '商家已反馈处理完成' }
const ACTS: Record<string, string> = {
  USER_CREATE_COMPLAINT: '发起投诉', USER_CONTINUE_COMPLAINT: '继续投诉', USER_RESPONSE: '留言', MERCHANT_RESPONSE: '商家回复', MERCHANT_CONFIRM_COMPLETE: '商家反馈处理完成', MERCHANT_APPROVE_REFUND: '商家同意退款', MERCHANT_REFUSE_RERUND: '商家拒绝退款', COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE: '已全额退款',
}

export function addComplaints(app: FastifyInstance, world: World): void {
  app.get('/complaint', (request, reply) => {
    const order = findCashierOrder(world, { prepay_id: (request.query as Record<string, string>)['prepay_id'] ?? '' })
    const isPaid = order?.transactionId !== undefined
    const page = order === undefined || !isPaid ? renderProblem('不能投诉', '没有这笔订单，或它还没有支付。') : renderComplaint(order, newest(world, order))
    return reply.code(isPaid ? 200 : 404).type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(page)
  })
  app.post('/complaint', (request, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const order = findCashierOrder(world, { prepay_id: form.get('prepay_id') ?? '' })
    const tenant = world.state.tables.tenants.get(order?.appid ?? '')
    const words = (form.get('words') ?? '').trim().slice(0, 300)
    if (order?.transactionId !== undefined && tenant !== undefined && words !== '') {
      const open = newest(world, order)
      const kind = form.get('kind') ?? ''
      const said = { words, pictures: form.getAll('picture') }
      if (open !== undefined) speak(world, tenant, open, said)
      else complain(world, tenant, order, { kind: kind in PROBLEMS ? (kind as keyof typeof PROBLEMS) : 'OTHERS', ...said })
    }
    return reply.redirect(`/complaint?${new URLSearchParams({ prepay_id: form.get('prepay_id') ?? '' })}`, 303)
  })
}

/** A chosen picture travels inside the form as a data URL. */
const TAKE_PICTURES = { markup: `<script>
document.getElementById('files').addEventListener('change', (event) => {
  const chosen = document.getElementById('chosen')
  chosen.replaceChildren()
  for (const file of [...event.target.files].slice(0, 4)) {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'picture', value: reader.result })
      chosen.append(field, Object.assign(document.createElement('img'), { src: reader.result, alt: '', height: 72 }))
    })
    reader.readAsDataURL(file)
  }
})
</script>` }

function newest(world: World, order: Order): Complaint | undefined {
  return [...world.state.tables.complaints.values()].findLast((one) => one.orderId === order.id)
}

function renderComplaint(order: Order, complaint: Complaint | undefined): string {
  const steps = complaint?.steps.map((one) => html`<p><span class="quiet">${formatTime(one.at)} · ${one.by} · ${ACTS[one.what] ?? one.what}${one.pictures.length === 0 ? '' : ` · ${one.pictures.length} 张图片`}</span><br>${one.words}</p>`)
  const kinds = Object.entries(PROBLEMS).map(([kind, words]) => html`<label><input type="radio" name="kind" value="${kind}" ${kind === 'REFUND' ? 'checked' : ''} style="width:auto;min-height:0"> ${words}</label>`)
  const body = html`<h1>投诉商家</h1><p class="quiet">${order.description} · ¥${formatYuan(order.totalCents)}<br>${order.outTradeNo}</p>
${complaint === undefined ? undefined : html`<section class="card"><p class="warn" role="status">${STATES[complaint.state]}</p>${steps}</section>`}
<form method="post" action="/complaint" class="card"><input type="hidden" name="prepay_id" value="${order.prepayId}">${complaint === undefined ? kinds : undefined}<div style="height:8px"></div><label for="words">${complaint === undefined ? '发生了什么' : complaint.state === 'PROCESSED' ? '继续投诉' : '补充说明'}</label><input id="words" name="words" maxlength="300" autocomplete="off" required><div style="height:12px"></div><label for="files">图片，最多四张</label><input id="files" type="file" accept="image/png,image/jpeg,image/webp" multiple><div id="chosen" style="display:flex;gap:8px;margin:8px 0"></div><button class="first">提交</button></form>${TAKE_PICTURES}`
  return renderPage({ title: '投诉商家', width: 'phone', body })
}
