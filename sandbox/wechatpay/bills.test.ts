// Bills: when they are there, how they are handed out, that they equal the ledger, and what a test can make wrong in them.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { askSigned, openSandbox } from '../harness.ts'
import type { Account, Json } from '../harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let account: Account
const HOUR = 3600
const beijingNow = () => new Date(Date.now() + 8 * HOUR * 1000)
const day = beijingNow().toISOString().slice(0, 10)

before(async () => {
  sandbox = await openSandbox()
  account = await sandbox.tenant({ refundSeconds: 1 })
})
after(() => sandbox.stop())

const get = (path: string, as = account) => askSigned(sandbox.url, as.env, { method: 'GET', path })
const post = (path: string, body: object) => askSigned(sandbox.url, account.env, { method: 'POST', path, body: JSON.stringify(body) })
const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds })
const spoil = (fault: object) => sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, ...fault })
const clear = () => sandbox.ask('DELETE', `/__sim/faults?tenant=${account.appid}`)

async function pay(number: string, total: number, how = 'pay') {
  const order = { appid: account.appid, mchid: account.mchid, description: '唐诗，十二讲', out_trade_no: number, notify_url: 'http://127.0.0.1:9/notify', amount: { total, currency: 'CNY' } }
  assert.equal((await post('/v3/pay/transactions/native', order)).status, 200)
  assert.equal((await sandbox.ask('POST', '/__client/cashier', { tenant: account.appid, out_trade_no: number, do: how })).ok, true)
}

type Read = { text: string; rows: string[][]; totals: string[]; columns: string[] }

async function open(name: string, more = ''): Promise<Read> {
  const { json, status } = await get(`/v3/bill/${name}?bill_date=${day}&tar_type=GZIP${more}`)
  assert.equal(status, 200, JSON.stringify(json))
  const bytes = await download(json)
  const text = gunzipSync(bytes).toString('utf8')
  assert.equal(createHash('sha1').update(gunzipSync(bytes)).digest('hex'), json.hash_value)
  assert.ok(text.startsWith('\uFEFF'))
  const lines = text.slice(1).split('\r\n').filter((line) => line !== '')
  const cells = (line: string) => line.slice(1).split(',`')
  return { text, columns: lines[0]?.split(',') ?? [], rows: lines.slice(1, -2).map(cells), totals: cells(lines.at(-1) ?? '') }
}

async function download(json: Json): Promise<Buffer> {
  const path = json.download_url.slice(sandbox.url.length)
  const timestamp = Math.floor(Date.now() / 1000)
  const { createSign } = await import('node:crypto')
  const signature = createSign('sha256').update(`GET\n${path}\n${timestamp}\nn\n\n`).sign(account.env.WECHATPAY_PRIVATE_KEY, 'base64')
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${account.mchid}",nonce_str="n",timestamp="${timestamp}",serial_no="${account.env.WECHATPAY_SERIAL}",signature="${signature}"`
  const answer = await fetch(json.download_url, { headers: { authorization } })
  assert.equal(answer.headers.get('wechatpay-signature'), null)
  return Buffer.from(await answer.arrayBuffer())
}

const column = (read: Read, name: string) => read.rows.map((row) => row[read.columns.indexOf(name)])

test('a bill is refused before its day is over, is being made until ten, and is there afterwards', async () => {
  await pay('BILL_1', 9900)
  await pay('BILL_2', 100)
  await pay('BILL_3', 39900, 'pay_with_coupon')
  assert.equal((await post('/v3/refund/domestic/refunds', { out_trade_no: 'BILL_1', out_refund_no: 'BACK_1', amount: { refund: 9900, total: 9900, currency: 'CNY' } })).status, 200)
  await advance(5)
  const ask = async () => (await get(`/v3/bill/tradebill?bill_date=${day}`)).json.code
  assert.equal(await ask(), 'PARAM_ERROR')
  const clock = beijingNow()
  const untilMidnight = 24 * HOUR - (clock.getUTCHours() * HOUR + clock.getUTCMinutes() * 60 + clock.getUTCSeconds())
  await advance(untilMidnight + 60)
  assert.equal(await ask(), 'STATEMENT_CREATING')
  await advance(10 * HOUR)
  assert.equal(await ask(), undefined)
  const yesterday = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
  assert.equal((await get(`/v3/bill/tradebill?bill_date=${yesterday}`)).json.code, 'NO_STATEMENT_EXIST')
  for (const query of ['bill_date=2026-13-41', 'bill_date=20261121', `bill_date=${day}&tar_type=ZIP`, `bill_date=${day}&bill_type=MINE`, '']) assert.equal((await get(`/v3/bill/tradebill?${query}`)).json.code, 'PARAM_ERROR', query)
  assert.equal((await get(`/v3/bill/fundflowbill?bill_date=${day}&account_type=MINE`)).json.code, 'PARAM_ERROR')
  assert.equal((await get(`/v3/bill/fundflowbill?bill_date=${day}&account_type=FEES`)).json.code, 'NO_STATEMENT_EXIST')
})

