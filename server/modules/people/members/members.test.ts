// Learners over HTTP: codes, sign-in from the web and from WeChat, phone numbers, and every refusal.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { sql } from '#kernel/db.ts'
import { addressOf, codeSentTo, openDoor, signInLearner, type Door } from '../../../test/door.ts'
import { isSessionAlive, memberSummary, wechatIdentity } from './actions.ts'

let door: Door
before(async () => {
  door = await openDoor()
})
after(() => door.stop())

const send = (phone: string) => door.call('POST', '/sms-codes', { address: addressOf(phone), body: { phone } })
const enter = (phone: string, code: string) => door.call('POST', '/sessions/phone', { address: addressOf(phone), body: { phone, code, agreed: true } })

async function wxLogin(user: string): Promise<string> {
  return (await door.sandbox.ask('POST', '/__client/login', { appid: door.tenant.appid, user })).code
}
async function wxPhone(user: string, phone: string): Promise<string> {
  return (await door.sandbox.ask('POST', '/__client/phone', { appid: door.tenant.appid, user, phone })).code
}
const enterByWechat = async (user: string) => door.call('POST', '/sessions/wechat', { body: { code: await wxLogin(user) }, headers: { 'x-client': 'wechat/ios/device-0001' } })

test('a code signs a new learner up, and the same number is the same learner', async () => {
  assert.deepEqual((await send('13800000001')).body, { waitSeconds: 60 })
  const code = await codeSentTo(door, '13800000001')
  const first = await enter('13800000001', code)
  assert.equal(first.body.isNew, true)
  assert.equal(first.body.member.phone, '138****0001')
  assert.match(first.body.member.nickname, /^学员\d{4}$/)
  assert.equal((await enter('13800000001', code)).code, 'sign_in.code_expired', 'a code works once')
  door.advance(60)
  const again = await signInLearner(door, '13800000001')
  assert.equal(again.id, first.body.member.id)
})

test('a second code within a minute waits, even when both are asked for at once', async () => {
  const answers = await Promise.all([send('13800000002'), send('13800000002'), send('13800000002')])
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  for (const answer of answers.filter((one) => one.status !== 200)) {
    assert.equal(answer.code, 'sign_in.wait')
    assert.ok(answer.body.error.details.waitSeconds > 0 && answer.body.error.details.waitSeconds <= 60)
  }
})

test('five wrong tries burn a code, also for who knows it', async () => {
  await send('13800000003')
  const code = await codeSentTo(door, '13800000003')
  const wrong = code === '000000' ? '000001' : '000000'
  for (let count = 0; count < 5; count++) assert.equal((await enter('13800000003', wrong)).code, 'sign_in.code_wrong')
  assert.equal((await enter('13800000003', code)).code, 'sign_in.attempts_exhausted')
})

test('only the newest code counts', async () => {
  await send('13800000004')
  const older = await codeSentTo(door, '13800000004')
  door.advance(61)
  await send('13800000004')
  const newer = await codeSentTo(door, '13800000004')
  if (older !== newer) assert.equal((await enter('13800000004', older)).code, 'sign_in.code_wrong')
  assert.equal((await enter('13800000004', newer)).status, 200)
  assert.equal((await enter('13800000004', older)).code, 'sign_in.code_expired')
})

test('a code is dead after ten minutes, and a number that never got one has none', async () => {
  await send('13800000005')
  const code = await codeSentTo(door, '13800000005')
  door.advance(601)
  assert.equal((await enter('13800000005', code)).code, 'sign_in.code_expired')
  door.advance(-601)
  assert.equal((await enter('13899999999', '123456')).code, 'sign_in.code_expired')
})

test('when the provider refuses, the learner hears that nothing was sent', async () => {
  await door.sandbox.fault(door.tenant, 'refuse', { api: 'sms', code: 'LimitExceeded.PhoneNumberDailyLimit' })
  const answer = await send('13800000006')
  assert.equal(answer.code, 'sms.not_sent')
  assert.equal(answer.status, 502)
})

