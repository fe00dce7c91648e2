// The built WeChat package on a phone of our own: signed in by code, paid by virtual payment, learnt, against the real server and sandbox.
import assert from 'node:assert/strict'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, Locator, Page, Response } from 'playwright-core'
import { buildWeixin } from '../miniapp/host/build.ts'
import { openMiniProgram, type Opened } from '../miniapp/host/open.ts'
import { deskSize, openProfile, patience, signInOperator } from './people.ts'
import { watchWire, statusAs, type Wire } from './wire.ts'
import { checkLedger, openWorld, type World } from './world.ts'

let world: World
let browser: Browser
let folder = ''
let phone: Opened
let page: Page
let wire: Wire
let order = ''
const seen = new Set<string>()

/** The first order of the learner is that of the film. */
async function noteOrder(response: Response): Promise<void> {
  if (order === '' && response.request().method() === 'POST' && response.url() === `${world.url}/api/orders`) order = ((await response.json()) as { id: string }).id
}

before(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'shuyuan-weixin-'))
  await buildWeixin(world.url, folder)
  browser = await world.open()
  phone = await openPhone({})
  page = phone.page
  wire = watchWire(page)
  page.on('response', (response) => void noteOrder(response))
})
after(async () => {
  await browser?.close()
  await world?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})
afterEach(() => assert.deepEqual(phone.faults, [], 'nothing went wrong inside the package'))

async function openPhone(wish: { platform?: string; system?: string; launch?: string; user?: string }): Promise<Opened> {
  const opened = await openMiniProgram(browser, { folder, server: world.url, sandbox: world.sandboxUrl, appid: world.appid, user: 'lin', ...wish })
  opened.page.setDefaultTimeout(patience)
  return opened
}

/** The page on the screen, once it is the one that was asked for. */
async function on(path: string): Promise<Locator> {
  await page.locator(`.phone-page:not([hidden])[data-page="${path}"]`).waitFor()
  seen.add(path)
  return page.locator('.phone-page:not([hidden])')
}

const tab = (text: string) => page.locator('.phone-tab', { hasText: text }).tap()
const back = () => page.locator('.phone-back').tap()

async function home(): Promise<Locator> {
  while (await page.locator('.phone-back').isVisible()) await back()
  await tab('首页')
  return on('pages/home/home')
}

/** The policy of the page forbids to evaluate in it, so waiting is done from outside. */
async function untilTrue(expression: string): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (await page.evaluate<boolean>(expression)) return
    await page.waitForTimeout(200)
  }
  assert.fail(`never true: ${expression}`)
}

const video = "document.querySelector('wx-video > video')"
async function playFor(seconds: number): Promise<void> {
  await page.locator('wx-video > video').waitFor({ state: 'attached' })
  await page.evaluate(`${video}.play()`)
  const at = await page.evaluate<number>(`${video}.currentTime`)
  await untilTrue(`${video}.currentTime > ${at + seconds}`)
}

test('the app opens on its shelves, and every tab has a page', async () => {
  await (await home()).getByText('夜空识星').first().waitFor()
  await tab('学习')
  await (await on('pages/learning/learning')).getByText('登录').first().waitFor()
  await tab('我的')
  await (await on('pages/me/me')).getByText('登录 / 注册').waitFor()
})

test('a learner searches, reads the agreement and signs in by the code of WeChat', async () => {
  const shelves = await home()
  await shelves.locator('.search input').fill('识星')
  await shelves.locator('.search input').press('Enter')
  await shelves.getByText('搜索结果').waitFor()
  await shelves.getByText('夜空识星').first().tap()
  const course = await on('pkg-course/course')
  await course.locator('.bar .main-button').tap()
  const signIn = await on('pkg-me/sign-in')
  await signIn.getByText('隐私政策').tap()
  await (await on('pkg-me/agreement')).locator('wx-rich-text').first().waitFor()
  await back()
  await signIn.getByRole('checkbox').tap()
  await signIn.getByText('微信一键登录').tap()
  await (await on('pkg-course/course')).locator('[role=dialog]').waitFor()
})

test('a cancelled payment costs nothing; the second one opens the course', async () => {
  const course = await on('pkg-course/course')
  await course.getByRole('checkbox').tap()
  await course.locator('[role=dialog] [class*=main-button]').tap()
  await page.locator('.phone-pay', { hasText: '¥99.00' }).getByText('取消').tap()
  const result = await on('pkg-order/result')
  await result.getByText('重新支付').tap()
  await page.locator('.phone-pay').getByText('支付', { exact: true }).tap()
  await result.getByText('支付成功').waitFor()
  wire.clear()
  await result.getByText('开始学习').tap()
  await on('pkg-lesson/lesson')
})

