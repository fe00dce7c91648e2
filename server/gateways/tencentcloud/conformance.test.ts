// The client of Tencent Cloud SMS against the sandbox process.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sharedSandbox, type SandboxProcess, type Tenant } from '../../test/sandbox.ts'
import type { SmsConfig } from './shapes.ts'
import { openSms } from './sms.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant

before(async () => {
  sandbox = await sharedSandbox()
  tenant = await sandbox.tenant()
})

function open(change: Partial<SmsConfig> = {}, now = () => new Date()) {
  const given = (name: string) => tenant.env[`SMS_${name}`] ?? ''
  return openSms({ baseUrl: given('BASE_URL'), secretId: given('SECRET_ID'), secretKey: given('SECRET_KEY'), appId: given('APP_ID'), sign: given('SIGN'), templates: { code: given('TEMPLATE'), planEnds: '' }, ...change }, now)
}

async function codeOf(answer: ReturnType<ReturnType<typeof open>['send']>): Promise<string> {
  const told = await answer
  return told.outcome === 'refused' ? told.code : `${told.outcome} ${told.outcome === 'unknown' ? told.why : ''}`.trim()
}

test('a code arrives in the inbox', async () => {
  const sent = await open().send('code', '13912345678', ['493027', '10'])
  assert.ok(sent.outcome === 'done' && sent.value.serial !== '', JSON.stringify(sent))
  const { items } = await sandbox.ask('GET', `/__sim/sms?phone=13912345678&tenant=${tenant.appid}`)
  assert.equal(items.length, 1)
  assert.match(items[0].text, /493027.*10/)
  assert.equal(await codeOf(open().send('code', '+8613912345679', ['1', '2'])), 'done')
})

test('every refusal keeps its code, the cloud’s own trouble is unknown', async () => {
  assert.match(await codeOf(open({ secretKey: 'wrong' }).send('code', '13912345678', ['1', '2'])), /^AuthFailure\.SignatureFailure/)
  assert.match(await codeOf(open({ secretId: 'nobody' }).send('code', '13912345678', ['1', '2'])), /^AuthFailure\.SecretIdNotFound/)
  assert.match(await codeOf(open({}, () => new Date(Date.now() - 600_000)).send('code', '13912345678', ['1', '2'])), /^AuthFailure\.SignatureExpire/)
  assert.match(await codeOf(open().send('code', '123', ['1', '2'])), /IncorrectPhoneNumber/)
  assert.match(await codeOf(open().send('code', '13912345678', ['1'])), /TemplateParamSetNotMatch/)
  assert.match(await codeOf(open({ sign: '别家' }).send('code', '13912345678', ['1', '2'])), /Signature/)
  await sandbox.fault(tenant, 'refuse', { api: 'sms', code: 'LimitExceeded.PhoneNumberDailyLimit' })
  assert.equal(await codeOf(open().send('code', '13912345678', ['1', '2'])), 'LimitExceeded.PhoneNumberDailyLimit')
  await sandbox.fault(tenant, 'refuse', { api: 'sms', code: 'InternalError.Timeout' })
  assert.equal(await codeOf(open().send('code', '13912345678', ['1', '2'])), 'unknown InternalError.Timeout')
  await sandbox.fault(tenant, 'lose_answer', { api: 'sms' })
  assert.match(await codeOf(open().send('code', '13912345678', ['1', '2'])), /^unknown network/)
  assert.equal(await codeOf(open({ secretId: '' }).send('code', '13912345678', ['1', '2'])), 'NOT_CONFIGURED')
})
