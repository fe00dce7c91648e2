// What operators do at the desk with their own hands: signing in, typing into labelled fields, choosing, confirming.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { deskSize, openProfile } from './people.ts'
import type { World } from './world.ts'

export type Account = { email: string; password: string }

/** A profile of their own, signed in at the console. */
export async function openDesk(browser: Browser, world: World, account: Account, totp?: string): Promise<Page> {
  const desk = await openProfile(browser, deskSize)
  await desk.goto(`${world.url}/console/`)
  await typeSignIn(desk, account, totp)
  await desk.locator('nav a').first().waitFor()
  return desk
}

export async function typeSignIn(desk: Page, account: Account, totp?: string): Promise<void> {
  await desk.locator('input[name=email]').fill(account.email)
  await desk.locator('input[name=password]').fill(account.password)
  await desk.locator('input[name=password]').press('Enter')
  if (totp === undefined) return
  await desk.locator('input[name=totp]').fill(totp)
  await desk.locator('input[name=totp]').press('Enter')
}

/** Goes where the navigation names it, as a click does; a sheet that is open is shut by Esc first. */
export async function goTo(desk: Page, page: string): Promise<void> {
  if (await desk.locator('.el-drawer:visible').count()) await desk.keyboard.press('Escape')
  await desk.locator('aside nav a').filter({ hasText: new RegExp(`^\\s*${page}`) }).click()
  await desk.getByRole('heading', { level: 1, name: page }).waitFor()
}

export async function choose(desk: Page, field: string, choice: string): Promise<void> {
  await desk.locator('label', { hasText: field }).locator('.el-select').click()
  await desk.getByRole('option', { name: choice }).click()
}

/** Presses the button of the question that is on the screen. */
export async function confirm(desk: Page, verb: string, text?: string): Promise<void> {
  const box = desk.locator('.el-message-box')
  if (text !== undefined) await box.locator('input').fill(text)
  await box.getByRole('button', { name: verb, exact: true }).click()
  await box.waitFor({ state: 'hidden' })
}

/** The sentence that floats in after something was done or refused. */
export async function isTold(desk: Page, sentence: string): Promise<void> {
  await desk.locator('.el-message', { hasText: sentence }).first().waitFor()
}

export async function pagesOf(desk: Page): Promise<string[]> {
  return desk.locator('aside nav a').allInnerTexts()
}

/** The six digits an authenticator shows, so many steps of half a minute from now. */
export function digitsOf(secret: string, stepsAhead = 0): string {
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead))
  const mac = createHmac('sha1', fromBase32(secret)).update(step).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  let bits = ''
  for (const letter of text.replace(/[\s=]/g, '').toUpperCase()) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)
    assert.ok(value >= 0, `${letter} is not base 32`)
    bits += value.toString(2).padStart(5, '0')
  }
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
}
