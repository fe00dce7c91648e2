// Virtual payment: goods that take their time, a pay sheet that checks both signatures, pushes in safe mode until ErrCode is 0.
import assert from 'node:assert/strict'
import { createDecipheriv, createHash, createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openListener, openSandbox, waitUntil } from '../harness.ts'
import type { Account, Got, Json, Listener } from '../harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let listener: Listener
let account: Account
let token = ''
let session = { openid: '', session_key: '' }
let count = 0
const DONE = { status: 200, body: '{"ErrCode":0,"ErrMsg":"success"}' }

before(async () => {
  sandbox = await openSandbox()
  listener = await openListener()
  account = await sandbox.tenant({ publishSeconds: 600 })
  await sandbox.ask('PUT', `/__sim/tenants/${account.appid}/push-url`, { url: `${listener.url}/push` })
  const { env } = account
  token = (await sandbox.ask('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: account.appid, secret: env['WECHAT_SECRET'] })).access_token
  session = await signIn('reader')
  await publish('course_1', 19900)
  await advance(610)
})
after(async () => {
  await sandbox.stop()
  await listener.stop()
})

async function signIn(user: string): Promise<{ openid: string; session_key: string }> {
  const { code } = await sandbox.ask('POST', '/__client/login', { appid: account.appid, user })
  return sandbox.ask('GET', `/sns/jscode2session?appid=${account.appid}&secret=${account.env['WECHAT_SECRET']}&js_code=${code}&grant_type=authorization_code`)
}

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')
const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds })

async function call(name: string, body: object, paySig?: string): Promise<Json> {
  const text = JSON.stringify({ env: 0, ...body })
  const signature = paySig ?? hmac(account.env['XPAY_APP_KEY'] ?? '', `/xpay/${name}&${text}`)
  const answer = await fetch(`${sandbox.url}/xpay/${name}?access_token=${token}&pay_sig=${signature}`, { method: 'POST', body: text })
  return answer.json()
}

async function publish(id: string, price: number): Promise<void> {
  assert.equal((await call('start_upload_goods', { upload_item: [{ id, name: id, price, remark: '', item_url: 'https://a.example/a.png' }] })).errcode, 0)
  await advance(3)
  assert.equal((await call('start_publish_goods', { publish_item: [{ id }] })).errcode, 0)
  await advance(3)
}

async function openSheet(more: object = {}, spoil: { mode?: string; signature?: string; paySig?: string; do?: string } = {}): Promise<Json> {
  count += 1
  const data = { offerId: account.env['XPAY_OFFER_ID'], buyQuantity: 1, env: 0, currencyType: 'CNY', productId: 'course_1', goodsPrice: 19900, outTradeNo: `VIRTUAL_${count}`, attach: '{}', ...more }
  const signData = JSON.stringify(data)
  const paySig = hmac(account.env['XPAY_APP_KEY'] ?? '', `requestVirtualPayment&${signData}`)
  const signature = hmac(session.session_key, signData)
  const answer = await sandbox.ask('POST', '/__client/xpay/pay', { appid: account.appid, user: 'reader', mode: 'short_series_goods', signData, paySig, signature, ...spoil })
  return { ...answer, number: data.outTradeNo }
}