test('the film plays from ciphertext, with the name on it, at the speed of choice', async () => {
  const lesson = await on('pkg-lesson/lesson')
  await playFor(1)
  const [key, segment] = [wire.keys[0] ?? assert.fail('no key was fetched'), wire.segments[0] ?? assert.fail('no segment was fetched')]
  assert.deepEqual([key.status, key.body.length], [200, 16])
  assert.equal(segment.status, 200)
  assert.notEqual(segment.body[0], 0x47, 'an MPEG-TS packet in the clear would begin with 0x47')
  assert.match(await lesson.locator('wx-video').innerText(), /\S+ \w{6}/, 'the watermark lies inside the video, so that it stays in full screen')
  await lesson.getByText('1.5×').tap()
  await untilTrue(`${video}.playbackRate === 1.5`)
  const at = await page.evaluate<number>(`${video}.currentTime`)
  await lesson.getByText('+15').tap()
  await untilTrue(`${video}.currentTime > ${at + 10}`)
  await playFor(2)
})

test('the lesson goes on where it was left, at the speed of before', async () => {
  const left = await page.evaluate<number>(`${video}.currentTime`)
  await home()
  await tab('学习')
  const learning = await on('pages/learning/learning')
  await learning.getByText('夜空识星').first().tap()
  const seenPage = page.locator('.phone-page:not([hidden])')
  if ((await seenPage.getAttribute('data-page')) === 'pkg-course/course') await seenPage.locator('.bar .main-button').tap()
  await on('pkg-lesson/lesson')
  await playFor(0.5)
  const now = await page.evaluate<number>(`${video}.currentTime`)
  assert.ok(Math.abs(now - left) < 7, `left at ${left}, goes on at ${now}`)
  await untilTrue(`${video}.playbackRate === 1.5`)
})

test('a free sound plays and a free article is read to its end', async () => {
  await openCourse('夜里的八种声音')
  await (await on('pkg-course/course')).locator('.lesson', { hasText: '免费' }).first().tap()
  await on('pkg-lesson/lesson')
  await playFor(1)
  await openCourse('把日子记下来')
  await (await on('pkg-course/course')).locator('.lesson', { hasText: '免费' }).first().tap()
  const article = await on('pkg-lesson/lesson')
  assert.ok((await article.locator('wx-rich-text').innerText()).length > 300)
  await page.evaluate("document.querySelector('.phone-page:not([hidden])').scrollTo(0, 1e6)")
  await article.getByText('学完了').waitFor()
})

async function openCourse(title: string): Promise<void> {
  const shelves = await home()
  if (await shelves.getByText('清除').isVisible()) await shelves.getByText('清除').tap()
  // Not the card above the shelves: it goes on with a lesson, and which course it names follows what was learnt last.
  await shelves.locator('.shelf').getByText(title).first().tap()
}

test('why the course is open, and the order behind it', async () => {
  await openCourse('夜空识星')
  await (await on('pkg-course/course')).getByText('为什么能学或不能学').tap()
  await (await on('pkg-course/access')).getByText('这门课已经对你开放').waitFor()
  await back()
  await back()
  await tab('我的')
  await (await on('pages/me/me')).getByText('我的订单').tap()
  await (await on('pkg-order/orders')).getByText('夜空识星').tap()
  const order = await on('pkg-order/order')
  await order.getByText('课程已开通').waitFor()
  await order.getByText('复制').tap()
  await back()
  await back()
})

test('the phone number comes from WeChat, and only when the learner allows it', async () => {
  await (await on('pages/me/me')).getByText('设置').tap()
  const settings = await on('pkg-me/settings')
  await settings.getByText('绑定微信手机号').tap()
  await page.getByText('不允许').tap()
  await settings.getByText('绑定微信手机号').tap()
  await page.getByText('允许', { exact: true }).tap()
  await settings.getByText(/手机号 1/).waitFor()
})

