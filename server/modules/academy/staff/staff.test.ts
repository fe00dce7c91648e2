// Operators over HTTP: the set-up, the door, two factors, roles, and every refusal.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { generateSync } from 'otplib'
import { openDoor, password, setupKey, type Door } from '../../../test/door.ts'

let door: Door
let owner: { cookie: string; id: string }
const first = { key: setupKey, academy: '拾光书院', name: '许知行', email: 'owner@example.cn', password }

before(async () => {
  door = await openDoor()
})
after(() => door.stop())

function signIn(email: string, word: string, totp?: string) {
  return door.call('POST', '/console/sessions', { body: { email, password: word, ...(totp ? { totp } : {}) } })
}

test('a new academy waits for its first owner, who needs the key of the server', async () => {
  assert.deepEqual((await door.call('GET', '/console/setup')).body, { needed: true })
  assert.equal((await door.call('POST', '/console/setup', { body: { ...first, key: 'guessed' } })).code, 'staff.not_permitted')
  assert.equal((await door.call('POST', '/console/setup', { body: { ...first, password: 'short' } })).code, 'request.invalid')
})

test('two set-ups at once make one owner, and a third finds it done', async () => {
  const [one, two] = await Promise.all([door.call('POST', '/console/setup', { body: first }), door.call('POST', '/console/setup', { body: { ...first, email: 'second@example.cn' } })])
  assert.deepEqual(new Set([one.code, two.code]), new Set([undefined, 'setup.already_done']))
  assert.equal((await door.call('POST', '/console/setup', { body: first })).code, 'setup.already_done')
  assert.deepEqual((await door.call('GET', '/console/setup')).body, { needed: false })
  const done = one.code === undefined ? one : two
  owner = { cookie: done.cookie, id: done.body.operator.id }
  assert.equal(done.body.academy.name, '拾光书院')
})

