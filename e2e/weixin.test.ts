// The built WeChat package on a phone of our own: signed in by code, paid by virtual payment, learnt, against the real server and sandbox.
import assert from 'node:assert/strict'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import type { Locator, Response } from 'playwright-core'
import { buildWeixin } from '../miniapp/host/build.ts'
import { keepDress } from './dress.ts'
import { orderBook, spendCoins, tryCodes, withdraw } from './errands.ts'
import { atDesk, hold, openPhone, playFor, untilTrue, video, type Hand, type Place } from './phone.ts'
import { comeTooLate, followCard, lookOnIphone, scanCode } from './strangers.ts'
import { first, isClear, statusAs, type Wire, watchWire } from './wire.ts'
import { checkLedger, openWorld } from './world.ts'

let place: Place
let hand: Hand
let wire: Wire
let order = ''

/** The first order of the learner is that of the film. */
async function noteOrder(response: Response): Promise<void> {
  if (order === '' && response.request().method() === 'POST' && response.url() === `${place.world.url}/api/orders`) order = ((await response.json()) as { id: string }).id
}

before(async () => {
  const world = await openWorld()
  place = { world, folder: await mkdtemp(join(tmpdir(), 'shuyuan-weixin-')), browser: await world.open() }
  await buildWeixin(world.url, place.folder)
  hand = hold(await openPhone(place, {}))
  wire = watchWire(hand.page)
  hand.page.on('response', (response) => void noteOrder(response))
})
after(async () => {
  await place?.browser.close()
  await place?.world.stop()
  if (place) await rm(place.folder, { recursive: true, force: true })
})
afterEach(() => assert.deepEqual(hand.faults.splice(0), [], 'nothing went wrong inside the package'))

test('the app opens on its shelves, and every tab has a page', async () => {
  await (await hand.home()).getByText('夜空识星').first().waitFor()
  await hand.tab('学习')
  await (await hand.on('pages/learning/learning')).getByText('登录').first().waitFor()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('登录 / 注册').waitFor()
})

test('a learner searches, reads the agreement and signs in by the code of WeChat', async () => {
  const shelves = await hand.home()
  await shelves.locator('.search input').fill('识星')
  await shelves.locator('.search input').press('Enter')
  const found = await hand.on('pkg-course/courses')
  await found.getByRole('radio', { name: '最相关' }).waitFor()
  await found.getByText('夜空识星').first().tap()
  const course = await hand.on('pkg-course/course')
  await course.locator('.bar .main-button').tap()
  const signIn = await hand.on('pkg-me/sign-in')
  await signIn.getByText('隐私政策').tap()
  await (await hand.on('pkg-me/agreement')).locator('wx-rich-text').first().waitFor()
  await hand.back()
  await signIn.getByRole('checkbox').tap()
  await signIn.getByText('微信一键登录').tap()
  await (await hand.on('pkg-course/course')).locator('[role=dialog]').waitFor()
})

test('a cancelled payment costs nothing; the second one opens the course', async () => {
  const course = await hand.on('pkg-course/course')
  await course.getByRole('checkbox').tap()
  await course.locator('[role=dialog] [class*=main-button]').tap()
  await hand.page.locator('.phone-pay', { hasText: '¥99.00' }).getByText('取消').tap()
  const result = await hand.on('pkg-order/result')
  await result.getByText('重新支付').tap()
  await hand.page.locator('.phone-pay').getByText('支付', { exact: true }).tap()
  await result.getByText('支付成功').waitFor()
  wire.clear()
  await result.getByText('开始学习').tap()
  await hand.on('pkg-lesson/lesson')
})

test('the film plays from ciphertext, with the name on it, at the speed of choice', async () => {
  const lesson = await hand.on('pkg-lesson/lesson')
  await playFor(hand, 1)
  const [key, segment] = [await first(wire.keys), await first(wire.segments)]
  assert.deepEqual([key.status, key.body.length], [200, 16])
  assert.equal(segment.status, 200)
  assert.equal(isClear(segment.body), false)
  assert.match(await lesson.locator('wx-video').innerText(), /\S+ \w{6}/, 'the watermark lies inside the video, so that it stays in full screen')
  await lesson.getByText('1.5×').tap()
  await untilTrue(hand, `${video}.playbackRate === 1.5`)
  const at = await hand.page.evaluate<number>(`${video}.currentTime`)
  await lesson.getByText('+15').tap()
  await untilTrue(hand, `${video}.currentTime > ${at + 10}`)
  await playFor(hand, 2)
})

/** The list of the quality is asked for anew, as every list that a player is given. */
async function swap(lesson: Locator, name: string): Promise<Locator> {
  const chosen = lesson.getByRole('radio', { name: `清晰度 ${name}` })
  await Promise.all([hand.page.waitForResponse((answer) => answer.url().endsWith(`/${name}.m3u8`)), chosen.tap()])
  return chosen
}

