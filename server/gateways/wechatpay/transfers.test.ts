// Merchant transfers through the gateway against the sandbox: S11, F6, F24.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { listen } from '../../test/listener.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '../../test/sandbox.ts'
import { openWechatPay } from './client.ts'
import type { WechatPay } from './shapes.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let pay: WechatPay
let payee: string

before(async () => {
  sandbox = await sharedSandbox()
  tenant = await sandbox.tenant()
  const given = (name: string) => tenant.env[`WECHATPAY_${name}`] ?? ''
  pay = openWechatPay({
    baseUrl: given('BASE_URL'), mchid: given('MCHID'), appid: given('APPID'), serial: given('SERIAL'), privateKey: given('PRIVATE_KEY'), apiv3Key: given('APIV3_KEY'),
    apiv3KeyPrevious: '', publicKeyId: given('PUBLIC_KEY_ID'), publicKey: given('PUBLIC_KEY'), platformCerts: '',
  }, () => new Date())
  payee = (await sandbox.ask('POST', '/__client/expire-session', { appid: tenant.appid, user: 'teacher' })).openid
})

const advance = (seconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: tenant.appid, advanceSeconds: seconds })
const wish = (change: object = {}) => ({ appid: tenant.appid, outBillNo: `W${randomBytes(12).toString('hex')}`, openid: payee, amount: cents(5000), remark: '讲课报酬', role: '讲师', reason: '十一月讲课', notifyUrl: 'http://127.0.0.1:9/api/callbacks/wechatpay', ...change })
const confirm = (packageInfo: string | undefined, user = 'teacher', more: object = {}) => sandbox.ask('POST', '/__client/transfer', { appid: tenant.appid, mchId: tenant.mchid, user, package: packageInfo, ...more })
const stateOf = async (number: string) => {
  const told = await pay.transfers.find(number)
  return told.outcome === 'done' ? [told.value.state, told.value.failReason] : told
}
const balances = async () => (await sandbox.ask('GET', `/__sim/ledger?tenant=${tenant.appid}`)).balances

async function begun(change: object = {}) {
  const ask = wish(change)
  const told = await pay.transfers.begin(ask)
  assert.equal(told.outcome, 'done', JSON.stringify(told))
  return { ask, packageInfo: told.outcome === 'done' ? told.value.packageInfo : undefined }
}

test('a transfer waits for the person, who alone can confirm it, and then arrives; the notice says so', async () => {
  const door = await listen(() => ({ status: 200, body: '' }))
  const { ask, packageInfo } = await begun({ notifyUrl: `${door.url}/transfers` })
  assert.deepEqual(await stateOf(ask.outBillNo), ['WAIT_USER_CONFIRM', undefined])
  assert.match((await confirm(packageInfo, 'somebody-else')).errMsg, /不一致/)
  assert.equal((await confirm(packageInfo, 'teacher', { do: 'cancel' })).errCode, -2)
  assert.equal((await confirm(packageInfo)).errCode, 0)
  await advance(5)
  assert.deepEqual(await stateOf(ask.outBillNo), ['SUCCESS', undefined])
  const got = await door.next(() => true)
  const notice = pay.readNotice(got.headers, got.body)
  assert.deepEqual(notice.kind === 'transfer' ? [notice.transfer.outBillNo, notice.transfer.state, notice.transfer.amount] : notice, [ask.outBillNo, 'SUCCESS', 5000])
  await door.stop()
})

test('F6: the same number is the same transfer, and other words under it are refused', async () => {
  const { ask, packageInfo } = await begun()
  const again = await pay.transfers.begin(ask)
  assert.equal(again.outcome === 'done' && again.value.packageInfo, packageInfo)
  const other = await pay.transfers.begin({ ...ask, amount: cents(5001) })
  assert.equal(other.outcome === 'refused' && other.code, 'INVALID_REQUEST')
  await sandbox.fault(tenant, 'lose_answer', { api: 'transfer' })
  const lost = wish()
  assert.equal((await pay.transfers.begin(lost)).outcome, 'unknown')
  assert.deepEqual(await stateOf(lost.outBillNo), ['WAIT_USER_CONFIRM', undefined])
})

test('F24: nobody confirms for a day, and the money is back', async () => {
  const { ask, packageInfo } = await begun()
  assert.ok((await balances()).transfers_under_way >= 5000)
  await advance(86_401)
  assert.deepEqual(await stateOf(ask.outBillNo), ['FAIL', 'OVERDUE_CLOSE'])
  assert.match((await confirm(packageInfo)).errMsg, /退回/)
  assert.deepEqual([(await balances()).transfers_under_way, (await balances()).merchant], [0, -5000], 'only the one that was confirmed has gone')
})

test('F24: a name that does not fit fails after confirming, and the money is back', async () => {
  const before = await balances()
  await sandbox.fault(tenant, 'transfer_outcome', { value: 'NAME_NOT_CORRECT' })
  const { ask, packageInfo } = await begun({ amount: cents(250_000), name: '沈一白' })
  await confirm(packageInfo)
  await advance(5)
  assert.deepEqual(await stateOf(ask.outBillNo), ['FAIL', 'NAME_NOT_CORRECT'])
  assert.equal((await balances()).merchant, before.merchant)
})

test('cancelled while nobody has confirmed; CANCELING is not yet there, and a confirmed one goes on', async () => {
  const [{ ask: first, packageInfo: firstPage }, { ask: second, packageInfo }] = [await begun(), await begun()]
  const told = await pay.transfers.cancel(first.outBillNo)
  assert.equal(told.outcome === 'done' && told.value.state, 'CANCELING')
  assert.match((await confirm(firstPage)).errMsg, /撤销/)
  await advance(5)
  assert.deepEqual(await stateOf(first.outBillNo), ['CANCELLED', undefined])
  await confirm(packageInfo)
  const late = await pay.transfers.cancel(second.outBillNo)
  assert.equal(late.outcome === 'refused' && late.code, 'INVALID_REQUEST')
})

test('less than ten fen, two thousand yuan without a name, and a number nobody knows are refused', async () => {
  for (const [change, code] of [[{ amount: cents(9) }, 'PARAM_ERROR'], [{ amount: cents(200_000) }, 'PARAM_ERROR'], [{ outBillNo: 'with-a-dash' }, 'PARAM_ERROR']] as const) {
    const told = await pay.transfers.begin(wish(change))
    assert.equal(told.outcome === 'refused' && told.code, code)
  }
  const unknown = await pay.transfers.find('NOBODYKNOWS')
  assert.equal(unknown.outcome === 'refused' && unknown.status, 404)
})

test('the page that a person confirms on says how much, from whom, and what became of it', async () => {
  const { ask, packageInfo } = await begun()
  const page = `${sandbox.url}/transfer?package=${packageInfo}`
  assert.match(await (await fetch(page)).text(), /50\.00[\s\S]*收款/)
  await fetch(`${sandbox.url}/transfer/confirm`, { method: 'POST', body: new URLSearchParams({ package: packageInfo ?? '' }) })
  await advance(5)
  assert.match(await (await fetch(page)).text(), /已收款/)
  assert.deepEqual(await stateOf(ask.outBillNo), ['SUCCESS', undefined])
})

test('money in the sandbox is conserved through all of it', async () => {
  assert.equal((await sandbox.ask('GET', `/__sim/ledger?tenant=${tenant.appid}`)).balanced, true)
})