test('a buyer says what the course is worth, and reads it below the course', async () => {
  await openCourse('夜空识星')
  const course = await on('pkg-course/course')
  await course.getByText('写评价').waitFor()
  await course.getByRole('radio', { name: '4 / 5' }).tap()
  await course.locator('[class*=form] textarea').fill('北极星怎么找，讲得很清楚')
  await course.getByText('发表评价').tap()
  await course.getByText('我写的').waitFor()
  await course.getByText('北极星怎么找，讲得很清楚').waitFor()
  assert.equal(await course.locator('[class*=form]').count(), 0, 'a course is reviewed once')
})

type Card = { title: string; path: string }
test('the card of a course opens it for a stranger, who signs in only to buy', async () => {
  await openCourse('夜空识星')
  await (await on('pkg-course/course')).getByText('你将学会').waitFor()
  const card = await page.evaluate<Card>('__hands.share()')
  assert.deepEqual(card, { title: '夜空识星：从北斗出发', path: '/pkg-course/course?slug=night-sky' })
  const stranger = await openPhone({ launch: card.path, user: 'shen' })
  const asked: string[] = []
  stranger.page.on('request', (request) => request.headers()['authorization'] && asked.push(request.url()))
  await stranger.page.getByText('你将学会').waitFor()
  await stranger.page.getByText('¥99', { exact: true }).first().waitFor()
  await stranger.page.locator('.bar .main-button').tap()
  await stranger.page.getByText('微信一键登录').waitFor()
  assert.deepEqual([asked, stranger.faults], [[], []])
  await stranger.page.context().close()
})

test('a scanned code leads to its course by its id', async () => {
  const { card } = (await (await fetch(`${world.url}/api/courses/night-sky`)).json()) as { card: { id: string } }
  assert.ok(card.id.length <= 32, 'a scene holds thirty-two characters')
  const scanned = await openPhone({ launch: `/pkg-course/course?scene=${encodeURIComponent(card.id)}`, user: 'shen' })
  await scanned.page.getByText('你将学会').waitFor()
  assert.deepEqual(await scanned.page.evaluate<Card>('__hands.share()'), { title: '夜空识星：从北斗出发', path: '/pkg-course/course?slug=night-sky' })
  assert.deepEqual(scanned.faults, [])
  await scanned.page.context().close()
})

