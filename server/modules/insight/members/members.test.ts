// Members as operators see them: masked, counted, and unmasked only with a reason that is kept.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { sql } from '#kernel/db.ts'
import { printTails } from '#modules/people/members/actions.ts'
import { openDoor, password, setUpOwner, signInLearner, type Door } from '../../../test/door.ts'

let door: Door
let owner: { cookie: string }
before(async () => {
  door = await openDoor()
  owner = await setUpOwner(door)
})
after(() => door.stop())

const asOwner = (path: string) => door.call('GET', path, { cookie: owner.cookie })

test('members are listed newest first, page by page, with their numbers masked', async () => {
  const ids: string[] = []
  for (const tail of ['01', '02', '03']) ids.push((await signInLearner(door, `138000000${tail}`)).id)
  const first = await asOwner('/console/members?limit=2')
  assert.deepEqual(first.body.items.map((row: { id: string }) => row.id), [ids[2], ids[1]])
  assert.equal(first.body.items[0].phone, '138****0003')
  assert.deepEqual([first.body.items[0].courses, first.body.items[0].spent], [0, 0])
  const second = await asOwner(`/console/members?limit=2&cursor=${first.body.next}`)
  assert.deepEqual(second.body.items.map((row: { id: string }) => row.id), [ids[0]])
  assert.equal(second.body.next, null)
})

test('a whole number, its last four digits, an id or part of a nickname finds a member; another part of a number finds nobody', async () => {
  const learner = await signInLearner(door, '13800009911')
  await door.call('PATCH', '/me', { token: learner.token, body: { nickname: '山月不知' } })
  for (const q of ['13800009911', '9911', ' 9911 ', learner.id, '山月']) {
    const { body } = await asOwner(`/console/members?q=${encodeURIComponent(q)}`)
    assert.deepEqual(body.items.map((row: { id: string }) => row.id), [learner.id], q)
  }
  for (const q of ['138000099', '911', '0991', '09911', '%', '_月']) assert.deepEqual((await asOwner(`/console/members?q=${encodeURIComponent(q)}`)).body.items, [], q)
})

test('a number kept by an earlier version is found by its last digits after the habit has run, once', async () => {
  const learner = await signInLearner(door, '13800007731')
  const { db } = door.ctx
  await db.query(sql`update members set phone_tail_print = null where id = ${learner.id}`)
  assert.deepEqual((await asOwner('/console/members?q=7731')).body.items, [])
  await printTails(door.ctx)
  assert.deepEqual((await asOwner('/console/members?q=7731')).body.items.map((row: { id: string }) => row.id), [learner.id])
  door.advance(61)
  assert.equal((await signInLearner(door, '13800007731')).id, learner.id)
})

test('what a member owns and spent counts access that is open and money that stayed', async () => {
  const learner = await signInLearner(door, '13800000021')
  await giveCourse('crs_a', learner.id, { total: 9900, refunded: 0, revoked: false })
  await giveCourse('crs_b', learner.id, { total: 5000, refunded: 5000, revoked: true })
  const { body } = await asOwner(`/console/members/${learner.id}`)
  assert.deepEqual([body.courses, body.spent], [1, 9900])
  assert.equal((await asOwner('/console/members/mem_0000000000000000000000000')).code, 'thing.not_found')
})

test('a whole number is shown only to who may, with a reason, and both are written down', async () => {
  const learner = await signInLearner(door, '13800000031')
  const path = `/console/members/${learner.id}/phone-views`
  assert.equal((await door.call('POST', path, { cookie: owner.cookie, body: {} })).code, 'request.invalid')
  const shown = await door.call('POST', path, { cookie: owner.cookie, address: '10.2.3.4', body: { reason: '学员来电核对订单' } })
  assert.deepEqual(shown.body, { phone: '13800000031' })
  const { body } = await asOwner(`/console/audit?q=${learner.id}`)
  assert.deepEqual(body.items.map((item: { action: string; after: unknown; address: string; operator: { name: string } }) => [item.action, item.after, item.address, item.operator.name]), [
    ['member.phone_viewed', { reason: '学员来电核对订单' }, '10.2.3.4', '许知行'],
  ])
  assert.equal((await door.call('POST', '/console/members/mem_0000000000000000000000000/phone-views', { cookie: owner.cookie, body: { reason: '核对' } })).code, 'thing.not_found')
})

test('a lecturer reads members but not their numbers; an editor reads none; a visitor nothing', async () => {
  for (const [role, list, view] of [['lecturer', undefined, 'staff.not_permitted'], ['editor', 'staff.not_permitted', 'staff.not_permitted']] as const) {
    await door.call('POST', '/console/staff', { cookie: owner.cookie, body: { name: role, email: `${role}@example.cn`, role, password } })
    const { cookie } = await door.call('POST', '/console/sessions', { body: { email: `${role}@example.cn`, password } })
    assert.equal((await door.call('GET', '/console/members', { cookie })).code, list)
    assert.equal((await door.call('POST', '/console/members/mem_0000000000000000000000000/phone-views', { cookie, body: { reason: '看看' } })).code, view)
  }
  assert.equal((await door.call('GET', '/console/members')).code, 'staff.sign_in_needed')
})

async function giveCourse(id: string, member: string, order: { total: number; refunded: number; revoked: boolean }): Promise<void> {
  const { db } = door.ctx
  await db.query(sql`insert into courses (id, slug, title, kind, state, updated_at) values (${id}, ${id}, ${id}, 'video', 'draft', now())`)
  await db.query(sql`insert into offers (id, kind, price, on_sale, updated_at) values (${`o${id}`}, 'course', ${order.total}, true, now())`)
  await db.query(sql`
    insert into orders (id, number, member_id, course_id, offer_id, request_key, state, title, lines, total, refunded, refund_rule, agreement_version, platform, system, placed_at, paid_at)
    values (${`ord_${id}`}, ${id}, ${member}, ${id}, ${`o${id}`}, ${id}, ${order.revoked ? 'refunded' : 'paid'}, ${id}, '[]', ${order.total}, ${order.refunded}, '', 1, 'h5', 'other', now(), now())`)
  await db.query(sql`
    insert into entitlements (id, member_id, course_id, reason, order_id, granted_at, revoked_at) values (${`ent_${id}`}, ${member}, ${id}, 'bought', ${`ord_${id}`}, now(), ${order.revoked ? new Date() : null})`)
}
