// Bills are read whole or not at all: from files of every shape, and from the sandbox over the wire.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '../../test/sandbox.ts'
import { openBill, type Row } from './bills.ts'
import { openWechatPay } from './client.ts'
import { centsOf, readMovement, readTrade } from './fetch-bills.ts'
import type { DayBill, WechatPay } from './shapes.ts'

const bill = '\uFEFF交易时间,商户订单号,商品名称,订单金额\r\n`2026-11-20 10:00:00,`SY1,`茶，与,时间,`99.00\r\n`2026-11-20 11:00:00,`SY2,`诗,`1.00\r\n总交易单数,订单总金额\r\n`2,`100.00\r\n'
const sha1Of = (text: string | Buffer) => createHash('sha1').update(text).digest('hex')

const asIs = (row: Row) => row

async function rowsOf(text: string): Promise<Row[] | string> {
  const file = await openBill(Buffer.from(text), 'none', sha1Of(text), asIs)
  if (file.kind === 'refused') return file.reason
  const rows: Row[] = []
  for await (const some of file.bill.lines()) rows.push(...some)
  return rows
}

test('cells keep their commas, amounts stay text, and the rows can be read again', async () => {
  const file = await openBill(gzipSync(bill), 'GZIP', sha1Of(bill), asIs)
  assert.equal(file.kind, 'bill')
  if (file.kind !== 'bill') return
  assert.deepEqual([file.bill.columns, file.bill.count, file.bill.summary], [['交易时间', '商户订单号', '商品名称', '订单金额'], 2, { 总交易单数: '2', 订单总金额: '100.00' }])
  for (let time = 0; time < 2; time += 1) {
    const rows: Row[] = []
    for await (const some of file.bill.lines()) rows.push(...some)
    assert.deepEqual(rows.map((row) => [row['商户订单号'], row['商品名称'], row['订单金额']]), [['SY1', '茶，与,时间', '99.00'], ['SY2', '诗', '1.00']])
  }
})

for (const [name, text] of [
  ['nothing', ''], ['another file', 'a,b'], ['a refusal', '{"code":"NO_STATEMENT_EXIST"}'], ['a cell too few', bill.replace(',`SY2', '')], ['no summary', bill.slice(0, bill.indexOf('总交易'))],
  ['a summary without its row', bill.slice(0, bill.indexOf('`2,`100'))], ['a summary of another shape', bill.replace('`2,`100.00', '2,100.00')], ['a row fewer than it says', bill.replace('`2026-11-20 11:00:00,`SY2,`诗,`1.00\r\n', '')],
  ['rows behind the summary', `${bill}\`2026-11-20 11:00:00,\`SY3,\`诗,\`1.00\r\n`], ['two summaries', `${bill}总交易单数,订单总金额\r\n\`2,\`100.00\r\n`],
] as const)
  test(`no bill: ${name}`, async () => assert.equal(await rowsOf(text), 'malformed'))

test('a bill of many chunks is read without losing a character at their seams', async () => {
  const many = Array.from({ length: 5000 }, (_, at) => `\`2026-11-20 10:00:00,\`SY${at},\`${'唐'.repeat(at % 7)}诗,\`1.00\r\n`)
  const text = `交易时间,商户订单号,商品名称,订单金额\r\n${many.join('')}总交易单数,订单总金额\r\n\`5000.0,\`5000.00\r\n`
  const rows = await rowsOf(text)
  assert.ok(Array.isArray(rows))
  assert.deepEqual(rows.map((row) => `${row['商户订单号']} ${row['商品名称']}`), many.map((_, at) => `SY${at} ${'唐'.repeat(at % 7)}诗`))
})

test('a file is believed by the hash of its uncompressed bytes, and only whole', async () => {
  const packed = gzipSync(bill)
  assert.equal((await openBill(Buffer.from(bill), 'none', sha1Of(bill).toUpperCase(), asIs)).kind, 'bill')
  for (const wrong of ['', sha1Of(packed), sha1Of(`${bill} `)]) assert.deepEqual(await openBill(packed, 'GZIP', wrong, asIs), { kind: 'refused', reason: 'hash_differs' })
  assert.deepEqual(await openBill(packed.subarray(0, -9), 'GZIP', sha1Of(bill), asIs), { kind: 'refused', reason: 'cannot_unpack' })
  assert.deepEqual(await openBill(packed, 'GZIP', sha1Of(bill), (row) => (row['商户订单号'] === 'SY2' ? undefined : row)), { kind: 'refused', reason: 'row_malformed' })
  assert.deepEqual(await openBill(Buffer.from('not packed'), 'GZIP', sha1Of(bill), asIs), { kind: 'refused', reason: 'cannot_unpack' })
})

test('yuan become fen: up to five decimals, half a fen away from zero, and nothing else is a sum', () => {
  for (const [text, fen] of [['0.47', 47], ['45.0', 4500], ['99', 9900], ['0.59400', 59], ['0.00500', 1], ['-0.00500', -1], ['-0.59400', -59], ['0.00499', 0], ['-0.00100', 0], ['99999999999.99', 9_999_999_999_999]] as const) assert.equal(centsOf(text), fen, text)
  for (const text of ['', '-', '1,000.00', '1e3', '.5', '0.000001', ' 1', '１', undefined]) assert.equal(centsOf(text), undefined, String(text))
})

const trade = { 交易时间: '2026-11-20 00:30:00', 微信订单号: '42000', 商户订单号: 'SY1', 交易状态: 'SUCCESS', 货币种类: 'CNY', 应结订单金额: '394.00', 手续费: '2.36000', 订单金额: '399.00', 微信退款单号: '0', 商户退款单号: '0', 退款金额: '0.00', 申请退款金额: '0.00', 退款状态: '' }