test('the cookie cannot be read by a page, and nothing in it is kept as it is', async () => {
  const answer = await fetch(`${door.url}/api/console/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: await emailOfOwner(), password }) })
  const line = answer.headers.getSetCookie()[0] ?? ''
  assert.match(line, /HttpOnly/)
  assert.match(line, /SameSite=Strict/)
  const token = /=([^;]+)/.exec(line)?.[1] ?? ''
  const { rows } = await door.ctx.db.query<{ token_hash: string }>({ text: 'select token_hash from staff_sessions', values: [], __sql: true })
  assert.ok(rows.length > 0 && rows.every((row) => row.token_hash !== token))
})

test('without a session, or without the header that a foreign page cannot send, there is no way in', async () => {
  assert.equal((await door.call('GET', '/console/me')).code, 'staff.sign_in_needed')
  assert.equal((await door.call('GET', '/console/me', { cookie: 'shuyuan_staff=invented-token-of-some-length' })).code, 'staff.sign_in_needed')
  assert.equal((await door.call('DELETE', '/console/sessions/current', { cookie: owner.cookie, headers: { 'x-requested-with': 'other' } })).code, 'staff.csrf')
})

test('a wrong password and an unknown name are refused alike', async () => {
  const wrong = await signIn(await emailOfOwner(), 'not the password')
  const unknown = await signIn('nobody@example.cn', 'not the password')
  assert.equal(wrong.status, 401)
  assert.deepEqual([wrong.code, wrong.body.error.details], [unknown.code, unknown.body.error.details])
  assert.equal(wrong.code, 'staff.wrong_password')
})

test('roles decide: an editor neither manages operators nor reads the audit log', async () => {
  const added = await door.call('POST', '/console/staff', { cookie: owner.cookie, body: { name: '周然', email: 'Editor@example.cn', role: 'editor', password } })
  assert.equal(added.body.email, 'editor@example.cn')
  assert.equal((await door.call('POST', '/console/staff', { cookie: owner.cookie, body: { name: '周然', email: 'editor@example.cn', role: 'support', password } })).code, 'staff.email_taken')
  const editor = await signIn('editor@example.cn', password)
  assert.ok(!editor.body.permissions.includes('staff.manage'))
  for (const path of ['/console/staff', '/console/audit']) assert.equal((await door.call('GET', path, { cookie: editor.cookie })).code, 'staff.not_permitted')
})

test('taking a right away ends the sessions at once, and a switched-off operator stays outside', async () => {
  const editor = await signIn('editor@example.cn', password)
  const id = editor.body.operator.id
  await door.call('PATCH', `/console/staff/${id}`, { cookie: owner.cookie, body: { role: 'support' } })
  assert.equal((await door.call('GET', '/console/me', { cookie: editor.cookie })).code, 'staff.sign_in_needed')
  await door.call('PATCH', `/console/staff/${id}`, { cookie: owner.cookie, body: { active: false } })
  assert.equal((await signIn('editor@example.cn', password)).code, 'staff.wrong_password')
  assert.equal((await door.call('PATCH', '/console/staff/stf_0000000000000000000000000', { cookie: owner.cookie, body: { active: true } })).code, 'thing.not_found')
})

test('the last owner can neither step down nor be switched off', async () => {
  for (const body of [{ role: 'editor' }, { active: false }]) {
    assert.equal((await door.call('PATCH', `/console/staff/${owner.id}`, { cookie: owner.cookie, body })).code, 'staff.last_owner')
  }
})

test('two factors: asked for, wrong, right once, and off only with the password', async () => {
  const email = await emailOfOwner()
  const { body: offered } = await door.call('POST', '/console/me/totp', { cookie: owner.cookie })
  assert.match(offered.qr, /^data:image\/png;base64,/)
  assert.equal((await signIn(email, password)).status, 200, 'an offer does not bind yet')
  assert.equal((await door.call('PUT', '/console/me/totp', { cookie: owner.cookie, body: { code: '000000' } })).code, 'staff.totp_wrong')
  const enrolling = codeOf(offered.secret)
  const on = await door.call('PUT', '/console/me/totp', { cookie: owner.cookie, body: { code: enrolling } })
  assert.equal(on.body.operator.totp, true)
  assert.equal((await signIn(email, password)).code, 'staff.totp_needed')
  assert.equal((await signIn(email, password, enrolling)).code, 'staff.totp_wrong', 'the code of the enrolment is spent')
  door.advance(60)
  const next = codeOf(offered.secret)
  assert.equal((await signIn(email, password, next)).status, 200)
  assert.equal((await signIn(email, password, next)).code, 'staff.totp_wrong', 'a second use')
  await door.call('POST', '/console/me/totp', { cookie: owner.cookie })
  assert.equal((await signIn(email, password)).code, 'staff.totp_needed', 'a new offer does not switch the old secret off')
  assert.equal((await door.call('DELETE', '/console/me/totp', { cookie: owner.cookie, body: { password: 'wrong' } })).code, 'staff.wrong_password')
  assert.equal((await door.call('DELETE', '/console/me/totp', { cookie: owner.cookie, body: { password } })).body.operator.totp, false)
  assert.equal((await signIn(email, password)).status, 200)
})

test('whoever lost the phone is let in again by an owner: without the second step, and signed out everywhere', async () => {
  const added = await door.call('POST', '/console/staff', { cookie: owner.cookie, body: { name: '编辑', email: 'lost@example.com', role: 'editor', password } })
  const { cookie } = await signIn('lost@example.com', password)
  const { body: offered } = await door.call('POST', '/console/me/totp', { cookie })
  await door.call('PUT', '/console/me/totp', { cookie, body: { code: codeOf(offered.secret) } })
  assert.equal((await signIn('lost@example.com', password)).code, 'staff.totp_needed')
  const change = (body: object) => door.call('PATCH', `/console/staff/${added.body.id}`, { cookie: owner.cookie, body })
  assert.equal((await change({ totp: true })).code, 'request.invalid')
  assert.equal((await change({ totp: false })).body.totp, false)
  assert.equal((await door.call('GET', '/console/me', { cookie })).code, 'staff.sign_in_needed')
  assert.equal((await signIn('lost@example.com', password)).status, 200)
})

test('a new password ends the other sessions and keeps this one', async () => {
  const other = await signIn(await emailOfOwner(), password)
  assert.equal((await door.call('PUT', '/console/me/password', { cookie: owner.cookie, body: { current: 'wrong', next: 'another long password' } })).code, 'staff.wrong_password')
  assert.equal((await door.call('PUT', '/console/me/password', { cookie: owner.cookie, body: { current: password, next: 'another long password' } })).status, 200)
  assert.equal((await door.call('GET', '/console/me', { cookie: other.cookie })).code, 'staff.sign_in_needed')
  assert.equal((await door.call('GET', '/console/me', { cookie: owner.cookie })).status, 200)
  await door.call('PUT', '/console/me/password', { cookie: owner.cookie, body: { current: 'another long password', next: password } })
})

test('after eight failures even the right password waits a quarter of an hour', async () => {
  const email = await emailOfOwner()
  door.advance(3600)
  for (let count = 0; count < 8; count++) assert.equal((await signIn(email, 'not the password')).code, 'staff.wrong_password')
  assert.equal((await signIn(email, password)).code, 'staff.locked_out')
  door.advance(15 * 60 + 1)
  assert.equal((await signIn(email, password)).status, 200)
})

test('signing out ends the session, and twelve hours do too', async () => {
  const one = await signIn(await emailOfOwner(), password)
  await door.call('DELETE', '/console/sessions/current', { cookie: one.cookie })
  assert.equal((await door.call('GET', '/console/me', { cookie: one.cookie })).code, 'staff.sign_in_needed')
  const two = await signIn(await emailOfOwner(), password)
  door.advance(12 * 3600 + 1)
  assert.equal((await door.call('GET', '/console/me', { cookie: two.cookie })).code, 'staff.sign_in_needed')
})

function codeOf(secret: string): string {
  return generateSync({ secret, epoch: Math.floor(door.ctx.now().getTime() / 1000) })
}

/** Whoever won the race of the two set-ups. */
async function emailOfOwner(): Promise<string> {
  const { rows } = await door.ctx.db.query<{ email: string }>({ text: "select email from staff where role = 'owner'", values: [], __sql: true })
  return rows[0]?.email ?? ''
}
