// The first page of the console over HTTP: days of the academy's zone, refunds, attention, best courses.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { sql } from '#kernel/db.ts'
import { openDoor, setUpOwner, signInLearner, type Door } from '../../../test/door.ts'

let door: Door
let owner: { cookie: string }
let member: string
let counted = 0
before(async () => {
  door = await openDoor()
  owner = await setUpOwner(door)
  member = (await signInLearner(door, '13800000001')).id
})
after(() => door.stop())

const today = async () => (await door.call('GET', '/console/reports/today', { cookie: owner.cookie })).body
const doneOf = (body: { checklist: { step: string; done: boolean }[] }) => body.checklist.filter((item) => item.done).map((item) => item.step)

test('a new academy has thirty quiet days and a list of first steps', async () => {
  const body = await today()
  assert.equal(body.zone, 'Asia/Shanghai')
  assert.equal(body.days.length, 30)
  assert.equal(body.days.at(-1).day, body.day)
  assert.deepEqual(body.takings, { today: 0, yesterday: 0, lastWeek: 0 })
  assert.deepEqual(body.newMembers, { today: 1, yesterday: 0, lastWeek: 0 })
  assert.deepEqual(doneOf(body), ['academy_named', 'payment_connected'])
  assert.deepEqual([body.attention, body.bestCourses], [[], []])
})

test('a sale counts on the day of the academy, not of the server', async () => {
  const { day } = await today()
  await sell('crs_one', '星空', 9900, `${day} 00:00:01`)
  await sell('crs_one', '星空', 9900, `${day} 00:00:01`, -1)
  await sell('crs_two', '写作', 5000, `${day} 23:59:59`, -8)
  await sell('crs_two', '写作', 5000, `${day} 00:00:00`, -7)
  await sell('crs_free', '试听', 0, `${day} 00:00:01`)
  const body = await today()
  assert.deepEqual(body.takings, { today: 9900, yesterday: 9900, lastWeek: 5000 })
  assert.deepEqual(body.orders, { today: 1, yesterday: 1, lastWeek: 1 })
  assert.equal(body.days.at(-9).takings, 5000)
  assert.deepEqual(body.bestCourses, [{ title: '星空', takings: 19800, orders: 2 }, { title: '写作', takings: 10000, orders: 2 }])
  assert.ok(doneOf(body).includes('first_sale'))
})

test('a refund lowers the takings of the day it was done, and only when it was done', async () => {
  const order = await sell('crs_three', '声音', 3000, `${(await today()).day} 00:00:01`, -1)
  await refund(order, 3000, 'processing')
  assert.equal((await today()).takings.today, 9900)
  assert.deepEqual((await today()).attention, [{ kind: 'refunds_waiting', count: 1 }])
  await door.ctx.db.query(sql`update refunds set state = 'done', settled_at = now() where order_id = ${order}`)
  const body = await today()
  assert.deepEqual([body.takings.today, body.takings.yesterday], [6900, 12900])
  assert.deepEqual(body.attention, [])
})

test('learners of a day count once, however long they learnt', async () => {
  const { day } = await today()
  await door.ctx.db.query(sql`insert into progress_days (member_id, day, seconds) values (${member}, ${day}::date, 1200), (${member}, ${day}::date - 1, 60), (${member}, ${day}::date - 7, 0)`)
  assert.deepEqual((await today()).activeLearners, { today: 1, yesterday: 1, lastWeek: 0 })
})

