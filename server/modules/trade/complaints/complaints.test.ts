// Complaints over HTTP against the sandbox: heard by notice or sweep, answered, money decided once, deadlines, and nothing personal in the open.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { keepAddress, sweepComplaints } from './actions.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  await keepAddress(shop.app.app.ctx)
})
after(() => shop.stop())

type Case = { buyer: Buyer; order: Json; number: string; id: string }

async function pay(): Promise<Omit<Case, 'id'>> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order), 'pay', { user: buyer.user })
  await shop.becomes(buyer, order, 'paid')
  const [attempt] = await shop.attempts(order)
  return { buyer, order, number: attempt?.outTradeNo }
}
const complain = (one: Omit<Case, 'id'>, words: string, kind = 'REFUND', pictures: string[] = []): Promise<Json> => shop.sim('POST', '/__client/complain', { appid: shop.app.tenant.appid, user: one.buyer.user, out_trade_no: one.number, kind, words, pictures })
const all = async (query = ''): Promise<Json[]> => (await shop.desk(`GET /console/complaints?limit=100${query}`)).items
const of = async (one: { order: Json }): Promise<Json | undefined> => (await all()).find((complaint) => complaint.order === one.order.id)
const becomes = (one: { order: Json }, is: (complaint: Json) => boolean): Promise<Json> => until(async () => {
  const now = await of(one)
  return now !== undefined && is(now) && now
})
const ask = (route: string, body?: unknown) => shop.app.ask(route, body, { cookie: shop.owner })

async function opened(words: string, kind?: string): Promise<Case> {
  const one = await pay()
  assert.equal((await complain(one, words, kind)).ok, true)
  return { ...one, id: (await becomes(one, () => true)).id }
}

test('a complaint comes by notice with its order, its deadlines and a masked number; the payer reads the answer, and it is done with', async () => {
  const one = await opened('买了以后打不开', 'SERVICE_NOT_WORK')
  const fresh = await becomes(one, () => true)
  assert.deepEqual([fresh.state, fresh.kind, fresh.detail, fresh.amount, fresh.can], ['pending', 'service', '买了以后打不开', 9900, ['reply']])
  assert.equal(Date.parse(fresh.replyBy) - Date.parse(fresh.madeAt), 24 * 3_600_000)
  assert.equal(Date.parse(fresh.settleBy) - Date.parse(fresh.madeAt), 72 * 3_600_000)
  assert.match(fresh.phone, /^1\d\d\*{4}\d{4}$/)
  const { phone } = await shop.desk(`POST /console/complaints/${one.id}/phone-views`, { reason: '电话联系' })
  assert.match(phone, /^1\d{10}$/)
  assert.equal((await shop.seen(one.buyer, one.order)).timeline.filter((event: Json) => event.what === 'complained').length, 1)
  assert.equal(codeOf(await ask(`POST /console/complaints/${one.id}/completions`)), 'complaint.state_forbids', 'a word comes first')
  const answered = await shop.desk(`POST /console/complaints/${one.id}/replies`, { words: '已经为你重新开通' })
  assert.deepEqual([answered.state, answered.replyBy, answered.steps.at(-1).by, answered.steps.at(-1).words, answered.can], ['processing', null, 'academy', '已经为你重新开通', ['reply', 'complete']])
  assert.equal((await shop.desk(`POST /console/complaints/${one.id}/completions`)).state, 'done')
  assert.equal((await all('&open=true')).some((complaint) => complaint.id === one.id), false)
  assert.equal((await shop.notices(one.number)).some((notice) => notice.outcome === 'mismatched'), false)
})

test('a payer who goes on opens it again, and says so in the list', async () => {
  const one = await opened('客服不理人', 'OTHERS')
  await shop.desk(`POST /console/complaints/${one.id}/replies`, { words: '请说说遇到了什么' })
  await complain(one, '还是没有人联系我')
  const again = await becomes(one, (complaint) => complaint.awaitsReply && complaint.steps.length === 3)
  assert.deepEqual([again.state, again.steps.map((step: Json) => step.by)], ['processing', ['payer', 'academy', 'payer']])
})

test('agreed to by ten presses at once: one refund, WeChat Pay hears it once, and the whole sum comes back', async () => {
  const one = await opened('讲得和介绍的不一样')
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(`POST /console/complaints/${one.id}/refunds`, { amount: 9900 })))
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, ...Array.from({ length: 9 }, () => 409)])
  await becomes(one, (complaint) => complaint.told && complaint.steps.some((step: Json) => step.what === 'MERCHANT_APPROVE_REFUND'))
  await until(async () => {
    await shop.advance(5)
    return (await shop.seen(one.buyer, one.order)).state === 'refunded'
  })
  const now = await becomes(one, (complaint) => complaint.refunded)
  assert.deepEqual([now.decision, now.left, now.steps.filter((step: Json) => step.what === 'MERCHANT_APPROVE_REFUND').length], ['agreed', 0, 1])
  assert.equal((await shop.detail(one.order)).refunds.length, 1)
  assert.equal(await shop.opens(one.buyer, shop.course), false)
  await shop.isBalanced()
})

