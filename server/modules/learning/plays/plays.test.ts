// Plays over HTTP: who gets a key, how far it reaches, and everything after which it is refused.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf } from '#server/test/server.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { addSoundLesson } from '#server/test/sound.ts'
import { grantKey } from './actions.ts'

let shop: Shop
let paid: { lesson: string; asset: string }
let free: { lesson: string; asset: string }
before(async () => {
  shop = await openShop()
  paid = await addSoundLesson(shop, shop.course.id, 80, { trial: { seconds: 10, basisPoints: null } })
  free = await addSoundLesson(shop, shop.course.id, 20, { free: true })
})
after(() => shop.stop())

type Opened = { status: number; code: string; play: Json; cookie: string; keys: string[] }

/** Opens a play as a browser does, which keeps the cookie it is given, and reads the addresses of its keys. */
async function open(lesson: string, who?: Buyer, { client = 'h5/android/device-0001', cookie = '' } = {}): Promise<Opened> {
  const answer = await fetch(`${shop.app.url}/api/lessons/${lesson}/plays`, { method: 'POST', headers: { 'x-client': client, ...(who ? { authorization: `Bearer ${who.token}` } : {}), ...(cookie ? { cookie } : {}) } })
  const play = (await answer.json()) as Json
  const given = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
  if (answer.status !== 200) return { status: answer.status, code: play.error.code, play, cookie: given, keys: [] }
  const list = await (await fetch(shop.app.url + play.audioUrl)).text()
  return { status: 200, code: '', play, cookie: given, keys: [...list.matchAll(/URI="([^"]+)"/g)].map((found) => found[1] ?? '') }
}

async function keyStatus(url: string | undefined, cookie: string): Promise<number> {
  const answer = await fetch(`${shop.app.url}${url}`, { headers: cookie ? { cookie } : {} })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  if (answer.status === 200) assert.equal(bytes.length, 16)
  return answer.status
}

async function bought(): Promise<{ buyer: Buyer; order: Json }> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order }
}

async function given(): Promise<Buyer & { id: string }> {
  const buyer = await shop.buyer()
  const { id } = await shop.asBuyer(buyer, 'GET /me')
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: null, note: '测试' })
  return { ...buyer, id }
}

test('an owner has a key a group, each another, and every one is written down', async () => {
  const { play, keys, cookie } = await open(paid.lesson, await given())
  assert.deepEqual([play.limitSeconds, Math.round(play.durationSeconds)], [null, 80])
  assert.ok(keys.length >= 2, String(keys))
  const bytes = await Promise.all(keys.map(async (key) => Buffer.from(await (await fetch(shop.app.url + key, { headers: { cookie } })).arrayBuffer()).toString('hex')))
  assert.equal(new Set(bytes).size, keys.length)
  assert.equal(await keyStatus(keys[0]?.replace(/\d+$/, '99'), cookie), 403)
  const { rows } = await shop.app.app.ctx.db.query<{ n: number }>({ text: 'select count(*)::int as n from key_grants', values: [], __sql: true })
  assert.ok((rows[0]?.n ?? 0) >= keys.length)
})

test('a trial is told its end, has the key and the segments up to there, and no more', async () => {
  for (const who of [undefined, await shop.buyer()]) {
    const { play, keys, cookie } = await open(paid.lesson, who)
    assert.equal(play.limitSeconds, 10)
    assert.equal(keys.length, 1)
    assert.equal(await keyStatus(keys[0], cookie), 200)
    assert.equal(await keyStatus(keys[0]?.replace(/0$/, '1'), cookie), 403)
    const base = play.audioUrl.replace(/audio\.m3u8$/, 'audio')
    const list = await (await fetch(shop.app.url + play.audioUrl)).text()
    const shown = list.match(/#EXTINF/g)?.length ?? 0
    const status = async (at: number) => (await fetch(`${shop.app.url}${base}/${at}.ts`)).status
    assert.deepEqual([await status(0), await status(shown - 1), await status(shown)], [200, 200, 403])
  }
})

test('a free lesson is whole for anybody; a closed one opens for nobody who has no right', async () => {
  const { play, keys, cookie } = await open(free.lesson)
  assert.deepEqual([play.limitSeconds, play.watermark, await keyStatus(keys[0], cookie)], [null, null, 200])
  const { lesson } = await addSoundLesson(shop, shop.course.id, 5)
  assert.equal((await open(lesson)).code, 'lesson.no_access')
  assert.equal((await open(lesson, await shop.buyer())).code, 'lesson.no_access')
  assert.equal((await open(shop.course.lesson, await given())).code, 'lesson.not_playable')
  assert.equal((await open(newId('lsn'))).code, 'thing.not_found')
})

test('after a refund the keys of a play that is open are refused at once', async () => {
  const { buyer, order } = await bought()
  const { keys, cookie } = await open(paid.lesson, buyer)
  assert.equal(await keyStatus(keys[0], cookie), 200)
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-a-play' })
  assert.equal(await keyStatus(keys[0], cookie), 403)
  const again = await open(paid.lesson, buyer)
  assert.equal(again.play.limitSeconds, 10, 'what is left is the trial')
})

test('after signing out, and once a right was taken back or has ended, keys are refused', async () => {
  const [leaving, taken, ending] = [await given(), await given(), await shop.buyer()]
  const { id } = await shop.asBuyer(ending, 'GET /me')
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: new Date(Date.now() + 1500).toISOString(), note: '短' })
  const plays = [await open(paid.lesson, leaving), await open(paid.lesson, taken), await open(paid.lesson, ending)]
  for (const { keys, cookie } of plays) assert.equal(await keyStatus(keys[0], cookie), 200)
  await shop.asBuyer(leaving, 'DELETE /sessions/current')
  const { items: [right] } = await shop.desk(`GET /console/members/${taken.id}/entitlements`)
  await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '给错了人' })
  await new Promise((resolve) => setTimeout(resolve, 1600))
  for (const { keys, cookie } of plays) assert.equal(await keyStatus(keys[0], cookie), 403)
})