test('the three bills of trades and the flow of funds equal the ledger to the fen', async () => {
  const all = await open('tradebill')
  assert.equal(all.columns.length, 27)
  assert.deepEqual(column(all, '商户订单号').toSorted(), ['BILL_1', 'BILL_1', 'BILL_2', 'BILL_3'])
  assert.deepEqual(column(all, '商品名称')[0], '唐诗，十二讲')
  assert.deepEqual(all.totals, ['4', '499.00', '99.00', '0.00', '2.40000', '499.00', '99.00'])
  const [success, refund] = [await open('tradebill', '&bill_type=SUCCESS'), await open('tradebill', '&bill_type=REFUND')]
  assert.deepEqual([success.columns.length, success.rows.length, refund.columns.length, refund.rows.length], [20, 3, 29, 1])
  assert.deepEqual(column(refund, '退款状态'), ['SUCCESS'])
  const flow = await open('fundflowbill')
  assert.deepEqual(column(flow, '业务类型'), ['交易', '扣除交易手续费', '交易', '扣除交易手续费', '交易', '扣除交易手续费', '退款'])
  const { balances, balanced } = await sandbox.ask('GET', `/__sim/ledger?tenant=${account.appid}`)
  assert.equal(balanced, true)
  const cents = (text: string | undefined) => Math.round(Number(text) * 100)
  assert.equal(balances.merchant, cents(all.totals[5]) - cents(all.totals[6]))
  assert.equal(-balances.merchant_fees, cents(all.totals[4]))
  assert.equal(balances.merchant + balances.merchant_fees, cents(column(flow, '账户结余（元）').at(-1)))
  assert.equal(cents(flow.totals[2]) - cents(flow.totals[4]), balances.merchant + balances.merchant_fees)
})

test('a token opens once, for its own merchant', async () => {
  const { json } = await get(`/v3/bill/tradebill?bill_date=${day}`)
  const path = json.download_url.slice(sandbox.url.length)
  assert.equal((await get(path, await sandbox.tenant())).json.code, 'PARAM_ERROR')
  const second = (await get(`/v3/bill/tradebill?bill_date=${day}`)).json
  assert.match((await download(second)).toString('utf8'), /^\uFEFF交易时间/)
  assert.equal((await get(second.download_url.slice(sandbox.url.length))).json.code, 'PARAM_ERROR')
})

test('a row can be missing, strange, of another sum or state, as often as the bill is asked for; the hash still fits', async () => {
  await spoil({ kind: 'bill_difference', api: 'trade', how: 'missing', number: 'BILL_2' })
  await spoil({ kind: 'bill_difference', api: 'trade', how: 'amount', number: 'BILL_3', amountCents: 1 })
  await spoil({ kind: 'bill_difference', api: 'trade', how: 'state', number: 'BACK_1' })
  await spoil({ kind: 'bill_difference', api: 'trade', how: 'extra', amountCents: 777 })
  for (let at = 0; at < 2; at += 1) {
    const all = await open('tradebill')
    assert.deepEqual(column(all, '商户订单号').toSorted(), ['BILL_1', 'BILL_1', 'BILL_3', 'STRANGERBILL_1'])
    assert.deepEqual(column(all, '订单金额').toSorted(), ['0.00', '0.01', '7.77', '99.00'])
    assert.deepEqual(column(all, '退款状态').filter((state) => state !== ''), ['FAIL'])
    assert.equal(all.totals[0], '4')
  }
  assert.equal((await open('fundflowbill')).rows.length, 7)
  await spoil({ kind: 'bill_difference', api: 'fund_flow', how: 'missing', number: 'BACK_1' })
  await spoil({ kind: 'bill_difference', api: 'fund_flow', how: 'extra', amountCents: 500 })
  const flow = await open('fundflowbill')
  assert.deepEqual([flow.rows.length, column(flow, '业务类型').at(-1)], [7, '其他'])
  await clear()
})

test('a bill can be told with another hash, or come cut short', async () => {
  await spoil({ kind: 'bill_wrong_hash', api: 'trade' })
  const { json } = await get(`/v3/bill/tradebill?bill_date=${day}`)
  assert.notEqual(createHash('sha1').update(await download(json)).digest('hex'), json.hash_value)
  await spoil({ kind: 'bill_cut_short', api: 'trade' })
  const cut = (await get(`/v3/bill/tradebill?bill_date=${day}&tar_type=GZIP`)).json
  const bytes = await download(cut)
  assert.throws(() => gunzipSync(bytes))
})

test("money given back in the platform's own console stands in the bill under a number of the platform's, and is told only where somebody listens", async () => {
  await pay('PAST_1', 2000)
  const past = (cents: number) => sandbox.ask('POST', '/__sim/console-refunds', { tenant: account.appid, number: 'PAST_1', cents })
  const { number } = await past(500)
  assert.match(number, /^CONSOLE\d{16}$/)
  assert.equal((await past(1501)).number, null, 'never more than is left')
  await advance(2)
  await advance(36 * HOUR)
  const all = await open('tradebill')
  const row = all.rows.find((cells) => cells.includes(number))
  assert.deepEqual([row?.includes('PAST_1'), row?.includes('SUCCESS')], [true, true])
  assert.equal((await sandbox.ask('GET', `/__sim/deliveries?tenant=${account.appid}&event=REFUND.SUCCESS&subject=PAST_1`)).items.length, 0)
})

test('what the merchant has is known rail by rail', async () => {
  const before = (await sandbox.ask('GET', `/__sim/ledger?tenant=${account.appid}`)).rails
  await sandbox.ask('POST', '/__sim/ledger', { tenant: account.appid, subject: 'alipay penalty', cents: -7 })
  const { rails } = await sandbox.ask('GET', `/__sim/ledger?tenant=${account.appid}`)
  assert.deepEqual(rails, { ...before, alipay: { merchant: -7, platform: 7 } })
})
