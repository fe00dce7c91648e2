// The story of a sale, from a stranger on a phone to the operator who gives the money back, on the real builds.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { deskSize, isPaused, openProfile, patience, payHere, positionOf, phoneSize, signIn, signInOperator, signOut, waitPast, waitPlaying } from './people.ts'
import { publishFilm } from './publishing.ts'
import { checkLedger, openWorld, type World } from './world.ts'
import { first, isClear, statusAs, type Wire, watchWire } from './wire.ts'

const phone = '13800138001'
const film = "document.querySelector('video.player-video')"
let world: World
let browser: Browser
let learner: Page
let wire: Wire
let order = ''
let lesson = ''

before(async () => {
  world = await openWorld()
  browser = await world.open()
  learner = await openProfile(browser, phoneSize)
  wire = watchWire(learner)
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

test('home shows the academy on a phone and on a desk', async () => {
  for (const size of [phoneSize, deskSize]) {
    const page = await openProfile(browser, size)
    await page.goto(world.url)
    await page.getByText('夜空识星').first().waitFor()
    await page.context().close()
  }
})

test('a card that is tapped before any script has come leads to its course all the same', async () => {
  const page = await browser.newPage({ viewport: phoneSize, javaScriptEnabled: false })
  await page.goto(world.url)
  await page.getByText('夜空识星').first().click()
  await page.waitForURL('**/pkg-course/course?slug=night-sky')
  await page.context().close()
})

test('a course opened by its address has its price beside the picture on a desk, and below on a phone', async () => {
  for (const [size, where] of [[deskSize, 'beside'], [phoneSize, 'below']] as const) {
    const page = await openProfile(browser, size)
    await page.goto(`${world.url}/pkg-course/course?slug=night-sky`)
    await page.locator('.bar').waitFor()
    await page.locator('#first-screen').waitFor({ state: 'detached' })
    const [cover, bar] = [await page.locator('.cover').first().boundingBox(), await page.locator('.bar').boundingBox()]
    assert.ok(cover && bar)
    assert.ok(where === 'beside' ? cover.x + cover.width <= bar.x : cover.y + cover.height <= bar.y, `${where}: ${JSON.stringify({ cover, bar })}`)
    await page.context().close()
  }
})

test('every page names the scripts it runs and is framed by nobody; another script does not run', async () => {
  for (const path of ['/', '/index.html', '/pkg-course/course?slug=night-sky', '/console/', '/console/index.html', '/console/orders']) {
    const policy = (await fetch(world.url + path)).headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'self'(?: 'sha256-[\w+/=]{44}')*;/, path)
    assert.ok(policy.includes("frame-ancestors 'none'"), path)
  }
  const page = await browser.newPage()
  for (const path of ['/', '/console/']) {
    await page.goto(world.url + path)
    await page.addScriptTag({ content: 'document.title = "ran"' }).then(undefined, () => undefined)
    assert.notEqual(await page.title(), 'ran', path)
  }
  await page.close()
})

test('a visitor searches, finds the course and tries a lesson up to its wall', async () => {
  await learner.goto(world.url)
  await learner.locator('.search input').fill('识星')
  await learner.locator('.search input').press('Enter')
  await learner.getByRole('radio', { name: '最相关' }).waitFor()
  await learner.getByText('夜空识星').first().click()
  await learner.getByText('北斗指路').first().click()
  await waitPlaying(learner)
  await learner.locator('.wall').waitFor()
  assert.equal(await isPaused(learner), true)
})

test('from the wall it is three steps to the film: sign in, confirm, pay', async () => {
  await learner.locator('.wall .main-button').click()
  await signIn(learner, world, phone)
  order = await payHere(learner)
  assert.match(order, /^ord_/)
  wire.clear()
  await learner.getByText('开始学习').click()
  await learner.getByText('下一课 · 北斗指路').click()
  await learner.getByText('2. 北斗指路').waitFor()
  await waitPlaying(learner)
  lesson = learner.url()
})

test('what travels is ciphertext, and the key is for the one who bought', async () => {
  const [key, segment] = [await first(wire.keys), await first(wire.segments)]
  assert.equal(key.status, 200)
  assert.equal(key.body.length, 16)
  assert.equal(isClear(segment.body), false)
  assert.equal(segment.body.length % 16, 0)
  assert.equal(await statusAs(key.url, key.headers), 200)
  assert.notEqual(await statusAs(key.url, {}), 200, 'whoever finds the address has no key')
})

test('another device goes on within five seconds of where this one still plays, and has no keys once it is signed out', async () => {
  const tablet = await openProfile(browser, deskSize)
  const here = watchWire(tablet)
  await tablet.goto(`${world.url}/pkg-me/sign-in`)
  await learner.evaluate(`${film}.pause()`)
  await learner.evaluate(`${film}.currentTime = 1`)
  await signIn(tablet, world, phone)
  await learner.evaluate(`void ${film}.play().catch(() => undefined)`)
  await waitPast(learner, 9)
  const [since, from] = [Date.now(), await positionOf(learner)]
  const opened = tablet.waitForResponse((answer) => answer.url().endsWith('/plays')).then(async (answer) => [((await answer.json()) as { positionSeconds: number }).positionSeconds, await positionOf(learner)] as const)
  await tablet.goto(lesson)
  const [resumed, left] = await opened
  assert.ok(resumed > from - 5 && resumed < left + 5, `this one went from ${from} to ${left}, the other begins at ${resumed}`)
  await learner.evaluate(`${film}.pause()`)
  await waitPlaying(tablet)
  const now = await positionOf(tablet)
  assert.ok(now > resumed - 1 && now < resumed + 1 + (Date.now() - since) / 1000, `the other began at ${resumed} and stands at ${now}`)
  const key = await first(here.keys)
  assert.equal(await statusAs(key.url, key.headers), 200)
  await signOut(tablet, world)
  assert.equal(await statusAs(key.url, key.headers), 403)
  await tablet.context().close()
})

test('the operator finds the order and gives the money back: access is gone, the ledger balances', async () => {
  wire.clear()
  await learner.goto(lesson)
  await waitPlaying(learner)
  const key = await first(wire.keys)
  const desk = await openProfile(browser, deskSize)
  await signInOperator(desk, world)
  await desk.goto(`${world.url}/console/orders?order=${order}`)
  await desk.getByRole('button', { name: '退款', exact: true }).first().click()
  await desk.locator('input[name=reason]').fill('学员来电，改学另一门课')
  const asked = await desk.getByText('以确认').innerText()
  await desk.locator('input[name=number]').fill(/[\w-]{12,}/.exec(asked)?.[0] ?? '')
  await desk.locator('[role=dialog] button[type=submit]').click()
  await desk.getByText('退款到账').first().waitFor()
  assert.equal(await statusAs(key.url, key.headers), 403)
  await learner.goto(lesson)
  await waitPlaying(learner)
  await learner.locator('.wall').waitFor()
  await learner.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await learner.locator('.main-button').filter({ hasText: '购买' }).waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
})

test('an operator publishes a film from an empty page, and a visitor finds it', async () => {
  await publishFilm(browser, world)
})

test("inside WeChat's own browser a reader is known without a text message, and pays without leaving", async () => {
  const reader = await (await browser.newContext({ viewport: phoneSize, locale: 'zh-CN', hasTouch: true, userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile MicroMessenger/8.0.55' })).newPage()
  reader.setDefaultTimeout(patience)
  await reader.exposeFunction('phonePays', async (asked: object) => (await fetch(`${world.sandboxUrl}/__client/pay`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ appid: world.appid, user: 'reader', ...asked }) })).json())
  await reader.addInitScript("window.WeixinJSBridge = { invoke: (_name, asked, done) => window.phonePays(asked).then((told) => done({ err_msg: told.errMsg })) }")
  await reader.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await reader.locator('.bar .main-button').click()
  await reader.getByText('微信一键登录').waitFor()
  await reader.getByRole('checkbox').first().click()
  await reader.getByText('微信一键登录').click()
  await reader.locator('[role=dialog]').waitFor()
  await reader.locator('[role=dialog]').getByRole('checkbox').click()
  await reader.locator('[role=dialog] .main-button').click()
  await reader.getByText('支付成功').waitFor()
  await reader.getByText('开始学习').click()
  await reader.locator('video.player-video').waitFor({ state: 'attached' })
  assert.equal(await checkLedger(world), 'the ledger balances')
  await reader.context().close()
})