test('a play on the web is for the browser that opened it; the players inside apps keep no cookie', async () => {
  const who = await given()
  const { keys, cookie } = await open(paid.lesson, who)
  const other = await open(paid.lesson, who)
  assert.notEqual(cookie, other.cookie)
  assert.deepEqual([await keyStatus(keys[0], ''), await keyStatus(keys[0], other.cookie), await keyStatus(keys[0], cookie)], [403, 403, 200])
  const second = await open(paid.lesson, who, { cookie })
  assert.equal(second.cookie, cookie, 'a browser keeps what it has')
  const inWechat = await open(paid.lesson, who, { client: 'wechat/android/device-0001' })
  assert.equal(inWechat.cookie, '')
  assert.equal(await keyStatus(inWechat.keys[0], ''), 200)
})

test('a play that is over, a changed token and another title are refused', async () => {
  const { keys, cookie, play } = await open(paid.lesson, await given())
  const [, token = '', group = ''] = /plays\/([^/]+)\/keys\/(\d+)$/.exec(keys[0] ?? '') ?? []
  const holder = cookie.split('=')[1]
  const at = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
  const left = (Date.parse(play.expiresAt) - Date.now()) / 1000
  assert.equal((await grantKey(at(left - 5), token, Number(group), holder)).length, 16)
  await assert.rejects(grantKey(at(left + 5), token, Number(group), holder), { code: 'play.token_refused' })
  const changed = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  for (const wrong of [changed, token.slice(0, 40), 'x.y', `${token.split('.')[0]}.`]) assert.equal(await keyStatus(`/api/plays/${wrong}/keys/0`, cookie), 403, wrong)
  for (const wrong of ['-1', 'x', '0.5', '']) assert.equal(await keyStatus(`/api/plays/${token}/keys/${wrong}`, cookie), 403, wrong)
})

test('a member plays on five devices, not on six, even when all begin at once; a known one goes on', async () => {
  const who = await given()
  const on = (device: number) => open(paid.lesson, who, { client: `h5/android/device-000${device}` })
  const opened = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(on))
  assert.deepEqual(opened.map((one) => one.status).toSorted(), [200, 200, 200, 200, 200, 403, 403, 403])
  for (const one of opened) if (one.status !== 200) assert.equal(one.code, 'play.device_limit')
  const known = opened.findIndex((one) => one.status === 200) + 1
  assert.equal((await on(known)).status, 200)
  const { db } = shop.app.app.ctx
  await db.query(sql`update plays set opened_at = opened_at - interval '11 minutes' where member_id = ${who.id}`)
  await db.query(sql`insert into key_grants (play_id, key_group, at, address) select distinct on (device) id, 0, now(), '' from plays where member_id = ${who.id} order by device offset 1`)
  const after = await Promise.all([11, 12].map((device) => open(paid.lesson, who, { client: `h5/android/device-00${device}` })))
  assert.deepEqual(after.map((one) => one.status).toSorted(), [200, 403], 'one of five has stopped, four still fetch keys')
})

test('the watermark names the learner, and follows a new nickname', async () => {
  const who = await given()
  await shop.asBuyer(who, 'PATCH /me', { nickname: '夜航船' })
  assert.equal((await open(paid.lesson, who)).play.watermark.text, `夜航船 ${who.id.slice(-6)}`)
})

test('a lesson page says what opens it, its neighbours and its price', async () => {
  const page = (await shop.app.ask(`GET /lessons/${paid.lesson}`)).body
  assert.deepEqual([page.number, page.access.mode, page.access.trialSeconds, page.offer.price, page.previous.lesson, page.next.lesson], [2, 'trial', 10, 9900, shop.course.lesson, free.lesson])
  const inApple = (await shop.app.ask(`GET /lessons/${paid.lesson}`, undefined, { client: 'wechat/ios/device-0001' })).body
  assert.equal(inApple.offer, null)
  assert.equal((await shop.app.ask(`GET /lessons/${shop.course.lesson}`)).body.articleHtml, null)
})

test('off the shelf a course is closed to others and stays open to its owners', async () => {
  const { id } = await shop.desk('POST /console/courses', { title: '未上架', kind: 'audio' })
  await shop.desk(`POST /console/courses/${id}/chapters`, { title: '一' })
  const { lesson } = await addSoundLesson(shop, id, 5, { free: true })
  assert.equal((await open(lesson)).code, 'thing.not_found')
  const owner = await given()
  await shop.desk(`POST /console/members/${owner.id}/entitlements`, { course: id, until: null, note: '先看' })
  const { keys, cookie } = await open(lesson, owner)
  assert.equal(await keyStatus(keys[0], cookie), 200)
  assert.equal(codeOf(await shop.app.ask(`GET /lessons/${lesson}`)), 'thing.not_found')
})
