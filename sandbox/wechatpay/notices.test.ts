// WeChat Pay's notices: the schedule on the virtual clock, what counts as received, and every way a test can disturb them.
import assert from 'node:assert/strict'
import { createDecipheriv, createVerify } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import { RETRY_SECONDS } from '../deliveries.ts'
import { askSigned, openListener, openSandbox, waitUntil } from '../harness.ts'
import type { Account, Got, Json, Listener } from '../harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let listener: Listener
let account: Account
let count = 0

before(async () => {
  sandbox = await openSandbox()
  listener = await openListener()
  account = await sandbox.tenant()
})
after(async () => {
  await sandbox.stop()
  await listener.stop()
})
afterEach(async () => {
  listener.answer = () => ({ status: 204 })
  for (const one of await deliveries()) if (one.state === 'pending') await sandbox.ask('POST', `/__sim/deliveries/${one.id}/drop`)
})

async function pay(doing = 'pay'): Promise<string> {
  count += 1
  const number = `NOTICE_${count}`
  const body = JSON.stringify({ appid: account.appid, mchid: account.mchid, description: '课程', out_trade_no: number, notify_url: `${listener.url}/${number}`, amount: { total: 100 } })
  assert.equal((await askSigned(sandbox.url, account.env, { method: 'POST', path: '/v3/pay/transactions/native', body })).status, 200)
  await sandbox.ask('POST', '/__client/cashier', { tenant: account.appid, out_trade_no: number, do: doing })
  return number
}

const fault = (kind: string, more = {}) => sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind, ...more })
const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds })
const gotFor = (number: string) => listener.got.filter((got) => got.url === `/${number}`)
const deliveries = async (number?: string): Promise<Json[]> => (await sandbox.ask('GET', `/__sim/deliveries?tenant=${account.appid}${number === undefined ? '' : `&subject=${number}`}`)).items
const arrived = (number: string, times = 1) => waitUntil(() => gotFor(number).length >= times, `${number} has arrived ${times} times`)
const settled = (number: string, tries: number) => waitUntil(async () => (await deliveries(number))[0]?.attempts.length >= tries, `${number} was tried ${tries} times`)

function isGenuine(got: Got): boolean {
  const { WECHATPAY_PUBLIC_KEY: key = '' } = account.env
  const message = `${got.headers['wechatpay-timestamp']}\n${got.headers['wechatpay-nonce']}\n${got.body}\n`
  return createVerify('sha256').update(message).verify(key, String(got.headers['wechatpay-signature']), 'base64')
}

function open(got: Got, key = account.env.WECHATPAY_APIV3_KEY): Json {
  const { resource } = JSON.parse(got.body) as Json
  const sealed = Buffer.from(resource.ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, resource.nonce).setAAD(Buffer.from(resource.associated_data)).setAuthTag(sealed.subarray(-16))
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('utf8')) as Json
}

test('a refused notice is sent again on the documented schedule, sixteen times in 24 hours and 4 minutes', async () => {
  listener.answer = () => ({ status: 500 })
  const number = await pay()
  await settled(number, 1)
  await advance(24 * 3600 + 4 * 60 + 1)
  const [delivery] = await deliveries(number)
  assert.equal(delivery.state, 'exhausted')
  const times = delivery.attempts.map((one: Json) => Date.parse(one.virtualAt) / 1000)
  const pauses = times.slice(1).map((at: number, index: number) => at - times[index])
  assert.equal(pauses.length, RETRY_SECONDS.length)
  pauses.forEach((pause: number, index: number) => assert.ok(Math.abs(pause - (RETRY_SECONDS[index] ?? 0)) <= 1, `pause ${index} was ${pause}`))
  assert.equal(new Set(gotFor(number).map((got) => (JSON.parse(got.body) as Json).id)).size, 1, 'it is the same event each time')
  assert.ok(gotFor(number).every(isGenuine))
})

