// Whoever runs the machine lets in an operator who lost the second step and whom nobody else can help.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { generateSync } from 'otplib'
import { showAudit } from '#modules/academy/audit/actions.ts'
import { beginTotp, completeTotp, findOperator, setUp, signIn } from '#modules/academy/staff/actions.ts'
import { openApp, type App } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase, type FreshDatabase } from '#server/test/database.ts'

const [email, password] = ['owner@example.cn', 'a long enough password']
const dataDir = mkdtempSync(join(tmpdir(), 'shuyuan-operate-'))
let database: FreshDatabase
let environment: Record<string, string>
let app: App

before(async () => {
  database = await freshDatabase()
  environment = { DATABASE_URL: database.url, DATABASE_POOL: '4', DATA_DIR: dataDir, SECRET: 'a secret that only this test knows, 32+', SETUP_KEY: 'a key', LOG_LEVEL: 'silent' }
  app = await openApp(readConfig(environment))
})
after(async () => {
  await app.close()
  await database.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

function operate(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'operate.ts'), ...words], { env: { ...process.env, ...environment }, encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('the sole owner without their authenticator is let in by the machine, signed out everywhere, and the log says so', async () => {
  const { ctx } = app
  const { me, token } = await setUp(ctx, { key: 'a key', academy: '拾光书院', name: '许知行', email, password })
  const { secret } = await beginTotp(ctx, me.operator.id)
  await completeTotp(ctx, me.operator.id, generateSync({ secret }))
  await assert.rejects(signIn(ctx, { email, password }), { code: 'staff.totp_needed' })

  const done = operate('end-two-step', 'Owner@example.cn')
  assert.deepEqual([done.status, done.stderr], [0, ''])
  assert.match(done.stdout, /许知行/)
  assert.equal(await findOperator(ctx, token), undefined)
  assert.equal((await signIn(ctx, { email, password })).me.operator.totp, false)
  const [entry] = (await showAudit(ctx, {})).items
  assert.deepEqual([entry?.action, entry?.subject, entry?.operator, entry?.before, entry?.after, entry?.address], ['staff.totp_taken_away', me.operator.id, null, { totp: true }, { totp: false }, hostname()])
})

test('an address that nobody has, and words that it does not know, are told and change nothing', async () => {
  const before = (await showAudit(app.ctx, {})).items.length
  const unknown = operate('end-two-step', 'nobody@example.cn')
  assert.deepEqual([unknown.status, unknown.stdout], [1, ''])
  assert.match(unknown.stderr, /^No operator has the address nobody@example\.cn\.$/m)
  for (const words of [[], ['end-two-step'], ['end-two-step', email, 'more'], ['restore']]) {
    const { status, stderr } = operate(...words)
    assert.equal(status, 1)
    assert.match(stderr, /npm run operate -- end-two-step EMAIL/)
  }
  assert.equal((await showAudit(app.ctx, {})).items.length, before)
})
