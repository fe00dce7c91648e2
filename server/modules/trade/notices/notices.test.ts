// Which notices are believed, and that believing one twice changes nothing: F1, F3, F11, F13 to F19 over HTTP.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { cents } from '#contracts/words/money.ts'
import { sweepNotices } from '#modules/trade/notices/actions.ts'
import { readConfig } from '#server/config.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { readCounters, until } from '#server/test/server.ts'

let shop: Shop

before(async () => {
  shop = await openShop({ mode: 'gray', keyRotated: true })
})
after(() => shop.stop())

/** A buyer whose payment is made at the cashier while a fault waits for its notice. */
async function payUnder(kind: string, more: object = {}, how = 'pay') {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  await shop.fault(kind, { api: 'wechatpay', ...more })
  await shop.cashier(code, how)
  return { buyer, order, outTradeNo }
}

const firstTry = (number: string) => until(async () => (await shop.deliveries(number))[0]?.attempts[0])

async function countRefused(reason: string): Promise<number> {
  const text = await readCounters(shop.app.url)
  return [...text.matchAll(/^callbacks_refused_total\{(.*)\} (\d+)$/gm)].filter(([, labels]) => labels?.includes(`reason="${reason}"`)).reduce((sum, [, , count]) => sum + Number(count), 0)
}

test('F1: a notice that comes fifteen times at once is answered with 2xx each time and is one sale', async () => {
  const { buyer, order, outTradeNo } = await payUnder('duplicate_notice', { copies: 15 })
  await shop.becomes(buyer, order, 'paid')
  const [delivery] = await until(async () => {
    const all = await shop.deliveries(outTradeNo)
    return all[0]?.attempts.length === 15 && all
  })
  assert.deepEqual(delivery.attempts.map((attempt: { status: number }) => attempt.status), Array(15).fill(200))
  assert.equal((await shop.notices(outTradeNo)).length, 1)
  await shop.soldOnce(buyer, order, shop.course)
})

test('F3: a notice a day late finds the order paid by asking and does nothing', async () => {
  const { buyer, order, outTradeNo } = await payUnder('delay_notice', { delaySeconds: 86_400 })
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)).state, 'paid')
  const before = await shop.seen(buyer, order)
  await shop.advance(86_401)
  const [notice] = await until(async () => {
    const all = await shop.notices(outTradeNo)
    return all[0]?.handledAt && all
  })
  assert.equal(notice.outcome, 'repeated')
  assert.deepEqual(await shop.seen(buyer, order), before)
  await shop.soldOnce(buyer, order, shop.course)
})

for (const [kind, reason] of [['mismatch_amount', 'total'], ['mismatch_currency', 'currency'], ['mismatch_mchid', 'mchid'], ['mismatch_appid', 'appid']] as const)
  test(`F11: a genuine notice with another ${reason} grants nothing and waits for a person`, async () => {
    const { buyer, order, outTradeNo } = await payUnder(kind)
    const [notice] = await until(async () => {
      const found = await shop.notices(outTradeNo)
      return found[0]?.outcome && found
    })
    assert.equal(notice.outcome, 'mismatched')
    assert.match(notice.why, new RegExp(reason))
    assert.ok((await shop.desk('GET /console/notices?attention=true')).items.some((one: { id: string }) => one.id === notice.id))
    const seen = await shop.seen(buyer, order)
    assert.equal(seen.state, 'placed')
    assert.equal(seen.timeline.at(-1).what, 'mismatch')
    assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['mismatched'])
    await shop.notSold(buyer, order, shop.course)
  })

test('F11: a genuine notice for a number that is not ours grants nothing and waits for a person', async () => {
  const { buyer, order } = await payUnder('mismatch_out_trade_no', { value: 'X00000000000000000001' })
  const [notice] = await until(async () => {
    const found = await shop.notices('X00000000000000000001')
    return found[0]?.outcome && found
  })
  assert.equal(notice.outcome, 'unknown_order')
  await shop.notSold(buyer, order, shop.course)
})

