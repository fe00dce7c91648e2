// What a learner does with a lesson, on the real builds: the keys over a film, the small film, a broken line, and a sound across pages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { deskSize, isPaused, openProfile, patience, phoneSize, positionOf, signIn } from './people.ts'
import { atDesk } from './phone.ts'
import { openWorld, type World } from './world.ts'

type Lesson = { id: string; title: string; kind: string; free: boolean }
let world: World
let browser: Browser
let film: Lesson
let sound: Lesson
const video = "document.querySelector('video.player-video')"
const soundSeconds = "document.querySelector('audio.player-sound')?.currentTime ?? -1"

before(async () => {
  world = await openWorld()
  browser = await world.open()
  film = await freeLesson('night-sky', 'video')
  sound = await freeLesson('evening-sounds', 'audio')
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

async function freeLesson(course: string, kind: string): Promise<Lesson> {
  const answer = (await (await fetch(`${world.url}/api/courses/${course}`)).json()) as { outline: { lessons: Lesson[] }[] }
  return answer.outline.flatMap(({ lessons }) => lessons).find((one) => one.free && one.kind === kind) ?? assert.fail(`${course} has no free ${kind}`)
}

/** Asked from outside, for the page's own policy forbids code made from text. */
async function untilTrue(page: Page, expression: string): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(100)) if (await page.evaluate<boolean>(expression)) return
  assert.fail(`never true: ${expression}; on the page: ${(await page.locator('body').innerText()).slice(0, 600)}`)
}

async function openLesson(page: Page, lesson: Lesson): Promise<void> {
  await page.goto(`${world.url}/pkg-lesson/lesson?lesson=${lesson.id}`)
}

test('by keyboard alone a film is begun, moved, sped up and filled to the screen with its frame', async () => {
  const page = await openProfile(browser, deskSize)
  await openLesson(page, film)
  await page.getByRole('button', { name: '播放' }).first().focus()
  await page.keyboard.press('Enter')
  await untilTrue(page, `${video}.currentTime > 0.5`)
  const from = await positionOf(page)
  await page.keyboard.press('ArrowRight')
  assert.ok((await positionOf(page)) >= from + 14, 'fifteen seconds on')
  await page.getByRole('button', { name: '倍速 1×' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: '1.5×' }).focus()
  await page.keyboard.press(' ')
  assert.equal(await page.evaluate(`${video}.playbackRate`), 1.5)
  await page.keyboard.press('f')
  await untilTrue(page, "document.fullscreenElement?.classList.contains('frame')")
  await page.keyboard.press('f')
  const line = page.getByRole('slider', { name: '播放进度' })
  await line.hover()
  await page.locator('.preview .sheet').waitFor()
  await page.context().close()
})

test('a thumb jumps by double tap; a film that scrolled away goes on small, and its end offers the next lesson', async () => {
  const page = await openProfile(browser, phoneSize)
  await openLesson(page, film)
  await page.getByRole('button', { name: '播放' }).first().tap()
  await untilTrue(page, `${video}.currentTime > 0.5`)
  const from = await positionOf(page)
  // Two taps that a busy machine holds apart are not a double tap.
  for (const end = Date.now() + patience; Date.now() < end && (await positionOf(page)) < from + 13; await page.waitForTimeout(700)) {
    await page.touchscreen.tap(370, 110)
    await page.touchscreen.tap(370, 110)
  }
  assert.ok((await positionOf(page)) > from + 13, 'fifteen seconds on')
  await page.evaluate('scrollTo(0, 9999)')
  await page.locator('.frame.small').waitFor()
  assert.equal(await isPaused(page), false)
  await page.getByRole('button', { name: '关闭小窗' }).tap()
  assert.equal(await isPaused(page), true)
  await page.evaluate('scrollTo(0, 0)')
  await page.evaluate(`void Object.assign(${video}, { currentTime: 24.5 }).play().catch(() => undefined)`)
  await page.getByText('秒后播放下一课').waitFor()
  await page.getByText('现在播放').tap()
  await page.getByText('2. 北斗指路').waitFor()
  await untilTrue(page, `${video}?.currentTime > 0.5`)
  await page.context().close()
})

test('subtitles once chosen are there for every film after', async () => {
  const page = await openProfile(browser, phoneSize)
  await openLesson(page, film)
  await page.getByRole('button', { name: '字幕' }).tap()
  await page.getByRole('radio', { name: '简体中文' }).tap()
  await page.reload()
  await untilTrue(page, `${video}?.textTracks[0]?.mode === 'showing' && ${video}.textTracks[0].cues?.length > 0`)
  await page.context().close()
})

test('a line that breaks is said, and the film is taken up again', async () => {
  const page = await openProfile(browser, phoneSize)
  await page.route('**/api/media/**', (route) => route.abort())
  await openLesson(page, film)
  await page.getByText('播放中断了').waitFor()
  await page.unroute('**/api/media/**')
  await page.getByText('重试').tap()
  await untilTrue(page, `${video}?.currentTime > 0.5`)
  await page.context().close()
})

