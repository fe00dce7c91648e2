// A phone in the hand of somebody: the built WeChat package on it, the page on its screen, and what a thumb does.
import assert from 'node:assert/strict'
import type { Browser, Locator, Page } from 'playwright-core'
import { openMiniProgram, type Opened } from '../miniapp/host/open.ts'
import { patience } from './people.ts'
import type { World } from './world.ts'

/** Where the package was built, and what it speaks to. */
export type Place = { world: World; browser: Browser; folder: string }
export type Wish = { platform?: string; system?: string; launch?: string; user?: string }

export async function openPhone({ world, browser, folder }: Place, wish: Wish): Promise<Opened> {
  const opened = await openMiniProgram(browser, { folder, server: world.url, sandbox: world.sandboxUrl, appid: world.appid, user: 'lin', ...wish })
  opened.page.setDefaultTimeout(patience)
  return opened
}

/** `seen` are the pages that were on the screen; `on` waits for the one that is asked for and replies it. */
export type Hand = {
  faults: string[]
  page: Page
  seen: Set<string>
  on(path: string): Promise<Locator>
  tab(text: string): Promise<void>
  back(): Promise<void>
  home(): Promise<Locator>
  openCourse(title: string): Promise<void>
  openSettings(): Promise<Locator>
}

export function hold({ page, faults }: Opened): Hand {
  const seen = new Set<string>()
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
  async function openCourse(title: string): Promise<void> {
    const shelves = await home()
    // Not the card above the shelves: it goes on with a lesson, and which course it names follows what was learnt last.
    await shelves.locator('.shelf').getByText(title).first().tap()
  }
  async function openSettings(): Promise<Locator> {
    await home()
    await tab('我的')
    await (await on('pages/me/me')).getByText('设置').tap()
    return on('pkg-me/settings')
  }
  return { faults, page, seen, on, tab, back, home, openCourse, openSettings }
}

/** The policy of the page forbids to evaluate in it, so waiting is done from outside. */
export async function untilTrue({ page }: Hand, expression: string): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (await page.evaluate<boolean>(expression)) return
    await page.waitForTimeout(200)
  }
  assert.fail(`never true: ${expression}`)
}

export const video = "document.querySelector('wx-video > video')"

export async function playFor(hand: Hand, seconds: number): Promise<void> {
  await hand.page.locator('wx-video > video[src]').waitFor({ state: 'attached' })
  await hand.page.evaluate(`void ${video}.play().catch(() => undefined)`)
  const at = await hand.page.evaluate<number>(`${video}.currentTime`)
  await untilTrue(hand, `${video}.currentTime > ${at + seconds}`)
}

/** What the operator does at the desk, by the routes that the desk asks. */
export async function atDesk(world: World): Promise<(path: string, body: object) => Promise<void>> {
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'shuyuan' }
  const desk = `${world.url}/api/console`
  const entered = await fetch(`${desk}/sessions`, { method: 'POST', headers, body: JSON.stringify(world.operator) })
  const signed = { ...headers, cookie: entered.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') }
  return async (path, body) => {
    const answer = await fetch(desk + path, { method: 'POST', headers: signed, body: JSON.stringify(body) })
    assert.ok(answer.ok, await answer.text())
  }
}