const styleOf = (selector: string, name: string) => page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`)
const look = '.phone-page:not([hidden]) [class*=look]'
test('dark dress and large type hold on every page and after a new start', async () => {
  await openSettings()
  await page.locator('.choice', { hasText: '深色' }).tap()
  await page.locator('.choice', { hasText: '大字' }).tap()
  const shown = async () => [await styleOf(look, 'background-color'), await styleOf('.phone-bar', 'background-color'), await styleOf(look, 'zoom')]
  const holds = async (wanted: string[], why?: string) => {
    for (let tries = 0; tries < 30 && (await shown()).join() !== wanted.join(); tries += 1) await page.waitForTimeout(100)
    assert.deepEqual(await shown(), wanted, why)
  }
  const dark = ['rgb(21, 20, 18)', 'rgb(21, 20, 18)', '1.3']
  await holds(dark)
  await back()
  await holds(dark)
  assert.equal(await styleOf('.phone-tabs', 'background-color'), 'rgb(30, 28, 25)', 'the tabs are as dark as the page')
  await page.reload()
  await (await on('pages/home/home')).getByText('夜空识星').first().waitFor()
  await holds(dark)
  await openCourse('夜空识星')
  await (await on('pkg-course/course')).getByText('你将学会').waitFor()
  await holds(dark)
  await openSettings()
  await page.locator('.choice', { hasText: '浅色' }).tap()
  await page.locator('.choice', { hasText: '标准' }).tap()
  const light = ['rgb(250, 248, 245)', 'rgb(250, 248, 245)', '1']
  await holds(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  await holds(light, 'who chose the light dress keeps it at night')
  await page.locator('.choice', { hasText: '跟随系统' }).tap()
  await holds(['rgb(21, 20, 18)', 'rgb(21, 20, 18)', '1'])
  await page.emulateMedia({ colorScheme: 'light' })
  await holds(light)
})

async function openSettings(): Promise<void> {
  await home()
  await tab('我的')
  await (await on('pages/me/me')).getByText('设置').tap()
  await on('pkg-me/settings')
}

test('the plans and the page of codes open; a code that is none is said to be none', async () => {
  await home()
  await tab('我的')
  await (await on('pages/me/me')).getByText('会员中心').tap()
  await (await on('pkg-course/plans')).getByText('灯下会员').waitFor()
  await back()
  await (await on('pages/me/me')).getByText('兑换码').tap()
  const redeem = await on('pkg-me/redeem')
  await redeem.locator('input').fill('AAAA-BBBB-CCCC-DDDD')
  await redeem.getByRole('button', { name: '兑换' }).tap()
  await redeem.getByRole('alert').waitFor()
  await back()
  const refused = phone.faults.splice(0)
  assert.ok(refused.every((fault) => /status of 4\d\d /.test(fault)), refused.join(' | '))
})

test('a book goes to an address of the book of addresses, and is paid by the ordinary sheet', async () => {
  await home()
  await tab('我的')
  await (await on('pages/me/me')).getByText('收货地址').tap()
  const addresses = await on('pkg-me/addresses')
  await addresses.getByText('新增地址').tap()
  for (const [name, text] of [['收货人', '林知夏'], ['联系电话', '13800138000'], ['省份', '北京市'], ['城市', '北京市'], ['详细地址', '学院路 1 号']] as const) await addresses.locator(`[aria-label^="${name}"] input, input[aria-label^="${name}"]`).first().fill(text)
  await addresses.getByText('保存地址').tap()
  await addresses.getByText('北京市 学院路 1 号').waitFor()
  // The first to bear the name may be the card that goes on with the lesson.
  await (await home()).getByText('把日子记下来').last().tap()
  const course = await on('pkg-course/course')
  await course.locator('[class*=goods]', { hasText: '练习册' }).first().tap()
  await course.locator('[role=dialog]', { hasText: '林知夏' }).getByText('运费').waitFor()
  await course.locator('[role=dialog]').getByRole('checkbox').tap()
  await course.locator('[role=dialog] [class*=main-button]').tap()
  await page.locator('.phone-pay').getByText('支付', { exact: true }).tap()
  await (await on('pkg-order/result')).getByText('书院会尽快寄出').waitFor()
  await back()
})

test('without a network the pages say so, and go on when it is back', async () => {
  await home()
  await page.evaluate('__hands.cutLine(true)')
  await openCourse('夜空识星')
  const course = await on('pkg-course/course')
  await course.getByText('网络不通').waitFor()
  await page.evaluate('__hands.cutLine(false)')
  await course.getByRole('button', { name: '重试' }).tap()
  await course.getByText('你将学会').waitFor()
  await back()
})

test('signed out, nothing of the learner is left on the phone', async () => {
  await home()
  await tab('我的')
  await (await on('pages/me/me')).getByText('设置').tap()
  await (await on('pkg-me/settings')).getByText('退出登录').tap()
  await (await on('pages/me/me')).getByText('登录 / 注册').waitFor()
  const key = wire.keys[0] ?? assert.fail('no key was fetched')
  assert.equal(await statusAs(key.url, key.headers), 403)
})

test('refunded by the operator while the film is open, the course closes on the phone', async () => {
  await openCourse('夜空识星')
  const course = await on('pkg-course/course')
  await course.locator('.bar .main-button').tap()
  const signIn = await on('pkg-me/sign-in')
  await signIn.getByRole('checkbox').tap()
  await signIn.getByText('微信一键登录').tap()
  const opened = await on('pkg-course/course')
  wire.clear()
  await opened.getByText('北斗指路').tap()
  await on('pkg-lesson/lesson')
  await playFor(1)
  const key = wire.keys[0] ?? assert.fail('no key was fetched')
  assert.equal(await statusAs(key.url, key.headers), 200)
  await page.evaluate(`${video}.pause()`)
  await refund(order)
  assert.equal(await statusAs(key.url, key.headers), 403)
  await back()
  await opened.locator('.bar .main-button', { hasText: '购买' }).waitFor()
  await opened.getByText('为什么能学或不能学').tap()
  await (await on('pkg-course/access')).getByText('学习权限已经收回').waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
  const refused = phone.faults.splice(0)
  assert.ok(refused.every((fault) => /status of 403 /.test(fault)), `only what was watched after the refund may be refused: ${refused.join(' | ')}`)
})

/** What the operator does at the desk, by the routes that the desk asks. */
async function atDesk(): Promise<(path: string, body: object) => Promise<void>> {
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'shuyuan' }
  const desk = `${world.url}/api/console`
  const entered = await fetch(`${desk}/sessions`, { method: 'POST', headers, body: JSON.stringify(world.operator) })
  const signed = { ...headers, cookie: entered.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') }
  return async (path, body) => {
    const answer = await fetch(desk + path, { method: 'POST', headers: signed, body: JSON.stringify(body) })
    assert.ok(answer.ok, await answer.text())
  }
}

async function refund(id: string): Promise<void> {
  await (await atDesk())(`/orders/${id}/refunds`, { reason: '学员申请', requestKey: 'weixin-story-1' })
}

test('what the academy owes is asked for on the phone, agreed to at the desk, confirmed in WeChat and received', async () => {
  const member = await page.evaluate<string>(`JSON.parse(localStorage.getItem('wx/${world.appid}/session')).data.member.id`)
  await (await atDesk())('/dues', { member, amount: 12_000, reason: '十一月讲课', requestKey: 'weixin-story-due' })
  await home()
  await tab('我的')
  await (await on('pages/me/me')).getByText('提现').tap()
  const withdrawals = await on('pkg-me/payouts')
  await withdrawals.getByText('¥120.00').waitFor()
  await withdrawals.locator('input').fill('88')
  await withdrawals.getByText('申请提现').tap()
  await withdrawals.getByText('等待书院同意').waitFor()
  await withdrawals.getByText('¥32.00').waitFor()
  const desk = await openProfile(browser, deskSize)
  await signInOperator(desk, world)
  await desk.goto(`${world.url}/console/payouts`)
  await desk.locator('article', { hasText: '¥88.00' }).getByRole('button', { name: '同意' }).click()
  await desk.getByRole('dialog').getByRole('button', { name: '同意' }).click()
  await desk.locator('article', { hasText: '¥88.00' }).getByText(/正在发出|等对方确认/).waitFor()
  await desk.context().close()
  await returnTo(withdrawals, '确认收款')
  await withdrawals.getByRole('button', { name: '确认收款' }).tap()
  await page.locator('.phone-pay').getByText('收款', { exact: true }).tap()
  await returnTo(withdrawals, '已到账')
  assert.equal(await checkLedger(world), 'the ledger balances')
})

/** Leaves the page of withdrawals and comes back, until it says so. */
async function returnTo(withdrawals: Locator, words: string): Promise<void> {
  for (const end = Date.now() + patience; !(await withdrawals.getByText(words).first().isVisible()); ) {
    assert.ok(Date.now() < end, `the page never says ${words}`)
    await back()
    await (await on('pages/me/me')).getByText('提现').tap()
    await on('pkg-me/payouts')
    await page.waitForTimeout(1000)
  }
}

test('the card of a page that is gone leads to a page that says so', async () => {
  const late = await openPhone({ launch: '/pkg-old/lesson?id=1', user: 'shen' })
  await late.page.locator('.phone-page[data-page="pkg-me/missing"]', { hasText: /\S/ }).waitFor()
  seen.add('pkg-me/missing')
  assert.deepEqual(late.faults, [])
  await late.page.context().close()
})

test('every page of the package was opened', async () => {
  const app = JSON.parse(await readFile(join(folder, 'app.json'), 'utf8')) as { pages: string[]; subPackages: { root: string; pages: string[] }[] }
  const all = [...app.pages, ...app.subPackages.flatMap(({ root, pages }) => pages.map((name) => `${root}/${name}`))]
  assert.deepEqual([...seen].sort(), all.sort())
})

test('on an iPhone, where no payment channel is open yet, nothing is for sale', async () => {
  const iphone = await openPhone({ platform: 'ios', system: 'iOS 18.1', launch: '/pkg-course/course?slug=night-sky' })
  await iphone.page.getByText('你将学会').waitFor()
  assert.deepEqual(await iphone.page.getByText(/¥|购买|支付/).allInnerTexts(), [])
  await iphone.page.getByText('为什么能学或不能学').tap()
  await iphone.page.getByText('学习权限', { exact: true }).first().waitFor()
  assert.deepEqual(await iphone.page.locator('.phone-page:not([hidden])').getByText(/¥|购买|支付/).allInnerTexts(), [])
  await iphone.page.locator('.phone-back').tap()
  await iphone.page.getByText('北斗指路').tap()
  await iphone.page.locator('wx-video > video').waitFor()
  await iphone.page.evaluate(`${video}.addEventListener('loadedmetadata', () => (${video}.currentTime = 600)), ${video}.play()`)
  await iphone.page.locator('.wall').waitFor()
  assert.deepEqual(await iphone.page.getByText(/¥|购买/).allInnerTexts(), [])
  assert.deepEqual(iphone.faults, [])
  await iphone.page.context().close()
})
