// The process itself: one ready line, a memory that survives kill -9, an end when told, isolated tenants, and pages a person can use.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { X509Certificate } from 'node:crypto'
import { keptKeys, askJson, askSigned, openListener, waitUntil } from './harness.ts'
import type { Account, Json } from './harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_KEYS: keptKeys, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const ready = JSON.parse(chunk.toString('utf8').split('\n')[0] ?? '') as Json
  assert.equal(ready.ready, true)
  return { child, url: ready.url }
}

function orderOf(account: Account, number: string, notifyUrl: string): string {
  return JSON.stringify({
    appid: account.appid, mchid: account.mchid, description: '声音里的中国史', out_trade_no: number, notify_url: notifyUrl, amount: { total: 9900, currency: 'CNY' },
    scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } },
  })
}

test('tenants, orders and undelivered notices survive kill -9', async () => {
  const listener = await openListener()
  listener.answer = () => ({ status: 500 })
  const first = await start({ SANDBOX_STATE: folder })
  const account = (await askJson(first.url, 'GET', '/__sim/tenants/default')) as Account
  const placed = await askSigned(first.url, account.env, { method: 'POST', path: '/v3/pay/transactions/h5', body: orderOf(account, 'SURVIVES_1', `${listener.url}/n`) })
  assert.equal(placed.status, 200)
  await askJson(first.url, 'POST', '/__client/cashier', { out_trade_no: 'SURVIVES_1', do: 'pay' })
  await waitUntil(async () => (await askJson(first.url, 'GET', '/__sim/deliveries')).items[0]?.attempts.length === 1, 'the notice was tried')
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await start({ SANDBOX_STATE: folder })
  const again = (await askJson(second.url, 'GET', '/__sim/tenants/default')) as Account
  assert.equal(again.env.WECHATPAY_PRIVATE_KEY, account.env.WECHATPAY_PRIVATE_KEY)
  const { json } = await askSigned(second.url, again.env, { method: 'GET', path: `/v3/pay/transactions/out-trade-no/SURVIVES_1?mchid=${account.mchid}` })
  assert.equal(json.trade_state, 'SUCCESS')
  listener.answer = () => ({ status: 204 })
  await askJson(second.url, 'POST', '/__sim/clock', { advanceSeconds: 20 })
  assert.equal((await askJson(second.url, 'GET', '/__sim/deliveries')).items[0].state, 'delivered')
  second.child.kill('SIGTERM')
  assert.equal((await once(second.child, 'exit'))[0], 0)
  await listener.stop()
})

test('the sandbox ends with its parent', async () => {
  const { child } = await start({ SANDBOX_PARENT: '1' })
  child.stdin?.end()
  assert.equal((await once(child, 'exit'))[0], 0)
})

test('tenants do not see each other, and each has a clock of its own', async () => {
  const { url, child } = await start()
  const one = (await askJson(url, 'POST', '/__sim/tenants', { mode: 'certificate' })) as Account
  const two = (await askJson(url, 'POST', '/__sim/tenants', {})) as Account
  assert.notEqual(one.mchid, two.mchid)
  assert.equal(one.env['WECHATPAY_PUBLIC_KEY_ID'], undefined)
  assert.ok(new X509Certificate(one.env['WECHATPAY_PLATFORM_CERTS'] ?? '').serialNumber)
  assert.match(two.env['WECHATPAY_PUBLIC_KEY_ID'] ?? '', /^PUB_KEY_ID_/)
  for (const account of [one, two]) await askSigned(url, account.env, { method: 'POST', path: '/v3/pay/transactions/h5', body: orderOf(account, 'SAME_NUMBER', 'http://127.0.0.1:9/n') })
  await askJson(url, 'POST', '/__client/cashier', { tenant: one.mchid, out_trade_no: 'SAME_NUMBER', do: 'pay' })
  assert.equal((await askJson(url, 'GET', `/__sim/orders/SAME_NUMBER?tenant=${one.appid}`)).order.trade_state, 'SUCCESS')
  assert.equal((await askJson(url, 'GET', `/__sim/orders/SAME_NUMBER?tenant=${two.appid}`)).order.trade_state, 'NOTPAY')
  assert.equal((await askJson(url, 'GET', `/__sim/deliveries?tenant=${two.appid}`)).items.length, 0)
  const { clocks } = await askJson(url, 'POST', '/__sim/clock', { tenant: one.appid, advanceSeconds: 3600 })
  assert.deepEqual(clocks.map((clock: Json) => clock.tenant), [one.appid])
  assert.equal((await askJson(url, 'POST', '/__sim/clock', { tenant: two.appid, advanceSeconds: 0 })).clocks[0].offsetSeconds, 0)
  assert.ok((await askJson(url, 'POST', '/__sim/faults', { kind: 'no_such_fault' })).kinds.length > 20)
  child.kill('SIGTERM')
})

test('a person pays at the cashier and is sent back; a script cannot ride on the way back', async () => {
  const { url, child } = await start()
  const account = (await askJson(url, 'GET', '/__sim/tenants/default')) as Account
  const { json } = await askSigned(url, account.env, { method: 'POST', path: '/v3/pay/transactions/h5', body: orderOf(account, 'CASHIER_1', 'http://127.0.0.1:9/n') })
  const page = await fetch(`${json.h5_url}&redirect_url=${encodeURIComponent('https://shuyuan.example/orders/1?a=1&b=2')}`)
  const text = await page.text()
  assert.match(text, /本地沙箱收银台/)
  assert.match(text, /99\.00/)
  const prepay = /name="prepay_id" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const act = (doing: string, back: string) => fetch(`${url}/cashier/act`, { method: 'POST', body: new URLSearchParams({ prepay_id: prepay, back, do: doing }), redirect: 'manual' })
  const failed = await act('fail', 'https://shuyuan.example/orders/1')
  assert.match(String(failed.headers.get('location')), /^\/cashier\/order/)
  const script = await act('cancel', 'javascript:alert(1)')
  assert.match(String(script.headers.get('location')), /^\/cashier\/order/)
  const paid = await act('pay', 'https://shuyuan.example/orders/1?a=1&b=2')
  assert.equal(paid.status, 303)
  assert.equal(paid.headers.get('location'), 'https://shuyuan.example/orders/1?a=1&b=2')
  const escaped = await (await fetch(`${url}/cashier/order?prepay_id=${prepay}&said=${encodeURIComponent('<script>1</script>')}`)).text()
  assert.doesNotMatch(escaped, /<script>/)
  const old = await fetch(`${url}/cashier/h5?prepay_id=${prepay}&package=${Math.floor(Date.now() / 1000) - 301}`)
  assert.equal(old.status, 410)
  for (const path of ['/', '/cashier', '/inbox']) assert.equal((await fetch(`${url}${path}`)).status, 200, path)
  child.kill('SIGTERM')
})