test('an address that is no page leads home, and the bars speak English when asked', async () => {
  const page = await openProfile(browser, phoneSize)
  await page.goto(`${world.url}/no/such/page`)
  await page.getByText('没有这一页，链接可能已经过期').waitFor()
  await page.getByText('回首页').tap()
  await page.getByText('夜空识星').first().waitFor()
  await page.goto(`${world.url}/pkg-me/settings`)
  await page.getByRole('radio', { name: 'English' }).tap()
  await page.locator('uni-page-head').getByText('Settings').waitFor()
  await page.goto(`${world.url}/pages/learning/learning`)
  await page.locator('uni-tabbar').getByText('Learning').waitFor()
  assert.equal(await page.evaluate('document.documentElement.lang'), 'en')
  await page.context().close()
})

test('all courses are narrowed and sorted; the address says how, and Back from a course and a copied link find it so', async () => {
  const page = await openProfile(browser, phoneSize)
  await page.goto(world.url)
  await page.getByRole('link', { name: '全部课程' }).tap()
  await page.getByText('到底了').waitFor()
  await page.getByRole('checkbox', { name: '音频' }).tap()
  await page.getByRole('radio', { name: '最多人学' }).tap()
  const sounds = page.locator('.shelf').last()
  await sounds.getByText('夜里的八种声音').waitFor()
  assert.equal(await sounds.getByText('夜空识星').count(), 0)
  const address = '/pkg-course/courses?kind=audio&sort=popular'
  assert.equal(page.url(), world.url + address)
  await sounds.getByText('夜里的八种声音').tap()
  await page.waitForURL('**/pkg-course/course?slug=*')
  await page.goBack()
  await page.waitForURL(`**${address}`)
  for (const again of [false, true]) {
    if (again) await page.reload()
    await page.getByRole('checkbox', { name: '音频', checked: true }).waitFor()
    await page.locator('.shelf').getByText('夜里的八种声音').filter({ visible: true }).waitFor()
  }
  await page.getByRole('checkbox', { name: '音频' }).tap()
  await page.locator('.search input:visible').fill('没有这样的课')
  await page.keyboard.press('Enter')
  await page.getByText('没有符合').waitFor()
  await page.getByRole('button', { name: '看全部课程' }).tap()
  await page.getByText('到底了').filter({ visible: true }).waitFor()
  assert.equal(page.url(), `${world.url}/pkg-course/courses`)
  await page.context().close()
})

test('an agreement that is published anew while somebody buys is agreed to anew, and the order is placed', async () => {
  const page = await openProfile(browser, phoneSize)
  await page.goto(`${world.url}/pkg-me/sign-in?then=${encodeURIComponent('/pkg-course/course?slug=night-sky&buy=1')}`)
  await signIn(page, world, '13800138061')
  const box = page.locator('.sheet').getByRole('checkbox')
  await box.tap()
  await (await atDesk(world))('/agreements', { kind: 'purchase', title: '购买协议', markdown: '第二版' })
  await page.locator('.sheet .main-button').tap()
  await page.locator('.sheet').getByRole('checkbox', { checked: false }).waitFor()
  await box.tap()
  await page.locator('.sheet .main-button').tap()
  await page.locator('button[name=do][value=pay]').waitFor()
  await page.context().close()
})

test('a thumb that comes while the player is being put together is not lost', async () => {
  const page = await openProfile(browser, phoneSize)
  // The worst moment there is: after it a browser forgets that it was told to play.
  await page.addInitScript(`
    const make = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (source) => {
      if (source instanceof MediaSource) document.querySelector('[role=button][aria-label=播放]')?.click()
      return make(source)
    }`)
  await page.goto(world.url)
  await page.getByText('夜里的八种声音').first().tap()
  await page.locator('.lesson').getByText(sound.title).tap()
  await untilTrue(page, `(${soundSeconds}) > 0.5`)
  await page.context().close()
})

test('a sound goes on while the learner looks elsewhere, and stops when told', async () => {
  const page = await openProfile(browser, phoneSize)
  await page.goto(world.url)
  await page.getByText('夜里的八种声音').first().tap()
  await page.locator('.lesson').getByText(sound.title).tap()
  await page.getByRole('button', { name: '播放' }).tap()
  await untilTrue(page, `(${soundSeconds}) > 0.5`)
  await page.goBack()
  const bar = page.getByRole('region', { name: '正在播放' })
  await bar.waitFor()
  const left = await page.evaluate<number>(soundSeconds)
  await untilTrue(page, `(${soundSeconds}) > ${left + 1}`)
  await bar.getByRole('link').tap()
  await page.getByText(`1. ${sound.title}`).waitFor()
  await bar.waitFor({ state: 'detached' })
  assert.ok((await page.evaluate<number>(soundSeconds)) > left, 'the same sound, not a new one')
  await page.goBack()
  await bar.getByRole('button', { name: '结束播放' }).tap()
  await bar.waitFor({ state: 'detached' })
  assert.equal(await page.evaluate(soundSeconds), -1)
  await page.context().close()
})
