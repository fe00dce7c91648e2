// The cashier of Alipay and Douyin: a person sees what waits, pays it, and asks it back.
import assert from 'node:assert/strict'
import { createSign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startSandbox } from '../app.ts'
import type { Sandbox } from '../app.ts'
import { keptKeys } from '../harness.ts'

let sandbox: Sandbox
let env: Record<string, string>
before(async () => {
  sandbox = await startSandbox({ host: '127.0.0.1', port: 0, keys: keptKeys })
  env = ((await (await fetch(`${sandbox.url}/__sim/tenants/default`)).json()) as { env: Record<string, string> }).env
})
after(() => sandbox.stop())

const page = async (path: string) => (await fetch(`${sandbox.url}${path}`)).text()
const press = async (path: string, fields: Record<string, string>) => (await fetch(`${sandbox.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) })).text()
const sign = (key: string, text: string) => createSign('sha256').update(text).sign(key, 'base64')

async function openAtDouyin(): Promise<void> {
  const data = JSON.stringify({ skuList: [{ skuId: 's', price: 4900, quantity: 1, title: '夜空十讲', imageList: ['https://example.com/a.png'], type: 401, tagGroupId: 't' }], outOrderNo: 'DY0001', totalAmount: 4900, orderEntrySchema: { path: 'a/b', params: '{}' } })
  const at = Math.floor(Date.now() / 1000)
  const signature = sign(env['DOUYIN_PRIVATE_KEY'] ?? '', `POST\n/requestOrder\n${at}\nn\n${data}\n`)
  const byteAuthorization = `SHA256-RSA2048 appid=${env['DOUYIN_APPID']},nonce_str=n,timestamp=${at},key_version=1,signature=${signature}`
  const opened = (await (await fetch(`${sandbox.url}/__client/douyin/request-order`, { method: 'POST', body: JSON.stringify({ appid: 'default', user: 'payer', data, byteAuthorization }) })).json()) as { errNo: number }
  assert.equal(opened.errNo, 0, JSON.stringify(opened))
}

async function createAtAlipay(): Promise<void> {
  const biz_content = JSON.stringify({ out_trade_no: 'AL0001', total_amount: '99.00', subject: '把日子记下来 <b>', product_code: 'JSAPI_PAY', op_app_id: env['ALIPAY_APPID'], buyer_open_id: 'o1' })
  const timestamp = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const params: Record<string, string> = { app_id: env['ALIPAY_APPID'] ?? '', biz_content, charset: 'utf-8', format: 'JSON', method: 'alipay.trade.create', sign_type: 'RSA2', timestamp, version: '1.0' }
  const text = Object.keys(params).toSorted().map((name) => `${name}=${params[name]}`).join('&')
  const answer = await (await fetch(`${sandbox.url}/gateway.do`, { method: 'POST', body: new URLSearchParams({ ...params, sign: sign(env['ALIPAY_PRIVATE_KEY'] ?? '', text) }) })).text()
  assert.match(answer, /"code":"10000"/)
}

test('orders of both platforms are listed, paid and asked back', async () => {
  assert.match(await page('/cashier/others'), /还没有订单/)
  await openAtDouyin()
  await createAtAlipay()
  const list = await page('/cashier/others')
  assert.match(list, /夜空十讲[\s\S]*49\.00 · 抖音/)
  assert.match(list, /把日子记下来 &#60;b&#62;[\s\S]*99\.00 · 支付宝/)
  const keys = [...list.matchAll(/\/cashier\/(alipay|douyin)\?key=([^"]+)"/g)].map(([, at, key]) => [at ?? '', decodeURIComponent(key ?? '')])
  assert.equal(keys.length, 2)
  for (const [at = '', key = ''] of keys) {
    assert.match(await page(`/cashier/${at}?${new URLSearchParams({ key })}`), /等待支付/)
    assert.match(await press(`/cashier/${at}`, { key, do: 'cancel' }), /等待支付/)
    assert.match(await press(`/cashier/${at}`, { key, do: 'pay' }), /✓ 已支付/)
    assert.doesNotMatch(await page(`/cashier/${at}?${new URLSearchParams({ key })}`), /取消支付/)
  }
  const [, douyin = ''] = keys.find(([at]) => at === 'douyin') ?? []
  assert.match(await press('/cashier/douyin', { key: douyin, do: 'ask_refund' }), /等待商家答复/)
  assert.match(await press('/cashier/douyin', { key: douyin, do: 'ask_refund' }), /现在不能退款/)
  assert.match(await page('/cashier/alipay?key=nobody'), /没有这笔订单/)
})