test('another quality goes on at its place, as fast as before, playing or resting', async () => {
  const lesson = await hand.on('pkg-lesson/lesson')
  await hand.page.evaluate(`${video}.currentTime = 5`)
  await untilTrue(hand, `${video}.currentTime > 6`)
  const [since, from] = [Date.now(), await hand.page.evaluate<number>(`${video}.currentTime`)]
  await swap(lesson, '720p')
  await untilTrue(hand, `${video}.videoHeight === 720 && !${video}.paused && ${video}.currentTime > 6.5`)
  await untilTrue(hand, `${video}.playbackRate === 1.5`)
  await hand.page.evaluate(`${video}.pause()`)
  const at = await hand.page.evaluate<number>(`${video}.currentTime`)
  assert.ok(at < from + 1 + (1.5 * (Date.now() - since)) / 1000, `it plays on from where it was, not from ${at}`)
  const chosen = await swap(lesson, '480p')
  await untilTrue(hand, `${video}.videoHeight === 480 && Math.abs(${video}.currentTime - ${at}) < 1`)
  assert.equal(await hand.page.evaluate(`${video}.paused`), true)
  assert.match((await chosen.getAttribute('class')) ?? '', /\S*\bon\b/)
  await playFor(hand, 1)
  assert.equal(await hand.page.evaluate(`${video}.playbackRate`), 1.5)
})

test('whoever chooses anew before the film has begun sees the last choice, and nothing breaks', async () => {
  const lesson = await hand.on('pkg-lesson/lesson')
  const neverComes = '**/720p.m3u8'
  await hand.page.route(neverComes, () => undefined)
  const asked = hand.page.waitForRequest(neverComes)
  await lesson.getByRole('radio', { name: '清晰度 720p' }).tap()
  await asked
  await swap(lesson, '480p')
  await hand.page.unroute(neverComes)
  await untilTrue(hand, `${video}.videoHeight === 480 && !${video}.paused`)
  await playFor(hand, 1)
})

test('subtitles lie on the picture when they are wanted', async () => {
  const lesson = await hand.on('pkg-lesson/lesson')
  const words = lesson.locator('wx-video [class*=words]')
  assert.equal(await words.count(), 0)
  await hand.page.evaluate(`${video}.pause()`)
  await lesson.getByRole('radio', { name: '字幕 简体中文' }).tap()
  for (const [seconds, said] of [[2, '面朝北方'], [7, '谁也不追上谁'], [12, '转的不是天']] as const) {
    await hand.page.evaluate(`${video}.currentTime = ${seconds}`)
    await words.filter({ hasText: said }).waitFor()
  }
  await lesson.getByRole('radio', { name: '字幕 关' }).tap()
  await words.waitFor({ state: 'detached' })
  await lesson.getByRole('radio', { name: '字幕 简体中文' }).tap()
  await words.waitFor()
})

test('the lesson goes on where it was left, at the speed of before, with its subtitles', async () => {
  const left = await hand.page.evaluate<number>(`${video}.currentTime`)
  await hand.home()
  // A place told by a player on its way out would come a second later.
  await hand.page.waitForTimeout(1500)
  await hand.tab('学习')
  const learning = await hand.on('pages/learning/learning')
  await learning.getByText('夜空识星').first().tap()
  const seenPage = hand.page.locator('.phone-page:not([hidden])')
  if ((await seenPage.getAttribute('data-page')) === 'pkg-course/course') await seenPage.locator('.bar .main-button').tap()
  await hand.on('pkg-lesson/lesson')
  await playFor(hand, 0.5)
  const now = await hand.page.evaluate<number>(`${video}.currentTime`)
  assert.ok(Math.abs(now - left) < 7, `left at ${left}, goes on at ${now}`)
  await untilTrue(hand, `${video}.playbackRate === 1.5`)
  await (await hand.on('pkg-lesson/lesson')).locator('wx-video [class*=words]').waitFor()
})

test('a free sound plays and a free article is read to its end', async () => {
  await hand.openCourse('夜里的八种声音')
  await (await hand.on('pkg-course/course')).locator('.lesson', { hasText: '免费' }).first().tap()
  await hand.on('pkg-lesson/lesson')
  await playFor(hand, 1)
  await hand.openCourse('把日子记下来')
  await (await hand.on('pkg-course/course')).locator('.lesson', { hasText: '免费' }).first().tap()
  const article = await hand.on('pkg-lesson/lesson')
  assert.ok((await article.locator('wx-rich-text').innerText()).length > 300)
  await hand.page.evaluate("document.querySelector('.phone-page:not([hidden])').scrollTo(0, 1e6)")
  await article.getByText('学完了').waitFor()
})

test('why the course is open, and the order behind it', async () => {
  await hand.openCourse('夜空识星')
  await (await hand.on('pkg-course/course')).getByText('为什么能学或不能学').tap()
  await (await hand.on('pkg-course/access')).getByText('这门课已经对你开放').waitFor()
  await hand.back()
  await hand.back()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('我的订单').tap()
  await (await hand.on('pkg-order/orders')).getByText('夜空识星').tap()
  const order = await hand.on('pkg-order/order')
  await order.getByText('课程已开通').waitFor()
  await order.getByText('复制').tap()
  await hand.back()
  await hand.back()
})

