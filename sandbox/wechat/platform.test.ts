// The open platform: tokens, codes that work once, phone numbers, codes a scanner reads, messages only with consent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import jsQR from 'jsqr'
import sharp from 'sharp'
import { openSandbox } from '../harness.ts'
import type { Account, Json } from '../harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let account: Account
let other: Account

before(async () => {
  sandbox = await openSandbox()
  account = await sandbox.tenant()
  other = await sandbox.tenant()
})
after(() => sandbox.stop())

const askToken = (more = {}) => sandbox.ask('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: account.appid, secret: account.env['WECHAT_SECRET'], ...more })
const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds })
const exchange = (code: string, who = account): Promise<Json> =>
  sandbox.ask('GET', `/sns/jscode2session?appid=${who.appid}&secret=${who.env['WECHAT_SECRET']}&js_code=${code}&grant_type=authorization_code`)
const login = async (user: string): Promise<string> => (await sandbox.ask('POST', '/__client/login', { appid: account.appid, user })).code

test('a stable token stays the same until it is forced or expires', async () => {
  const first = await askToken()
  assert.equal((await askToken()).access_token, first.access_token)
  assert.notEqual((await askToken({ force_refresh: true })).access_token, first.access_token)
  const second = await askToken()
  await advance(7201)
  const stale = await sandbox.ask('POST', `/wxa/business/getuserphonenumber?access_token=${second.access_token}`, { code: 'x' })
  assert.equal(stale.errcode, 42001)
  assert.notEqual((await askToken()).access_token, second.access_token)
  assert.equal((await askToken({ secret: 'no' })).errcode, 40125)
  assert.equal((await askToken({ appid: 'no' })).errcode, 40013)
})

test('a sign-in code works once, for five minutes, at its own app', async () => {
  const code = await login('reader')
  assert.equal((await exchange(code, other)).errcode, 40029)
  const session = await exchange(code)
  assert.match(session.openid, /^o[\w-]{27}$/)
  assert.equal(Buffer.from(session.session_key, 'base64').length, 16)
  assert.equal((await exchange(code)).errcode, 40163)
  const again = await exchange(await login('reader'))
  assert.equal(again.openid, session.openid)
  assert.notEqual(again.session_key, session.session_key)
  const late = await login('reader')
  await advance(301)
  assert.equal((await exchange(late)).errcode, 40029)
  assert.equal((await exchange('invented')).errcode, 40029)
})

test('a page of another origin may use the phone', async () => {
  const asked = await fetch(`${sandbox.url}/__client/login`, { method: 'OPTIONS', headers: { origin: 'http://localhost:1', 'access-control-request-method': 'POST' } })
  assert.equal(asked.status, 204)
  assert.equal(asked.headers.get('access-control-allow-origin'), '*')
  assert.equal(asked.headers.get('access-control-allow-headers'), 'content-type')
})

test('a phone code gives the number once', async () => {
  const { access_token } = await askToken()
  const { code } = await sandbox.ask('POST', '/__client/phone', { appid: account.appid, user: 'reader', phone: '13912345678' })
  const ask = () => sandbox.ask('POST', `/wxa/business/getuserphonenumber?access_token=${access_token}`, { code })
  const told = await ask()
  assert.equal(told.phone_info.purePhoneNumber, '13912345678')
  assert.equal(told.phone_info.watermark.appid, account.appid)
  assert.equal((await ask()).errcode, 40029)
})

test('a mini-program code can really be scanned', async () => {
  const { access_token } = await askToken()
  const answer = await fetch(`${sandbox.url}/wxa/getwxacodeunlimit?access_token=${access_token}`, { method: 'POST', body: JSON.stringify({ scene: 'c=abc&s=1', page: 'pages/course', check_path: false }) })
  assert.equal(answer.headers.get('content-type'), 'image/png')
  const { data, info } = await sharp(Buffer.from(await answer.arrayBuffer())).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const read = (jsQR as unknown as typeof jsQR.default)(new Uint8ClampedArray(data), info.width, info.height)
  const link = new URL(read?.data ?? '')
  assert.equal(link.searchParams.get('scene'), 'c=abc&s=1')
  assert.equal((await fetch(link)).status, 200)
  const long = await sandbox.ask('POST', `/wxa/getwxacodeunlimit?access_token=${access_token}`, { scene: 'x'.repeat(33) })
  assert.equal(long.errcode, 40169)
})

test('one accepted subscription is one message', async () => {
  const { access_token } = await askToken()
  const { openid } = await exchange(await login('listener'))
  const send = (more = {}) => sandbox.ask('POST', `/cgi-bin/message/subscribe/send?access_token=${access_token}`, { touser: openid, template_id: 'T1', data: { thing1: { value: '开课了' } }, ...more })
  assert.equal((await send()).errcode, 43101)
  await sandbox.ask('POST', '/__client/subscribe', { appid: account.appid, user: 'listener', template_id: 'T1' })
  assert.equal((await send()).errcode, 0)
  assert.equal((await send()).errcode, 43101)
  assert.equal((await send({ touser: 'oNobody' })).errcode, 40003)
  assert.equal((await sandbox.ask('GET', `/__sim/messages?tenant=${account.appid}`)).items[0].data.thing1.value, '开课了')
})