function open(got: Got): Json {
  const { env } = account
  const query = new URL(got.url, 'http://a').searchParams
  const encrypt = got.body.startsWith('<') ? /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(got.body)?.[1] ?? '' : (JSON.parse(got.body) as Json).Encrypt
  const words = [env['WECHAT_PUSH_TOKEN'] ?? '', query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypt]
  assert.equal(createHash('sha1').update(words.toSorted().join('')).digest('hex'), query.get('msg_signature'))
  const key = Buffer.from(`${env['WECHAT_PUSH_AES_KEY']}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()])
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
  const length = plain.readUInt32BE(16)
  const text = plain.subarray(20, 20 + length).toString('utf8')
  return { told: text.startsWith('<') ? text : JSON.parse(text), tail: plain.subarray(20 + length).toString('utf8') }
}

const pushesFor = (number: string) => listener.got.filter((got) => got.body !== '' && JSON.stringify(open(got).told).includes(number))

test('pay_sig and the token are checked', async () => {
  assert.equal((await call('query_order', { openid: session.openid, order_id: 'x' }, 'A'.repeat(64))).errcode, 268490003)
  const bare = await sandbox.ask('POST', '/xpay/query_order?pay_sig=1', {})
  assert.equal(bare.errcode, 41001)
  const wrong = await sandbox.ask('POST', '/xpay/query_order?access_token=no&pay_sig=1', {})
  assert.equal(wrong.errcode, 40001)
})

test('goods are uploaded, published, and fit to be bought only after a while', async () => {
  assert.equal((await openSheet({ productId: 'course_2', goodsPrice: 500 })).errCode, -15010)
  assert.equal((await call('start_upload_goods', { upload_item: [{ id: 'course_2', name: '二', price: 500 }] })).errcode, 0)
  assert.equal((await call('query_upload_goods', {})).status, 1)
  assert.equal((await call('start_upload_goods', { upload_item: [{ id: 'course_3', name: '三', price: 500 }] })).errcode, 268490011)
  await advance(3)
  assert.equal((await call('query_upload_goods', {})).status, 3)
  assert.equal((await call('start_publish_goods', { publish_item: [{ id: 'nothing' }] })).errcode, 268490002)
  assert.equal((await call('start_publish_goods', { publish_item: [{ id: 'course_2' }] })).errcode, 0)
  await advance(3)
  const published = await call('query_publish_goods', {})
  assert.equal(published.publish_item.find((one: Json) => one.id === 'course_2').publish_status, 2)
  assert.equal((await openSheet({ productId: 'course_2', goodsPrice: 500 })).errCode, -15014)
  await advance(600)
  assert.equal((await openSheet({ productId: 'course_2', goodsPrice: 500 })).errCode, 0)
})

for (const [words, more, spoil, code] of [
  ['a price that is not the published one', { goodsPrice: 199 }, {}, -15013],
  ['an unpublished item', { productId: 'absent' }, {}, -15010],
  ['another offer', { offerId: '1' }, {}, -15002],
  ['a number starting with _', { outTradeNo: '_1234567' }, {}, -15002],
  ['a short number', { outTradeNo: '1234567' }, {}, -15002],
  ['no quantity', { buyQuantity: 0 }, {}, -15002],
  ['a wrong signature', {}, { signature: '0'.repeat(64) }, -15005],
  ['a wrong paySig', {}, { paySig: '0'.repeat(64) }, -15006],
  ['an unknown mode', {}, { mode: 'short_series_film' }, -15002],
  ['a payer who gives up', {}, { do: 'cancel' }, -2],
] as const) {
  test(`the pay sheet refuses ${words}`, async () => {
    const answer = await openSheet(more, spoil)
    assert.equal(answer.errCode, code)
    assert.match(answer.errMsg, /^requestVirtualPayment:fail/)
  })
}

test('an old session key no longer signs', async () => {
  await sandbox.ask('POST', '/__client/expire-session', { appid: account.appid, user: 'reader' })
  assert.equal((await openSheet()).errCode, -15005)
  session = await signIn('reader')
  assert.equal((await openSheet()).errCode, 0)
})

test('a number can be used once', async () => {
  await openSheet({ outTradeNo: 'ONCE_ONLY' })
  assert.equal((await openSheet({ outTradeNo: 'ONCE_ONLY' })).errCode, -15003)
})

test('payment is pushed encrypted until ErrCode is 0, and shows in the query', async () => {
  listener.answer = () => ({ status: 200, body: '{"ErrCode":1,"ErrMsg":"later"}' })
  const { number } = await openSheet()
  await waitUntil(() => pushesFor(number).length === 1, 'the first push')
  const { told, tail } = open(pushesFor(number)[0] as Got)
  assert.equal(tail, account.appid)
  assert.equal(told.Event, 'xpay_goods_deliver_notify')
  assert.equal(told.OpenId, session.openid)
  assert.equal(told.Env, 0)
  assert.deepEqual(told.GoodsInfo, { ProductId: 'course_1', Quantity: 1, OrigPrice: 19900, ActualPrice: 19900, Attach: '{}' })
  listener.answer = () => DONE
  await waitUntil(async () => (await sandbox.ask('GET', `/__sim/deliveries?subject=${number}`)).items[0].attempts.length === 1, 'the refusal is noted')
  await advance(16)
  assert.equal(pushesFor(number).length, 2)
  assert.equal(open(pushesFor(number)[1] as Got).told.RetryTimes, 1)
  assert.equal((await sandbox.ask('GET', `/__sim/deliveries?subject=${number}`)).items[0].state, 'delivered')
  const { order } = await call('query_order', { openid: session.openid, order_id: number })
  assert.equal(order.status, 2)
  assert.equal(order.paid_fee, 19900)
  assert.equal((await call('notify_provide_goods', { order_id: number })).errcode, 0)
  assert.equal((await call('notify_provide_goods', { order_id: number })).errcode, 268490004)
  assert.equal((await call('query_order', { openid: session.openid, order_id: number })).order.status, 4)
  assert.equal((await call('query_order', { openid: session.openid, order_id: 'NO_SUCH_ORDER' })).errcode, 268490002)
})

test('a refund of the whole sum is idempotent and pushed', async () => {
  listener.answer = () => DONE
  const { number } = await openSheet()
  const ask = { openid: session.openid, order_id: number, refund_order_id: `${number}_R`, left_fee: 19900, refund_fee: 19900, refund_reason: '3', req_from: '2' }
  assert.equal((await call('refund_order', { ...ask, left_fee: 1 })).errcode, 268490002)
  const first = await call('refund_order', ask)
  assert.equal(first.errcode, 0)
  assert.deepEqual(await call('refund_order', ask), first)
  assert.deepEqual((({ left_fee, refund_fee }) => [left_fee, refund_fee])((await call('query_order', { openid: session.openid, order_id: number })).order), [0, 0])
  await advance(5)
  assert.equal((await call('query_order', { openid: session.openid, order_id: number })).order.status, 5)
  await waitUntil(() => pushesFor(number).some((got) => open(got).told.Event === 'xpay_refund_notify'), 'the refund is pushed')
  assert.equal((await sandbox.ask('GET', `/__sim/ledger?tenant=${account.appid}`)).balanced, true)
})

/** A call about somebody's coins, signed by their session too. */
async function callAs(name: string, body: object, sessionKey = session.session_key): Promise<Json> {
  const text = JSON.stringify({ openid: session.openid, env: 0, user_ip: '1.1.1.1', ...body })
  const query = `access_token=${token}&pay_sig=${hmac(account.env['XPAY_APP_KEY'] ?? '', `/xpay/${name}&${text}`)}&signature=${hmac(sessionKey, text)}`
  return (await fetch(`${sandbox.url}/xpay/${name}?${query}`, { method: 'POST', body: text })).json()
}
const buyCoins = (buyQuantity: number) => openSheet({ buyQuantity, productId: undefined, goodsPrice: undefined }, { mode: 'short_series_coin' })

test('coins are bought at the coin\'s own price, told by a push of their own, and are there at once', async () => {
  listener.answer = () => DONE
  const { number, errCode } = await buyCoins(300)
  assert.equal(errCode, 0)
  await waitUntil(() => pushesFor(number).length === 1, 'the push')
  const { told } = open(pushesFor(number)[0] as Got)
  assert.equal(told.Event, 'xpay_coin_pay_notify')
  assert.deepEqual([told.CoinInfo, told.GoodsInfo], [{ Quantity: 300, OrigPrice: 3000, ActualPrice: 3000, Attach: '{}' }, undefined])
  assert.deepEqual((({ status, order_fee, paid_fee }) => [status, order_fee, paid_fee])((await call('query_order', { openid: session.openid, order_id: number })).order), [4, 3000, 3000])
  const { balance, present_balance, sum_save, sum_cost } = await callAs('query_user_balance', {})
  assert.deepEqual([balance, present_balance, sum_save, sum_cost], [300, 0, 300, 0])
})

test('a number spends once, gives back at most what it spent, and only the present session of the holder signs', async () => {
  const pay = { order_id: 'SPEND_0001', amount: 120, payitem: '[]', remark: '' }
  assert.equal((await callAs('currency_pay', pay, 'another key')).errcode, 268490009)
  assert.equal((await callAs('currency_pay', { ...pay, amount: 301 })).errcode, 268490006)
  assert.equal((await call('present_currency', { openid: session.openid, order_id: 'GIFT_0001', amount: 50 })).present_balance, 50)
  const spent = await callAs('currency_pay', pay)
  assert.deepEqual([spent.errcode, spent.balance, spent.used_present_amount], [0, 230, 50])
  assert.equal((await callAs('currency_pay', pay)).errcode, 268490004)
  const back = { pay_order_id: 'SPEND_0001', order_id: 'BACK_0001', amount: 100 }
  assert.equal((await callAs('cancel_currency_pay', { ...back, pay_order_id: 'NOBODYS_1' })).errcode, 268490002)
  assert.equal((await callAs('cancel_currency_pay', back)).errcode, 0)
  assert.equal((await callAs('cancel_currency_pay', back)).errcode, 268490004)
  assert.equal((await callAs('cancel_currency_pay', { ...back, order_id: 'BACK_0002' })).errcode, 268490006)
  const { balance, present_balance } = await callAs('query_user_balance', {})
  assert.deepEqual([balance, present_balance], [330, 30])
  assert.equal((await sandbox.ask('GET', `/__sim/coins?tenant=${account.appid}`)).addsUp, true)
})

test('a coin that is not published is neither sold nor spent', async () => {
  await sandbox.ask('PATCH', `/__sim/tenants/${account.appid}`, { coinPerYuan: 10, coinPublished: false })
  assert.equal((await buyCoins(10)).errCode, -15010)
  assert.equal((await callAs('currency_pay', { order_id: 'SPEND_0002', amount: 1, payitem: '[]' })).errcode, 268490008)
  await sandbox.ask('PATCH', `/__sim/tenants/${account.appid}`, { coinPerYuan: 10 })
  assert.equal((await buyCoins(10)).errCode, 0)
})

test('pushes in XML, with a wrong tail, forged, and telling another price', async () => {
  listener.answer = () => DONE
  const receivedWith = async (kind?: string) => {
    if (kind !== undefined) await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind })
    const before = listener.got.length
    await openSheet()
    await waitUntil(() => listener.got.length > before, 'a push')
    return listener.got[before] as Got
  }
  const tail = await receivedWith('wrong_appid_tail')
  assert.notEqual(open(tail).tail, account.appid)
  const priced = await receivedWith('mismatch_amount')
  assert.equal(open(priced).told.GoodsInfo.OrigPrice, 1)
  const forged = await receivedWith('forge_notice')
  assert.throws(() => open(forged))
  listener.got.splice(listener.got.indexOf(forged), 1)
  await sandbox.ask('PATCH', `/__sim/tenants/${account.appid}`, { pushFormat: 'xml' })
  listener.answer = () => ({ status: 200, body: '<xml><ErrCode>0</ErrCode><ErrMsg><![CDATA[success]]></ErrMsg></xml>' })
  const xml = await receivedWith()
  assert.match(open(xml).told, /<Event><!\[CDATA\[xpay_goods_deliver_notify\]\]><\/Event>.*<ProductId><!\[CDATA\[course_1\]\]><\/ProductId><Quantity>1<\/Quantity>/)
})

test('the push address is checked by echo when asked for', async () => {
  const path = `/__sim/tenants/${account.appid}/push-url`
  listener.answer = (got) => ({ status: 200, body: new URL(got.url, 'http://a').searchParams.get('echostr') ?? '' })
  assert.equal((await sandbox.ask('PUT', path, { url: `${listener.url}/push`, verify: true })).ok, true)
  listener.answer = () => ({ status: 200, body: 'no' })
  assert.equal((await sandbox.ask('PUT', path, { url: `${listener.url}/push`, verify: true })).ok, false)
})