test('the phone number comes from WeChat, and only when the learner allows it', async () => {
  await (await hand.on('pages/me/me')).getByText('设置').tap()
  const settings = await hand.on('pkg-me/settings')
  await settings.getByText('绑定微信手机号').tap()
  await hand.page.getByText('不允许').tap()
  await settings.getByText('绑定微信手机号').tap()
  await hand.page.getByText('允许', { exact: true }).tap()
  await settings.getByText(/手机号 1/).waitFor()
})

test('a buyer says what the course is worth, and reads it below the course', async () => {
  await hand.openCourse('夜空识星')
  const course = await hand.on('pkg-course/course')
  await course.getByText('写评价').waitFor()
  await course.getByRole('radio', { name: '4 / 5' }).tap()
  await course.locator('[class*=form] textarea').fill('北极星怎么找，讲得很清楚')
  await course.getByText('发表评价').tap()
  await course.getByText('我写的').waitFor()
  await course.getByText('北极星怎么找，讲得很清楚').waitFor()
  assert.equal(await course.locator('[class*=form]').count(), 0, 'a course is reviewed once')
})

test('the card of a course opens it for a stranger, who signs in only to buy', () => followCard(place, hand))

test('a scanned code leads to its course by its id', () => scanCode(place))

test('dark dress and large type hold on every page and after a new start', () => keepDress(hand))

test('the plans and the page of codes open; a code that is none is said to be none', () => tryCodes(hand))

test('a book goes to an address of the book of addresses, and is paid by the ordinary sheet', () => orderBook(hand))

test('without a network the pages say so, and go on when it is back', async () => {
  await hand.home()
  await hand.page.evaluate('__hands.cutLine(true)')
  await hand.openCourse('夜空识星')
  const course = await hand.on('pkg-course/course')
  await course.getByText('网络不通').waitFor()
  await hand.page.evaluate('__hands.cutLine(false)')
  await course.getByRole('button', { name: '重试' }).tap()
  await course.getByText('你将学会').waitFor()
  await hand.back()
})

test('signed out, nothing of the learner is left on the phone', async () => {
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('设置').tap()
  await (await hand.on('pkg-me/settings')).getByText('退出登录').tap()
  await (await hand.on('pages/me/me')).getByText('登录 / 注册').waitFor()
  const key = await first(wire.keys)
  assert.equal(await statusAs(key.url, key.headers), 403)
})

test('refunded by the operator while the film is open, the course closes on the phone', async () => {
  await hand.openCourse('夜空识星')
  const course = await hand.on('pkg-course/course')
  await course.locator('.bar .main-button').tap()
  const signIn = await hand.on('pkg-me/sign-in')
  await signIn.getByRole('checkbox').tap()
  await signIn.getByText('微信一键登录').tap()
  const opened = await hand.on('pkg-course/course')
  wire.clear()
  await opened.getByText('北斗指路').tap()
  await hand.on('pkg-lesson/lesson')
  await playFor(hand, 1)
  const key = await first(wire.keys)
  assert.equal(await statusAs(key.url, key.headers), 200)
  await hand.page.evaluate(`${video}.pause()`)
  await refund(order)
  assert.equal(await statusAs(key.url, key.headers), 403)
  await hand.back()
  await opened.locator('.bar .main-button', { hasText: '购买' }).waitFor()
  await opened.getByText('为什么能学或不能学').tap()
  await (await hand.on('pkg-course/access')).getByText('学习权限已经收回').waitFor()
  assert.equal(await checkLedger(place.world), 'the ledger balances')
  const refused = hand.faults.splice(0)
  assert.ok(refused.every((fault) => /status of 403 /.test(fault)), `only what was watched after the refund may be refused: ${refused.join(' | ')}`)
})

async function refund(id: string): Promise<void> {
  await (await atDesk(place.world))(`/orders/${id}/refunds`, { reason: '学员申请', requestKey: 'weixin-story-1' })
}

test('a pack of coins fills the purse, and the course is bought with it', () => spendCoins(place, hand))

test('what the academy owes is asked for on the phone, agreed to at the desk, confirmed in WeChat and received', () => withdraw(place, hand))

test('the card of a page that is gone leads to a page that says so', () => comeTooLate(place, hand))

test('every page of the package was opened', async () => {
  const app = JSON.parse(await readFile(join(place.folder, 'app.json'), 'utf8')) as { pages: string[]; subPackages: { root: string; pages: string[] }[] }
  const all = [...app.pages, ...app.subPackages.flatMap(({ root, pages }) => pages.map((name) => `${root}/${name}`))]
  assert.deepEqual([...hand.seen].sort(), all.sort())
})

test('on an iPhone, where no payment channel is open yet, nothing is for sale', () => lookOnIphone(place))