test('a row of trade becomes a payment or a refund in our words, of today and of before 2019', () => {
  const payment = { kind: 'payment', transactionNo: '42000', outTradeNo: 'SY1', at: '2026-11-19T16:30:00.000Z', total: 39900, settled: 39400, fee: 236, currency: 'CNY', state: 'SUCCESS' }
  assert.deepEqual(readTrade(trade), payment)
  const { 订单金额: _total, 申请退款金额: _asked, ...old } = trade
  assert.deepEqual(readTrade(old), { ...payment, total: 39400 })
  const refund = { ...trade, 交易状态: 'REFUND', 微信退款单号: '50300', 商户退款单号: 'R1', 退款金额: '98.00', 申请退款金额: '99.00', 退款状态: 'PROCESSING', 手续费: '-0.59000' }
  assert.deepEqual(readTrade(refund), { ...payment, kind: 'refund', refundNo: '50300', outRefundNo: 'R1', total: 9900, settled: 9800, fee: -59, state: 'PROCESSING' })
  for (const spoilt of [{ 交易时间: '昨天' }, { 微信订单号: '' }, { 订单金额: 'x' }, { 手续费: '?' }]) assert.equal(readTrade({ ...trade, ...spoilt }), undefined)
  assert.equal(readTrade({ ...refund, 商户退款单号: '' }), undefined)
})

test('a movement is positive when money came', () => {
  const row = { 记账时间: '2026-11-20 10:00:00', 微信支付业务单号: '42000', 资金流水单号: 'F1', 业务类型: '退款', 收支类型: '支出', '收支金额（元）': '98.41', '账户结余（元）': '10.00', 业务凭证号: 'R1' }
  assert.deepEqual(readMovement(row), { flowNo: 'F1', businessNo: '42000', evidence: 'R1', type: '退款', amount: -9841, balance: 1000, at: '2026-11-20T02:00:00.000Z' })
  assert.equal(readMovement({ ...row, 收支类型: '收入' })?.amount, 9841)
  assert.equal(readMovement({ ...row, 收支类型: '?' }), undefined)
})

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let pay: WechatPay
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

before(async () => {
  sandbox = await sharedSandbox()
  tenant = await sandbox.tenant()
  const given = (name: string) => tenant.env[`WECHATPAY_${name}`] ?? ''
  pay = openWechatPay({
    baseUrl: given('BASE_URL'), mchid: given('MCHID'), appid: given('APPID'), serial: given('SERIAL'), privateKey: given('PRIVATE_KEY'), apiv3Key: given('APIV3_KEY'), apiv3KeyPrevious: '',
    publicKeyId: given('PUBLIC_KEY_ID'), publicKey: given('PUBLIC_KEY'), platformCerts: given('PLATFORM_CERTS'),
  }, () => new Date())
  for (const number of ['BILLED_1', 'BILLED_2']) {
    assert.equal((await pay.prepayNative({ outTradeNo: number, description: '课程', total: cents(9900), notifyUrl: 'http://127.0.0.1:9/n', expiresAt: new Date(Date.now() + 900_000) })).outcome, 'done')
    await sandbox.ask('POST', '/__client/cashier', { tenant: tenant.appid, out_trade_no: number, do: 'pay' })
  }
})

async function allOf<T>(told: DayBill<T>): Promise<T[]> {
  const lines: T[] = []
  for await (const some of told.lines()) lines.push(...some)
  return lines
}

test('on the wire: not yet there, then whole, with what the payments were', async () => {
  const early = await pay.fetchTradeBill(today)
  assert.equal(early.outcome === 'refused' && early.code, 'PARAM_ERROR')
  await sandbox.ask('POST', '/__sim/clock', { tenant: tenant.appid, advanceSeconds: 36 * 3600 })
  const [told, flow] = [await pay.fetchTradeBill(today), await pay.fetchFundFlow(today)]
  assert.ok(told.outcome === 'done' && flow.outcome === 'done', JSON.stringify([told, flow]))
  assert.deepEqual((await allOf(told.value)).map(({ kind, outTradeNo, total, fee }) => [kind, outTradeNo, total, fee]), [['payment', 'BILLED_1', 9900, 59], ['payment', 'BILLED_2', 9900, 59]])
  assert.deepEqual((await allOf(flow.value)).map(({ type, amount, balance }) => [type, amount, balance]), [['交易', 9900, 9900], ['扣除交易手续费', -59, 9841], ['交易', 9900, 19741], ['扣除交易手续费', -59, 19682]])
  const nothing = await pay.fetchTradeBill(new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10))
  assert.equal(nothing.outcome === 'refused' && nothing.code, 'NO_STATEMENT_EXIST')
})

for (const [name, fault, why] of [
  ['another hash', { kind: 'bill_wrong_hash', api: 'trade' }, /hash_differs/],
  ['half of the file', { kind: 'bill_cut_short', api: 'trade' }, /cannot_unpack/],
  ['a file that never came', { kind: 'lose_answer', api: 'bill_file' }, /network/],
  ['an answer that is not signed', { kind: 'forge_answer', api: 'trade_bill', how: 'no_signature' }, /not verified/],
  ['an answer of somebody else', { kind: 'forge_answer', api: 'trade_bill', how: 'wrong_key' }, /not verified/],
] as const)
  test(`on the wire: ${name} is not known, and fetched well the next time`, async () => {
    await sandbox.ask('POST', '/__sim/faults', { tenant: tenant.appid, ...fault })
    const spoilt = await pay.fetchTradeBill(today)
    assert.match(spoilt.outcome === 'unknown' ? spoilt.why : JSON.stringify(spoilt), why)
    assert.equal((await pay.fetchTradeBill(today)).outcome, 'done')
  })