test('200 and 204 stop the notices, anything else does not', async () => {
  for (const [status, state] of [[200, 'delivered'], [204, 'delivered'], [302, 'pending'], [401, 'pending'], [500, 'pending']] as const) {
    listener.answer = () => ({ status })
    const number = await pay()
    await settled(number, 1)
    assert.equal((await deliveries(number))[0].state, state, `after ${status}`)
  }
})

test('an answer after five seconds is no answer', async () => {
  listener.answer = () => ({ status: 204, afterMs: 6000 })
  const number = await pay()
  await settled(number, 1)
  const [delivery] = await deliveries(number)
  assert.equal(delivery.state, 'pending')
  assert.equal(delivery.attempts[0].status, 0)
})

test('a hundred notices travel side by side', async () => {
  listener.answer = () => ({ status: 204, afterMs: 200 })
  const numbers = await Promise.all(Array.from({ length: 100 }, () => pay()))
  const startedAt = Date.now()
  await Promise.all(numbers.map((number) => arrived(number)))
  assert.ok(Date.now() - startedAt < 5000, 'one after another they would take twenty seconds')
})

test('dropped, delayed, doubled and turned-round notices', async () => {
  await fault('drop_notice')
  const dropped = await pay()
  assert.equal((await deliveries(dropped))[0].state, 'dropped')
  await fault('delay_notice', { delaySeconds: 3600 })
  const delayed = await pay()
  assert.equal(gotFor(delayed).length, 0)
  await advance(3601)
  assert.equal(gotFor(delayed).length, 1)
  await fault('duplicate_notice', { copies: 5 })
  const doubled = await pay()
  await arrived(doubled, 5)
  await fault('reorder_notices', { count: 2 })
  const [first, second] = [await pay(), await pay()]
  await Promise.all([arrived(first), arrived(second)])
  assert.ok(listener.got.indexOf(gotFor(second)[0] as Got) < listener.got.indexOf(gotFor(first)[0] as Got))
  assert.equal(gotFor(dropped).length, 0)
})

test('a delivery can be replayed', async () => {
  const number = await pay()
  await settled(number, 1)
  const [delivery] = await deliveries(number)
  await sandbox.ask('POST', `/__sim/deliveries/${delivery.id}/replay`)
  assert.equal(gotFor(number).length, 2)
})

