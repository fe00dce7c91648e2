// Takes the pictures of the README from the running product: `TEST_DATABASE_URL=… node e2e/pictures.ts`.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { deskSize, openProfile, phoneSize, signIn, signInOperator, waitPlaying } from './people.ts'
import { openWorld } from './world.ts'

const folder = join(import.meta.dirname, '../docs/pictures')
const world = await openWorld()
const browser = await world.open()

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(800)
  await sharp(await page.screenshot()).webp({ quality: 84 }).toFile(join(folder, `${name}.webp`))
}

async function buy(page: Page, phone: string): Promise<void> {
  await page.goto(`${world.url}/pkg-me/sign-in?then=${encodeURIComponent('/pkg-course/course?slug=night-sky&buy=1')}`)
  await signIn(page, world, phone)
  await page.locator('.sheet [role=checkbox]').click()
  await take(page, 'checkout')
  await page.locator('.sheet .main-button').click()
  await page.locator('button[name=do][value=pay]').click()
  await page.getByText('支付成功').waitFor()
  await page.getByText('开始学习').click()
}

try {
  await mkdir(folder, { recursive: true })
  const phone = await openProfile(browser, phoneSize)
  await phone.goto(world.url)
  await take(phone, 'home')
  await phone.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await take(phone, 'course')
  await buy(phone, '13800138007')
  await waitPlaying(phone)
  await phone.waitForTimeout(3000)
  await take(phone, 'player')
  const desk = await openProfile(browser, deskSize)
  await signInOperator(desk, world)
  await take(desk, 'console-today')
  await desk.goto(`${world.url}/console/courses`)
  await desk.getByText('夜空识星').first().click()
  await desk.getByRole('tab', { name: '目录与课时' }).click()
  await desk.getByText('北斗指路').first().click()
  await take(desk, 'console-course')
  const wide = await openProfile(browser, deskSize)
  await wide.goto(world.url)
  await take(wide, 'home-desk')
} finally {
  await browser.close()
  await world.stop()
}
