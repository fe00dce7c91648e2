// What people do in the story: a learner with a phone, an operator at a desk.
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import type { World } from './world.ts'

/** How long a story waits for anything, in milliseconds: a busy machine is slow, not broken. */
export const patience = 90_000

export const phoneSize = { width: 390, height: 844 }
export const deskSize = { width: 1440, height: 900 }

/** A new browser profile. Whatever breaks inside the page breaks the story. */
export async function openProfile(browser: Browser, viewport: { width: number; height: number }): Promise<Page> {
  const page = await (await browser.newContext({ viewport, locale: 'zh-CN', hasTouch: viewport === phoneSize })).newPage()
  page.setDefaultTimeout(patience)
  page.on('pageerror', (error) => assert.fail(`${page.url()}: ${error.message}`))
  page.on('console', (message) => assert.doesNotMatch(message.text(), /Content[- ]Security[- ]Policy|Permissions policy violation/i, page.url()))
  return page
}

/** Signs in on the page where the product asks for it, with the code from the sandbox's inbox. */
export async function signIn(page: Page, world: World, phone: string): Promise<void> {
  await page.locator('.phone input').fill(phone)
  await page.locator('.code input').fill(await askCode(page, world, phone))
  await page.getByRole('checkbox').first().click()
  await page.locator('.main-button').first().click()
  await page.locator('.phone input').waitFor({ state: 'detached' })
}

/** A phone gets one code a minute, so the second device may have to ask again. */
async function askCode(page: Page, world: World, phone: string): Promise<string> {
  const before = await textsTo(world, phone)
  for (let second = 0; second < 75; second += 1) {
    if ((await page.locator('.send').innerText()) === '获取验证码') await page.locator('.send').click()
    await page.waitForTimeout(1000)
    const texts = await textsTo(world, phone)
    if (texts.length > before.length) return /\d{6}/.exec(texts[0]?.text ?? '')?.[0] ?? assert.fail('the message has no code')
  }
  return assert.fail(`no code reached ${phone}`)
}

async function textsTo(world: World, phone: string): Promise<{ text: string }[]> {
  const answer = await fetch(`${world.sandboxUrl}/__sim/sms?phone=${phone}`)
  return ((await answer.json()) as { items: { text: string }[] }).items
}

/** Agrees and pays on the checkout sheet of a phone, as far as the page that says so; replies the order. */
export async function payHere(page: Page): Promise<string> {
  await page.locator('.sheet [role=checkbox]').click()
  await page.locator('.sheet .main-button').click()
  await page.locator('button[name=do][value=pay]').click()
  await page.getByText('支付成功').waitFor()
  return new URL(page.url()).searchParams.get('order') ?? assert.fail('no order in the address')
}

export async function signOut(page: Page, world: World): Promise<void> {
  await page.goto(`${world.url}/pkg-me/settings`)
  await page.getByText('退出登录').click()
  await page.waitForTimeout(500)
}

const video = "document.querySelector('video.player-video')"

/** Lets the film play as soon as it has its source, and waits until it has moved on for a second. */
export async function waitPlaying(page: Page): Promise<void> {
  await page.locator('video.player-video[src]').waitFor({ state: 'attached' })
  // Not waited for: a film that cannot be had says so on the page, and play() never ends.
  await page.evaluate(`void ${video}.play().catch(() => undefined)`)
  const at = await positionOf(page)
  await waitPast(page, at + 1)
}

/** Looks again and again from outside: a page does not run texts, so it cannot be told to wait for one. */
export async function waitPast(page: Page, seconds: number): Promise<void> {
  for (const end = Date.now() + patience; (await positionOf(page)) <= seconds; await page.waitForTimeout(100)) assert.ok(Date.now() < end, `the film stands at ${await positionOf(page)}; on the page: ${(await page.locator('body').innerText()).slice(0, 600)}`)
}

export function positionOf(page: Page): Promise<number> {
  return page.evaluate<number>(`${video}.currentTime`)
}

export function isPaused(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`${video}.paused`)
}

export async function signInOperator(page: Page, world: World): Promise<void> {
  await page.goto(`${world.url}/console/`)
  await page.locator('input[name=email]').fill(world.operator.email)
  await page.locator('input[name=password]').fill(world.operator.password)
  await page.locator('input[name=password]').press('Enter')
  await page.locator('input[name=password]').waitFor({ state: 'detached' })
}