for (const [kind, reason, name] of [
  ['forge_notice', 'signature_wrong', "F13: a notice signed with the merchant's own key"],
  ['unsigned_notice', 'header_missing', 'F13: a notice without a signature'],
  ['stale_notice', 'timestamp_skewed', 'F14: a notice replayed an hour later'],
  ['future_notice', 'timestamp_skewed', 'F14: a notice from an hour ahead'],
  ['signtest_notice', 'signature_probe', 'F16: a signature probe'],
  ['unknown_serial_notice', 'serial_unknown', 'F17: a notice of an unknown serial'],
  ['tamper_notice', 'cannot_decrypt', 'F18: a rightly signed notice whose ciphertext was changed'],
] as const)
  test(`${name} is refused and counted; the right one that follows is accepted`, async () => {
    const before = await countRefused(reason)
    const { buyer, order, outTradeNo } = await payUnder(kind)
    assert.equal((await firstTry(outTradeNo)).status, 401)
    assert.equal(await countRefused(reason), before + 1)
    assert.equal((await shop.seen(buyer, order)).state, 'placed')
    await shop.notSold(buyer, order, shop.course)
    await shop.advance(15)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

test("F13: a genuine notice of another tenant's payment, sent to us, is refused", async () => {
  const other = await shop.app.sandbox.tenant()
  const gateway = openWechatPay(readConfig({ ...other.env, DATABASE_URL: 'postgres://unused', SECRET: 'a secret that only tests know, 32+ chars' }).wechatPay, () => new Date())
  const before = await countRefused('serial_unknown')
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.begin(buyer, order)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  const told = await gateway.prepayNative({ outTradeNo, description: '别家的课', total: cents(shop.course.price), notifyUrl: `${shop.app.url}/api/callbacks/wechatpay`, expiresAt: new Date(Date.now() + 600_000) })
  assert.equal(told.outcome, 'done')
  await shop.sim('POST', '/__client/cashier', { out_trade_no: outTradeNo, tenant: other.appid, do: 'pay' })
  await until(async () => (await countRefused('serial_unknown')) > before)
  assert.equal((await shop.seen(buyer, order)).state, 'placed')
  await shop.notSold(buyer, order, shop.course)
})

test('F15: a notice replayed within its window is answered and changes nothing', async () => {
  const { buyer, order, outTradeNo } = await payUnder('duplicate_notice', { copies: 1 })
  await shop.becomes(buyer, order, 'paid')
  const [delivery] = await shop.deliveries(outTradeNo)
  const before = await shop.seen(buyer, order)
  const replayed = await shop.sim('POST', `/__sim/deliveries/${delivery.id}/replay`)
  assert.equal(replayed.attempts.at(-1).status, 200)
  assert.deepEqual(await shop.seen(buyer, order), before)
  await shop.soldOnce(buyer, order, shop.course)
})

test('F17: a flood of unknown serials makes us call nobody', async () => {
  const requests = async () => (await shop.sim('GET', `/__sim/requests?tenant=${shop.app.tenant.appid}`)).items.length
  const before = await requests()
  const headers = { 'content-type': 'application/json', 'wechatpay-timestamp': String(Math.floor(Date.now() / 1000)), 'wechatpay-nonce': 'n'.repeat(32), 'wechatpay-signature': 'A'.repeat(344) }
  const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => fetch(`${shop.app.url}/api/callbacks/wechatpay`, { method: 'POST', headers: { ...headers, 'wechatpay-serial': `PUB_KEY_ID_01${at}` }, body: '{}' })))
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [401])
  assert.equal(await requests(), before)
})

test('F18: a notice sealed with a key that is not ours stays refused, is an alarm, and the payment is found by asking', async () => {
  const before = await countRefused('cannot_decrypt')
  const { buyer, order, outTradeNo } = await payUnder('wrong_apiv3_key')
  assert.equal((await firstTry(outTradeNo)).status, 401)
  await shop.advance(35)
  assert.ok((await countRefused('cannot_decrypt')) >= before + 2)
  await shop.notSold(buyer, order, shop.course)
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)).state, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('F18: after the APIv3 key was rotated, a notice sealed with the previous one still opens', async () => {
  const { buyer, order } = await payUnder('previous_apiv3_key')
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

for (const kind of ['certificate_notice', 'public_key_notice', 'empty_associated_data'])
  test(`F19, I10: during a gray switch a notice that is a ${kind.replaceAll('_', ' ')} is accepted`, async () => {
    const { buyer, order, outTradeNo } = await payUnder(kind)
    assert.equal((await firstTry(outTradeNo)).status, 200)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

for (const headers of [{ host: 'localhost' }, { 'x-forwarded-host': '127.0.0.1' }, { 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1' }])
  test(`I1: an unsigned notice that says it comes from ${JSON.stringify(headers)} is refused`, async () => {
    const body = JSON.stringify({ id: 'EV-1', event_type: 'TRANSACTION.SUCCESS', resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext: 'AAAA', nonce: 'abcdefghijkl', associated_data: '' } })
    const answer = await fetch(`${shop.app.url}/api/callbacks/wechatpay`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
    assert.equal(answer.status, 401)
    assert.equal(((await answer.json()) as { code: string }).code, 'FAIL')
  })

test('F27: a notice that was kept and answered but not handled is handled by the sweep, once, and a broken one does not hold it up', async () => {
  const { db } = shop.app.app.ctx
  await db.query({ text: 'alter table entitlements add constraint broken check (false) not valid', values: [], __sql: true })
  const broken = await payUnder('public_key_notice')
  const { buyer, order, outTradeNo } = await payUnder('public_key_notice')
  for (const one of [broken, { buyer, order, outTradeNo }]) {
    assert.equal((await firstTry(one.outTradeNo)).status, 200)
    assert.deepEqual((await shop.notices(one.outTradeNo)).map((notice) => notice.handledAt), [null])
    assert.equal((await shop.seen(one.buyer, one.order)).state, 'placed')
  }
  await db.query({ text: `alter table entitlements drop constraint broken, add constraint broken check (order_id <> '${broken.order.id}') not valid`, values: [], __sql: true })
  await Promise.all([sweepNotices(shop.app.app.ctx), sweepNotices(shop.app.app.ctx)])
  await shop.soldOnce(buyer, order, shop.course)
  await shop.notSold(broken.buyer, broken.order, shop.course)
  await db.query({ text: 'alter table entitlements drop constraint broken', values: [], __sql: true })
  await sweepNotices(shop.app.app.ctx)
  await shop.soldOnce(broken.buyer, broken.order, shop.course)
  assert.deepEqual((await shop.notices(broken.outTradeNo)).map((notice) => notice.outcome), ['settled'])
})