test('a text message of which nobody knows whether it went out may still arrive, and its code counts', async () => {
  await door.sandbox.fault(door.tenant, 'lose_answer', { api: 'sms' })
  assert.equal((await send('13800000012')).status, 200)
  assert.equal((await enter('13800000012', await codeSentTo(door, '13800000012'))).status, 200)
})

test('what is not a mainland number, not six digits or not agreed to is refused before anything happens', async () => {
  for (const phone of ['12345', '23800000007', '+8613800000007']) assert.equal((await send(phone)).code, 'request.invalid')
  const body = { phone: '13800000007', code: '123456' }
  assert.equal((await door.call('POST', '/sessions/phone', { body })).code, 'request.invalid')
  assert.equal((await door.call('POST', '/sessions/phone', { body: { ...body, agreed: false } })).code, 'request.invalid')
  assert.equal((await enter('13800000007', '12345')).code, 'request.invalid')
})

test('WeChat signs in by openid, six at once still make one learner', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => enterByWechat('lin')))
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]))
  assert.equal(new Set(answers.map((answer) => answer.body.member.id)).size, 1)
  assert.equal(answers.filter((answer) => answer.body.isNew).length, 1)
  const { rows } = await door.ctx.db.query<{ n: number }>(sql`select count(*)::int as n from members m where not exists (select 1 from identities i where i.member_id = m.id) and phone_print is null`)
  assert.equal(rows[0]?.n, 0, 'nobody is left without an identity')
})

test('the same person in another app of the academy is known by unionid', async () => {
  const first = await enterByWechat('wen')
  await door.ctx.db.query(sql`update identities set appid = 'another-app', openid = 'another-openid' where member_id = ${first.body.member.id}`)
  const second = await enterByWechat('wen')
  assert.equal(second.body.member.id, first.body.member.id)
  assert.equal(second.body.isNew, false)
})

test('a login code that the platform refuses opens nothing', async () => {
  const used = await wxLogin('lin')
  await door.call('POST', '/sessions/wechat', { body: { code: used } })
  for (const code of [used, 'invented']) assert.equal((await door.call('POST', '/sessions/wechat', { body: { code } })).code, 'sign_in.platform_refused')
})

async function officialCode(user: string): Promise<string> {
  const { url } = (await door.call('POST', '/official-visits', { body: { back: '/pkg-me/sign-in?then=%2Fpages%2Fme%2Fme', state: 'agreed' } })).body
  const back = new URL((await fetch(url, { redirect: 'manual', headers: { cookie: `sandbox-user=${user}` } })).headers.get('location') ?? '')
  assert.deepEqual([back.pathname, back.searchParams.get('then'), back.searchParams.get('state')], ['/pkg-me/sign-in', '/pages/me/me', 'agreed'])
  return back.searchParams.get('code') ?? ''
}
const enterByOfficial = (code: string) => door.call('POST', '/sessions/official', { body: { code, agreed: true }, headers: { 'x-client': 'h5/ios/device-0002' } })

test("inside WeChat's browser the official account names the person: the same one each time, a code works once, an invented one never", async () => {
  const first = await enterByOfficial(await officialCode('official-lin'))
  assert.equal(first.body.isNew, true)
  const code = await officialCode('official-lin')
  const [again, ...others] = await Promise.all([enterByOfficial(code), enterByOfficial(code), enterByOfficial(code)].map(async (one) => one)).then((all) => all.toSorted((a, b) => a.status - b.status))
  assert.deepEqual([again?.body.member.id, again?.body.isNew], [first.body.member.id, false])
  assert.deepEqual(others.map((one) => one.code), ['sign_in.platform_refused', 'sign_in.platform_refused'])
  assert.notEqual((await enterByOfficial(await officialCode('official-shen'))).body.member.id, first.body.member.id)
  assert.equal((await enterByOfficial('invented')).code, 'sign_in.platform_refused')
  assert.equal((await door.call('POST', '/official-visits', { body: { back: 'https://elsewhere.example', state: 'agreed' } })).code, 'request.invalid')
})

