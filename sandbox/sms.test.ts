// Tencent Cloud SMS: only rightly signed requests send, and what is sent lies in the inbox.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openSandbox } from './harness.ts'
import type { Account, Json } from './harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let account: Account

before(async () => {
  sandbox = await openSandbox()
  account = await sandbox.tenant()
})
after(() => sandbox.stop())

type Wish = { key?: string; id?: string; atSeconds?: number; signed?: string; more?: object }

async function send(wish: Wish = {}): Promise<Json> {
  const { env } = account
  const body = JSON.stringify({ PhoneNumberSet: ['+8613800001111'], SmsSdkAppId: env['SMS_APP_ID'], SignName: env['SMS_SIGN'], TemplateId: env['SMS_TEMPLATE'], TemplateParamSet: ['482913', '5'], ...wish.more })
  const seconds = wish.atSeconds ?? Math.floor(Date.now() / 1000)
  const date = Number.isNaN(seconds) ? '2026-01-01' : new Date(seconds * 1000).toISOString().slice(0, 10)
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const host = new URL(sandbox.url).host
  const canonical = `POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:${host}\nx-tc-action:sendsms\n\ncontent-type;host;x-tc-action\n${sha(wish.signed ?? body)}`
  const text = `TC3-HMAC-SHA256\n${seconds}\n${date}/sms/tc3_request\n${sha(canonical)}`
  const key = hmac(hmac(hmac(`TC3${wish.key ?? env['SMS_SECRET_KEY']}`, date), 'sms'), 'tc3_request')
  const authorization = `TC3-HMAC-SHA256 Credential=${wish.id ?? env['SMS_SECRET_ID']}/${date}/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=${hmac(key, text).toString('hex')}`
  const headers = { authorization, 'content-type': 'application/json; charset=utf-8', 'x-tc-action': 'SendSms', 'x-tc-version': '2021-01-11', 'x-tc-timestamp': String(seconds), 'x-tc-region': 'ap-guangzhou' }
  const answer = await fetch(`${sandbox.url}/`, { method: 'POST', headers, body })
  return ((await answer.json()) as Json).Response
}

test('a text arrives in the inbox, as data and as a page', async () => {
  const { SendStatusSet, RequestId } = await send()
  assert.equal(SendStatusSet[0].Code, 'Ok')
  assert.equal(SendStatusSet[0].PhoneNumber, '+8613800001111')
  assert.ok(RequestId)
  const { items } = await sandbox.ask('GET', '/__sim/sms?phone=13800001111')
  assert.deepEqual(items[0].params, ['482913', '5'])
  assert.match(items[0].text, /482913.*5分钟/)
  assert.deepEqual((await sandbox.ask('GET', '/__sim/sms?phone=%2B8613800001111')).items, items)
  const page = await (await fetch(`${sandbox.url}/inbox`)).text()
  assert.match(page, /482913/)
  assert.match(page, /http-equiv="refresh"/)
})

for (const [words, wish, code] of [
  ['a wrong key', { key: 'no' }, 'AuthFailure.SignatureFailure'],
  ['a body that was not signed', { signed: '{}' }, 'AuthFailure.SignatureFailure'],
  ['an unknown secret id', { id: 'AKIDno' }, 'AuthFailure.SecretIdNotFound'],
  ['a clock ten minutes off', { atSeconds: Math.floor(Date.now() / 1000) - 600 }, 'AuthFailure.SignatureExpire'],
  ['no clock at all', { atSeconds: Number.NaN }, 'AuthFailure.SignatureExpire'],
  ['an unknown app', { more: { SmsSdkAppId: '1' } }, 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'],
] as const) {
  test(`${words} is refused`, async () => assert.equal((await send(wish)).Error.Code, code))
}

for (const [words, more, code] of [
  ['number', { PhoneNumberSet: ['+86123'] }, 'InvalidParameterValue.IncorrectPhoneNumber'],
  ['sign', { SignName: '别家' }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
  ['template', { TemplateId: '1' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
  ['number of parameters', { TemplateParamSet: ['1'] }, 'FailedOperation.TemplateParamSetNotMatchApprovedTemplate'],
] as const) {
  test(`a wrong ${words} is told for its number`, async () => assert.equal((await send({ more })).SendStatusSet[0].Code, code))
}

test('the provider can be made to refuse', async () => {
  await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'refuse', api: 'sms', code: 'LimitExceeded.PhoneNumberDailyLimit' })
  assert.equal((await send()).Error.Code, 'LimitExceeded.PhoneNumberDailyLimit')
})
