// A stranger buys a film course over the front door, gets its keys, and loses them with the refund.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world?.stop())

type Json = ReturnType<typeof JSON.parse>

async function ask(route: string, body?: unknown, headers: Record<string, string> = {}): Promise<Json> {
  const [method = 'GET', path = ''] = route.split(' ')
  const answer = await fetch(`${world.url}/api${path}`, { method, headers: { 'x-client': 'h5/android/device-e2e', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return answer.json()
}

async function statusOf(path: string): Promise<number> {
  const answer = await fetch(`${world.url}${path}`)
  await answer.arrayBuffer()
  return answer.status
}

test('home shows the academy in a real browser, on a phone and on a desk', async () => {
  const browser = await world.open()
  for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    const page = await (await browser.newContext({ viewport })).newPage()
    await page.goto(world.url)
    await page.getByText('夜空识星').first().waitFor({ timeout: 20_000 })
  }
  await browser.close()
})

test('the operator signs in to the console', async () => {
  const browser = await world.open()
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(`${world.url}/console/`)
  await page.locator('input').first().fill(world.operator.email)
  await page.locator('input[type=password]').fill(world.operator.password)
  await page.keyboard.press('Enter')
  await page.getByText('订单').first().waitFor({ timeout: 20_000 })
  await browser.close()
})

test('a film is bought, its segments are ciphertext, and its keys end with the refund', async () => {
  await ask('POST /sms-codes', { phone: '13900000001' })
  const inbox = await (await fetch(`${world.sandboxUrl}/__sim/sms?phone=13900000001`)).text()
  const code = /"(\d{6})"/.exec(inbox)?.[1]
  const { token } = await ask('POST /sessions/phone', { phone: '13900000001', code, agreed: true })
  const me = { authorization: `Bearer ${token}` }
  const course = await ask('GET /courses/night-sky', undefined, me)
  const paid = course.outline.flatMap((chapter: Json) => chapter.lessons).find((lesson: Json) => !lesson.free && lesson.kind === 'video')
  const quote = await ask('POST /quotes', { offer: course.action.offer }, me)
  const order = await ask('POST /orders', { offer: course.action.offer, total: quote.total, agreementVersion: quote.agreementVersion, requestKey: 'story-of-one' }, me)
  const { action } = await ask(`POST /orders/${order.id}/payments`, { wide: true }, me)
  await fetch(`${world.sandboxUrl}/__client/cashier`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code_url: action.content, do: 'pay' }) })
  for (let tries = 0; tries < 100 && (await ask(`GET /orders/${order.id}`, undefined, me)).state !== 'paid'; tries += 1) await sleep(100)
  const play = await ask(`POST /lessons/${paid.id}/plays`, undefined, me)
  const list = await (await fetch(world.url + play.qualities[0].url)).text()
  const keyPath = /URI="([^"]+)"/.exec(list)?.[1] ?? ''
  const segment = Buffer.from(await (await fetch(`${world.url}${play.qualities[0].url.replace(/[^/]+$/, '')}${/^(\S+\.ts)$/m.exec(list)?.[1]}`)).arrayBuffer())
  assert.notEqual(segment[0], 0x47, 'a plain MPEG-TS packet starts with 0x47')
  assert.equal(await statusOf(keyPath), 200)
  assert.equal(await statusOf(keyPath.replace(/plays\/\w/, 'plays/_')), 403)
  const signedIn = await fetch(`${world.url}/api/console/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(world.operator) })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const refund = await ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'story-refund' }, { cookie, 'x-requested-with': 'shuyuan' })
  assert.equal(refund.amount, 9900)
  assert.equal(await statusOf(keyPath), 403)
  assert.equal((await ask('GET /console/ledger/accounts', undefined, { cookie })).balanced, true)
})
