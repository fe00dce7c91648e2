// The unmodified npm client of WeChat Pay, wechatpay-axios-plugin, works against the sandbox and sees through its forgeries.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin'
import { openListener, openSandbox, waitUntil } from '../harness.ts'
import type { Account, Json, Listener } from '../harness.ts'

type Client = { v3: Json }
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let listener: Listener

before(async () => {
  sandbox = await openSandbox()
  listener = await openListener()
})
after(async () => {
  await sandbox.stop()
  await listener.stop()
})

function clientOf(account: Account): Client {
  const { env } = account
  const certs: Record<string, string> = {}
  const { WECHATPAY_PUBLIC_KEY_ID: id, WECHATPAY_PUBLIC_KEY: key, WECHATPAY_PLATFORM_CERTS: certificate } = env
  if (id !== undefined && key !== undefined) certs[id] = key
  if (certificate !== undefined) certs[serialOf(certificate)] = certificate
  return new Wechatpay({ mchid: account.mchid, serial: env.WECHATPAY_SERIAL, privateKey: env.WECHATPAY_PRIVATE_KEY, certs, baseURL: `${sandbox.url}/` } as never) as unknown as Client
}

function serialOf(pem: string): string {
  return new X509Certificate(pem).serialNumber
}

function orderOf(account: Account, number: string, more: object = {}): object {
  return {
    appid: account.appid, mchid: account.mchid, description: '声音里的中国史', out_trade_no: number, notify_url: `${listener.url}/notify`, amount: { total: 9900, currency: 'CNY' }, ...more,
  }
}

for (const mode of ['public_key', 'certificate', 'gray']) {
  test(`places, queries, closes and refunds with the npm client (${mode})`, async () => {
    const account = await sandbox.tenant({ mode })
    const { v3 } = clientOf(account)
    const placed = await v3['pay'].transactions.native.post(orderOf(account, `ORACLE_${mode}`))
    assert.match(String(placed.data.code_url), /^weixin:\/\/wxpay\/bizpayurl\?pr=/)
    const open = await v3['pay'].transactions.outTradeNo['_number_'].get({ params: { mchid: account.mchid }, number: `ORACLE_${mode}` })
    assert.equal(open.data.trade_state, 'NOTPAY')
    await sandbox.ask('POST', '/__client/cashier', { code_url: placed.data.code_url, do: 'pay' })
    const paid = await v3['pay'].transactions.outTradeNo['_number_'].get({ params: { mchid: account.mchid }, number: `ORACLE_${mode}` })
    assert.equal(paid.data.trade_state, 'SUCCESS')
    const byId = await v3['pay'].transactions.id['_id_'].get({ params: { mchid: account.mchid }, id: paid.data.transaction_id })
    assert.equal(byId.data.out_trade_no, `ORACLE_${mode}`)
    const refund = await v3['refund'].domestic.refunds.post({ out_trade_no: `ORACLE_${mode}`, out_refund_no: `R_${mode}`, amount: { refund: 9900, total: 9900, currency: 'CNY' } })
    assert.equal(refund.data.status, 'PROCESSING')
    await sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds: 5 })
    const settled = await v3['refund'].domestic.refunds['_number_'].get({ number: `R_${mode}` })
    assert.equal(settled.data.status, 'SUCCESS')
    await v3['pay'].transactions.native.post(orderOf(account, `CLOSE_${mode}`))
    const closed = await v3['pay'].transactions.outTradeNo['_number_'].close.post({ mchid: account.mchid }, { number: `CLOSE_${mode}` })
    assert.equal(closed.status, 204)
  })
}

for (const [how, code] of [['wrong_key', 'SIGNATURE'], ['other_body', 'SIGNATURE'], ['no_signature', 'INCOMPLATE'], ['stale_timestamp', 'OFFSET'], ['unknown_serial', 'SERIAL']]) {
  test(`the npm client refuses a forged answer (${how})`, async () => {
    const account = await sandbox.tenant()
    await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'forge_answer', how })
    const { v3 } = clientOf(account)
    await assert.rejects(v3['pay'].transactions.native.post(orderOf(account, `FORGED_${how}`)), (error: Json) => String(error['code']).includes(code ?? ''))
    const again = await v3['pay'].transactions.native.post(orderOf(account, `FORGED_${how}`))
    assert.equal(again.status, 200, 'the next answer is genuine')
  })
}

test('certificates come encrypted to the APIv3 key and are real X.509', async () => {
  const account = await sandbox.tenant({ mode: 'certificate' })
  const { data } = await clientOf(account).v3['certificates'].get()
  const [sealed] = data.data
  const { nonce, ciphertext, associated_data } = sealed.encrypt_certificate
  const pem = Aes.AesGcm.decrypt(ciphertext, account.env.WECHATPAY_APIV3_KEY, nonce, associated_data)
  const certificate = new X509Certificate(pem)
  assert.equal(certificate.serialNumber, sealed.serial_no)
  assert.ok(certificate.verify(certificate.publicKey))
  assert.ok(Date.parse(certificate.validTo) > Date.now())
})

test('a merchant with a public key is told that there are no certificates', async () => {
  const account = await sandbox.tenant()
  await assert.rejects(clientOf(account).v3['certificates'].get(), (error: Json) => error['response'].status === 404 && error['response'].data.code === 'RESOURCE_NOT_EXISTS')
})

test('the npm client opens the notice of a payment', async () => {
  const account = await sandbox.tenant()
  await clientOf(account).v3['pay'].transactions.native.post(orderOf(account, 'NOTICE_1'))
  await sandbox.ask('POST', '/__client/cashier', { tenant: account.appid, out_trade_no: 'NOTICE_1', do: 'pay' })
  await waitUntil(() => listener.got.some((got) => got.body.includes('TRANSACTION.SUCCESS') && got.headers['wechatpay-serial'] === account.env['WECHATPAY_PUBLIC_KEY_ID']), 'the notice is here')
  const got = listener.got.find((one) => one.headers['wechatpay-serial'] === account.env['WECHATPAY_PUBLIC_KEY_ID'])
  assert.ok(got)
  const message = Formatter.response(String(got.headers['wechatpay-timestamp']), String(got.headers['wechatpay-nonce']), got.body)
  assert.ok(Rsa.verify(message, String(got.headers['wechatpay-signature']), Rsa.from(String(account.env['WECHATPAY_PUBLIC_KEY']), Rsa.KEY_TYPE_PUBLIC as 'public')))
  const { resource } = JSON.parse(got.body) as Json
  const told = JSON.parse(Aes.AesGcm.decrypt(resource.ciphertext, account.env.WECHATPAY_APIV3_KEY, resource.nonce, resource.associated_data)) as Json
  assert.equal(told['out_trade_no'], 'NOTICE_1')
  assert.equal(told['amount'].total, 9900)
})