test('declined with a reason that the payer reads; nothing is refunded, and it cannot be decided twice', async () => {
  const one = await opened('学完了想退')
  await shop.desk(`POST /console/complaints/${one.id}/refusals`, { reason: '课程已全部学完' })
  const now = await becomes(one, (complaint) => complaint.told && complaint.steps.some((step: Json) => step.what === 'MERCHANT_REFUSE_RERUND'))
  assert.deepEqual([now.decision, now.steps.at(-1).words, now.can.includes('decide')], ['declined', '课程已全部学完', false])
  assert.equal(codeOf(await ask(`POST /console/complaints/${one.id}/refunds`, { amount: 100 })), 'complaint.state_forbids')
  assert.equal((await shop.detail(one.order)).refunds.length, 0)
})

test('more than was paid is not agreed to, and what was not agreed to is still open', async () => {
  const one = await opened('退一部分')
  assert.equal(codeOf(await ask(`POST /console/complaints/${one.id}/refunds`, { amount: 9901 })), 'refund.more_than_paid')
  const now = await becomes(one, () => true)
  assert.deepEqual([now.decision, now.can.includes('decide')], [null, true])
})

test('a notice that is lost is made good for by the sweep; a decision whose answer is lost is looked for before it is told again', async () => {
  const one = await pay()
  await shop.fault('drop_notice', { api: 'wechatpay' })
  await complain(one, '通知丢了')
  assert.equal(await of(one), undefined)
  await sweepComplaints(shop.app.app.ctx)
  const { id } = await becomes(one, () => true)
  await shop.fault('lose_answer', { api: 'complaint_answer' })
  await shop.desk(`POST /console/complaints/${id}/refusals`, { reason: '不符合退款规则' })
  await until(async () => {
    await sweepComplaints(shop.app.app.ctx)
    return (await of(one))?.told
  })
  const { steps } = await becomes(one, (complaint) => complaint.steps.some((step: Json) => step.what === 'MERCHANT_REFUSE_RERUND'))
  assert.equal(steps.filter((step: Json) => step.what === 'MERCHANT_REFUSE_RERUND').length, 1, 'the payer reads it once')
})

test('pictures of each step are fetched and made anew for whoever answers; what is no picture is not shown', async () => {
  const png = async (colour: string) => `data:image/png;base64,${(await sharp({ create: { width: 40, height: 30, channels: 3, background: colour } }).png().toBuffer()).toString('base64')}`
  const one = await pay()
  await complain(one, '画面是黑的', 'SERVICE_NOT_WORK', [await png('#c8402f'), `data:image/png;base64,${Buffer.from('<svg onload=alert(1)>').toString('base64')}`])
  const { id } = await becomes(one, () => true)
  await complain(one, '再补一张', 'SERVICE_NOT_WORK', [await png('#3b7a6b')])
  const { steps } = await becomes(one, (complaint) => complaint.steps.length === 2)
  assert.deepEqual(steps.map((step: Json) => step.pictures), [[`/api/console/complaints/${id}/pictures/0`, `/api/console/complaints/${id}/pictures/1`], [`/api/console/complaints/${id}/pictures/2`]])
  const seen = await Promise.all([0, 2].map((place) => fetch(`${shop.app.url}/api/console/complaints/${id}/pictures/${place}`, { headers: { cookie: shop.owner } })))
  assert.deepEqual(seen.map((answer) => answer.headers.get('content-type')), ['image/webp', 'image/webp'])
  const colours = await Promise.all(seen.map(async (answer) => (await sharp(Buffer.from(await answer.arrayBuffer())).stats()).channels.map((channel) => Math.round(channel.mean / 16))))
  assert.deepEqual(colours, [[13, 4, 3], [4, 8, 7]])
  const get = (place: number) => ask(`GET /console/complaints/${id}/pictures/${place}`)
  assert.deepEqual([codeOf(await get(1)), codeOf(await get(3))], ['thing.not_found', 'thing.not_found'])
  await shop.fault('lose_answer', { api: 'complaint_picture' })
  assert.equal(codeOf(await get(0)), 'payment.gateway_unavailable')
  assert.equal(codeOf(await shop.app.ask(`GET /console/complaints/${id}/pictures/0`)), 'staff.sign_in_needed')
  const { attention } = await shop.desk('GET /console/reports/today')
  assert.ok(attention.find((waiting: Json) => waiting.kind === 'complaints_waiting')?.count >= 1)
})

test('an answer that is lost is unknown and shows in the history; who answers complaints is a permission', async () => {
  const one = await opened('回复丢了', 'OTHERS')
  await shop.fault('lose_answer', { api: 'complaint_answer' })
  assert.equal(codeOf(await ask(`POST /console/complaints/${one.id}/replies`, { words: '收到' })), 'payment.gateway_unavailable')
  assert.equal((await becomes(one, () => true)).steps.at(-1).words, '收到')
  await shop.desk('POST /console/staff', { name: '编辑', email: 'editor@example.com', role: 'editor', password: 'a long enough password' })
  const entered = await shop.app.ask('POST /console/sessions', { email: 'editor@example.com', password: 'a long enough password' })
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  assert.equal(codeOf(await shop.app.ask('GET /console/complaints', undefined, { cookie })), 'staff.not_permitted')
})

test('the address of notices is set once, and mended when it is another', async () => {
  const { complaints } = shop.app.app.ctx.gateways.wechatPay
  const url = `${shop.app.app.ctx.knobs.publicUrl}/api/callbacks/wechatpay`
  const told = await complaints.findAddress()
  assert.deepEqual(told, { outcome: 'done', value: { url } })
  await complaints.setAddress('http://127.0.0.1:9/elsewhere', true)
  await keepAddress(shop.app.app.ctx)
  assert.deepEqual(await complaints.findAddress(), { outcome: 'done', value: { url } })
})