test('what waits for somebody is counted: deadlines of others first, then money, then what can wait', async () => {
  const { db } = door.ctx
  await db.query(sql`insert into assets (id, kind, name, state, size_bytes, created_at) values ('ast_1', 'video', 'a', 'failed', 1, now()), ('ast_2', 'video', 'b', 'ready', 1, now())`)
  await db.query(sql`insert into notices (id, source, notice_id, event, payload, received_at, outcome) values ('ntc_1', 'wechat_pay', '1', 'e', '{}', now(), 'mismatched'), ('ntc_2', 'wechat_pay', '2', 'e', '{}', now(), 'settled')`)
  await db.query(sql`insert into reviews (id, course_id, member_id, stars, text, written_at) values ('rvw_1', 'crs_one', ${member}, 5, '很好', now())`)
  await db.query(sql`insert into virtual_items (product_id, offer_id, price, state, changed_at) values ('p1', 'ofr_crs_one', 9900, 'waiting', now()), ('p0', 'ofr_crs_one', 8800, 'failed', now())`)
  const order = await sell('crs_one', '星空', 9900, '2026-01-05 10:00')
  await db.query(sql`insert into parcels (order_id, goods, pieces, address_sealed, state, ready_at) values (${order}, '书', 1, '', 'to_ship', now())`)
  await db.query(sql`insert into claims (id, order_id, member_id, state, reason, asked_at) values ('clm_1', ${order}, ${member}, 'asked', '不想学了', now()), ('clm_2', ${order}, ${member}, 'declined', '不想学了', now())`)
  await db.query(sql`insert into refund_asks (id, vendor_refund_no, order_id, out_refund_no, amount, reason, state, asked_at, decide_by) values ('ask_1', '1', ${order}, '1', 100, '', 'open', now(), now())`)
  await db.query(sql`insert into payouts (id, member_id, openid, amount, role, reason, request_key, state, out_bill_no, from_owed, made_at) values ('pyo_1', ${member}, 'o', 100, '讲师', '', 'k', 'asked', '1', true, now())`)
  assert.deepEqual((await today()).attention, [
    { kind: 'refund_asks_open', count: 1 },
    { kind: 'parcels_to_ship', count: 1 },
    { kind: 'claims_waiting', count: 1 },
    { kind: 'payouts_waiting', count: 1 },
    { kind: 'notices_to_check', count: 1 },
    { kind: 'items_not_ready', count: 1 },
    { kind: 'failed_media', count: 1 },
    { kind: 'reviews_unanswered', count: 1 },
  ])
})

test('the day follows the zone of the academy', async () => {
  const settings = (await door.call('GET', '/console/academy', { cookie: owner.cookie })).body
  await door.call('PUT', '/console/academy', { cookie: owner.cookie, body: { ...settings, zone: 'Pacific/Kiritimati' } })
  const body = await today()
  assert.equal(body.day, new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(door.ctx.now()))
})

test('nobody without a session sees a figure', async () => {
  assert.equal((await door.call('GET', '/console/reports/today')).code, 'staff.sign_in_needed')
})

/** A sale at a wall-clock time of Shanghai, some days away. */
async function sell(course: string, title: string, total: number, at: string, days = 0): Promise<string> {
  const { db } = door.ctx
  const id = `ord_${++counted}`
  const offer = `ofr_${course}`
  await db.query(sql`insert into courses (id, slug, title, kind, state, updated_at) values (${course}, ${course}, ${title}, 'video', 'draft', now()) on conflict do nothing`)
  await db.query(sql`insert into offers (id, kind, price, on_sale, updated_at) values (${offer}, 'course', ${total}, true, now()) on conflict do nothing`)
  await db.query(sql`
    insert into orders (id, number, member_id, course_id, offer_id, request_key, state, title, lines, total, refund_rule, agreement_version, platform, system, placed_at, paid_at)
    values (${id}, ${id}, ${member}, ${course}, ${offer}, ${id}, 'paid', ${title}, '[]', ${total}, '', 1, 'h5', 'other', now(), (${at}::timestamp + make_interval(days => ${days}::int)) at time zone 'Asia/Shanghai')`)
  return id
}

async function refund(order: string, amount: number, state: string): Promise<void> {
  const { db } = door.ctx
  await db.query(sql`insert into payment_attempts (id, order_id, channel, out_trade_no, state, amount, expected, begun_at) values (${`pay_${order}`}, ${order}, 'wechat_pay_h5', ${order}, 'paid', ${amount}, '{}', now())`)
  await db.query(sql`insert into refunds (id, order_id, attempt_id, request_key, out_refund_no, amount, state, reason, begun_at) values (${`rfd_${order}`}, ${order}, ${`pay_${order}`}, ${order}, ${order}, ${amount}, ${state}, '', now())`)
}