test('a signature probe comes first and the right notice after it', async () => {
  listener.answer = (got) => ({ status: isGenuine(got) ? 204 : 401 })
  await fault('signtest_notice')
  const number = await pay()
  await settled(number, 1)
  assert.match(String(gotFor(number)[0]?.headers['wechatpay-signature']), /^WECHATPAY\/SIGNTEST\//)
  await advance(16)
  assert.equal((await deliveries(number))[0].state, 'delivered')
  assert.ok(isGenuine(gotFor(number)[1] as Got))
})

test('forged, stale, unsigned, unknown and tampered notices are what they say', async () => {
  const received = async (kind: string) => {
    await fault(kind)
    const number = await pay()
    await arrived(number)
    return gotFor(number)[0] as Got
  }
  assert.equal(isGenuine(await received('forge_notice')), false)
  const stale = await received('stale_notice')
  assert.ok(isGenuine(stale) && Number(stale.headers['wechatpay-timestamp']) < Date.now() / 1000 - 301)
  assert.equal((await received('unsigned_notice')).headers['wechatpay-signature'], undefined)
  assert.notEqual((await received('unknown_serial_notice')).headers['wechatpay-serial'], account.env['WECHATPAY_PUBLIC_KEY_ID'])
  const tampered = await received('tamper_notice')
  assert.ok(isGenuine(tampered))
  assert.throws(() => open(tampered))
})

test('mismatches are genuine notices that tell something else', async () => {
  const told = async (kind: string) => {
    await fault(kind)
    const number = await pay()
    await arrived(number)
    assert.ok(isGenuine(gotFor(number)[0] as Got))
    return { number, ...open(gotFor(number)[0] as Got) }
  }
  assert.equal((await told('mismatch_amount')).amount.total, 1)
  assert.equal((await told('mismatch_currency')).amount.currency, 'USD')
  assert.notEqual((await told('mismatch_mchid')).mchid, account.mchid)
  assert.notEqual((await told('mismatch_appid')).appid, account.appid)
  const elsewhere = await told('mismatch_out_trade_no')
  assert.notEqual(elsewhere.out_trade_no, elsewhere.number)
})

test('a query can tell something else too, when the fault names it', async () => {
  const number = await pay()
  const ask = async () => (await askSigned(sandbox.url, account.env, { method: 'GET', path: `/v3/pay/transactions/out-trade-no/${number}?mchid=${account.mchid}` })).json.amount.total
  await fault('mismatch_amount', { api: 'query', value: 7 })
  assert.equal(await ask(), 7)
  assert.equal(await ask(), 100)
})

test('associated data may be empty, and the old APIv3 key does not open what the new one sealed', async () => {
  await fault('empty_associated_data')
  const bare = await pay()
  await arrived(bare)
  assert.equal((JSON.parse(gotFor(bare)[0]?.body ?? '') as Json).resource.associated_data, '')
  assert.equal(open(gotFor(bare)[0] as Got).out_trade_no, bare)
  const before = account.env.WECHATPAY_APIV3_KEY
  const rotated = await sandbox.ask('POST', `/__sim/tenants/${account.appid}/rotate-apiv3-key`)
  assert.equal(rotated.env.WECHATPAY_APIV3_KEY_PREVIOUS, before)
  account.env.WECHATPAY_APIV3_KEY = rotated.env.WECHATPAY_APIV3_KEY
  const fresh = await pay()
  await arrived(fresh)
  assert.equal(open(gotFor(fresh)[0] as Got).out_trade_no, fresh)
  assert.throws(() => open(gotFor(fresh)[0] as Got, before))
})

test('during a gray switch both keys sign notices', async () => {
  const gray = await sandbox.tenant({ mode: 'gray' })
  const mine = account
  account = gray
  const numbers = await Promise.all(Array.from({ length: 24 }, () => pay()))
  await Promise.all(numbers.map((number) => arrived(number)))
  account = mine
  assert.equal(new Set(numbers.map((number) => gotFor(number)[0]?.headers['wechatpay-serial'])).size, 2)
})

test('a refund is told to its own address', async () => {
  const number = await pay()
  const body = JSON.stringify({ out_trade_no: number, out_refund_no: `R_${number}`, notify_url: `${listener.url}/refunded`, amount: { refund: 100, total: 100, currency: 'CNY' } })
  await askSigned(sandbox.url, account.env, { method: 'POST', path: '/v3/refund/domestic/refunds', body })
  await advance(4)
  await arrived('refunded')
  const got = gotFor('refunded')[0] as Got
  assert.equal((JSON.parse(got.body) as Json).event_type, 'REFUND.SUCCESS')
  const told = open(got)
  assert.equal(told.refund_status, 'SUCCESS')
  assert.equal(told.out_refund_no, `R_${number}`)
  assert.equal(told.amount.refund, 100)
})

test('a notice can overtake the answer to the order', async () => {
  await fault('pay_before_answer', { api: 'prepay' })
  const number = `NOTICE_${(count += 1)}`
  const body = JSON.stringify({ appid: account.appid, mchid: account.mchid, description: '课程', out_trade_no: number, notify_url: `${listener.url}/${number}`, amount: { total: 100 } })
  await askSigned(sandbox.url, account.env, { method: 'POST', path: '/v3/pay/transactions/native', body })
  assert.equal(gotFor(number).length, 1)
})

test('a platform that waits for no answer has told all the same, and tells it again', async () => {
  await fault('impatient_notice')
  const number = await pay()
  await arrived(number)
  await settled(number, 1)
  await advance(15)
  await arrived(number, 2)
  await waitUntil(async () => (await deliveries(number))[0]?.state === 'delivered', 'the second is answered')
  assert.deepEqual((await deliveries(number))[0]?.attempts.map((one: Json) => [one.status, one.accepted]), [[0, false], [204, true]])
})