test('a phone number is bound once; one that belongs to another learner is refused', async () => {
  const { body } = await enterByWechat('su')
  const bound = await door.call('PUT', '/me/phone/wechat', { token: body.token, body: { code: await wxPhone('su', '13800000008') } })
  assert.equal(bound.body.phone, '138****0008')
  const taken = await door.call('PUT', '/me/phone/wechat', { token: body.token, body: { code: await wxPhone('su', '13800000001') } })
  assert.equal(taken.code, 'phone.taken')
  assert.equal((await door.call('PUT', '/me/phone/wechat', { token: body.token, body: { code: 'invented' } })).code, 'sign_in.platform_refused')
  const byPhone = await signInLearner(door, '13800000008')
  assert.equal(byPhone.id, body.member.id, 'the number now leads to the same learner')
})

test('a session key is renewed for its own WeChat account only', async () => {
  const { body } = await enterByWechat('mo')
  const before = await wechatIdentity(door.ctx, body.member.id)
  assert.ok(before?.openid && before.sessionKey)
  assert.equal((await door.call('PUT', '/me/session-key/wechat', { token: body.token, body: { code: await wxLogin('mo') } })).status, 200)
  for (const code of [await wxLogin('lin'), 'invented']) assert.equal((await door.call('PUT', '/me/session-key/wechat', { token: body.token, body: { code } })).code, 'sign_in.platform_refused')
  assert.equal((await wechatIdentity(door.ctx, body.member.id))?.openid, before.openid)
  const { rows } = await door.ctx.db.query<{ session_key_sealed: string }>(sql`select session_key_sealed from identities where member_id = ${body.member.id}`)
  assert.ok(!rows[0]?.session_key_sealed.includes(before.sessionKey))
})

test('the profile is its owner’s, and no number is kept readable', async () => {
  const learner = await signInLearner(door, '13800000009')
  assert.equal((await door.call('GET', '/me')).code, 'sign_in.needed')
  assert.equal((await door.call('GET', '/me', { token: 'a-token-that-nobody-was-given' })).code, 'sign_in.expired')
  assert.equal((await door.call('PATCH', '/me', { token: learner.token, body: { nickname: '夜航船' } })).body.nickname, '夜航船')
  assert.equal((await door.call('PATCH', '/me', { token: learner.token, body: { nickname: '' } })).code, 'request.invalid')
  assert.deepEqual(await memberSummary(door.ctx, learner.id as never), { id: learner.id, nickname: '夜航船', phoneMasked: '138****0009', phoneTail: '0009' })
  const { rows } = await door.ctx.db.query<{ row: string }>(sql`select to_jsonb(m)::text as row from members m where id = ${learner.id}`)
  assert.ok(!rows[0]?.row.includes('13800000009'))
})

test('signing out ends the token, thirty days end it too, and a closed account stays closed', async () => {
  const one = await signInLearner(door, '13800000010')
  const { rows } = await door.ctx.db.query<{ id: string }>(sql`select id from member_sessions where member_id = ${one.id}`)
  assert.equal(await isSessionAlive(door.ctx, rows[0]?.id as never), true)
  await door.call('DELETE', '/sessions/current', { token: one.token })
  assert.equal(await isSessionAlive(door.ctx, rows[0]?.id as never), false)
  assert.equal((await door.call('GET', '/me', { token: one.token })).code, 'sign_in.expired')
  const two = await signInLearner(door, '13800000011')
  door.advance(30 * 86_400 + 1)
  assert.equal((await door.call('GET', '/me', { token: two.token })).code, 'sign_in.expired')
  door.advance(-30 * 86_400 - 1)
  await door.ctx.db.query(sql`update members set closed_at = now() where id = ${two.id}`)
  assert.equal((await door.call('GET', '/me', { token: two.token })).code, 'sign_in.expired')
  door.advance(61)
  await send('13800000011')
  assert.equal((await enter('13800000011', await codeSentTo(door, '13800000011'))).code, 'sign_in.account_closed')
})

test('an address may ask for thirty codes an hour, whatever the numbers', async () => {
  const ask = (count: number) => door.call('POST', '/sms-codes', { address: '10.9.9.9', body: { phone: `139000000${10 + count}` } })
  for (let count = 0; count < 30; count++) assert.equal((await ask(count)).status, 200)
  const refused = await ask(30)
  assert.equal(refused.code, 'request.too_many')
  assert.ok(refused.body.error.details.waitSeconds > 0)
})
