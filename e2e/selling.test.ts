// What an academy sells besides a course, and what it gives back: a plan and the next tier, a code, and a refund worked out by rule.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { choose, confirm, goTo, isTold, openDesk } from './desk.ts'
import { openProfile, payHere, phoneSize, signIn, waitPast, waitPlaying } from './people.ts'
import { checkLedger, openWorld, passDays, type World } from './world.ts'

let world: World
let browser: Browser
let desk: Page

before(async () => {
  world = await openWorld()
  browser = await world.open()
  desk = await openDesk(browser, world, world.operator)
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

async function newLearner(phone: string, path: string): Promise<Page> {
  const page = await openProfile(browser, phoneSize)
  await page.goto(`${world.url}/pkg-me/sign-in?then=${encodeURIComponent(path)}`)
  await signIn(page, world, phone)
  return page
}

test('a membership is bought, opens its courses, and is traded up for what is left of it', async () => {
  const page = await openProfile(browser, phoneSize)
  const timeOf = (plan: string): Locator => page.locator('.plan', { hasText: plan }).locator('.offer', { hasText: '月卡' })
  await page.goto(`${world.url}/pkg-course/plans`)
  await timeOf('听写卡').getByRole('button', { name: '开通' }).click()
  await signIn(page, world, '13800138011')
  await payHere(page)
  await page.goto(`${world.url}/pkg-course/course?slug=evening-sounds`)
  await page.locator('.main-button', { hasText: '学习' }).waitFor()
  await page.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await page.locator('.main-button', { hasText: '购买' }).waitFor()
  await page.goto(`${world.url}/pkg-course/plans`)
  await page.locator('.own', { hasText: '听写卡' }).waitFor()
  await timeOf('灯下会员').getByText('原会员折抵').waitFor()
  await timeOf('灯下会员').getByRole('button', { name: '升级' }).click()
  await page.locator('.sheet', { hasText: '升级折抵' }).getByText('¥20').first().waitFor()
  await payHere(page)
  await page.goto(`${world.url}/pkg-course/plans`)
  await page.locator('.own', { hasText: '灯下会员' }).waitFor()
  assert.equal(await page.locator('.own', { hasText: '听写卡' }).count(), 0, 'what was traded in has ended')
  await page.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await page.locator('.main-button', { hasText: '学习' }).waitFor()
  await page.context().close()
})

test('an operator makes a code, a learner redeems it once, and it opens what it stood for', async () => {
  await goTo(desk, '兑换码')
  await desk.getByRole('button', { name: '新建一批' }).click()
  await desk.getByPlaceholder('例如：读书会赠课').fill('社区图书馆读书会')
  await choose(desk, '兑换内容', '看、听、写：三门一起')
  await desk.locator('label', { hasText: '数量' }).locator('input').fill('1')
  await desk.getByRole('button', { name: '生成' }).click()
  await isTold(desk, '已生成 1 个兑换码')
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('link', { name: '导出 CSV' }).click()])
  const code = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(await readFile(await file.path(), 'utf8'))?.[0] ?? assert.fail('the file has no code')
  const [page, late] = [await newLearner('13800138012', '/pkg-me/redeem'), await newLearner('13800138014', '/pkg-me/redeem')]
  const redeem = async (who: Page) => {
    await who.locator('.field input').fill(code.toLowerCase().replaceAll('-', ' '))
    await who.locator('.main-button').click()
  }
  await redeem(page)
  await page.getByText('兑换成功').waitFor()
  assert.equal(await page.locator('.course').count(), 3)
  await redeem(late)
  await late.getByText('这个兑换码已经被用过').waitFor()
  await page.locator('.course', { hasText: '夜空识星' }).click()
  await page.locator('.main-button', { hasText: '学习' }).waitFor()
  for (const who of [page, late]) await who.context().close()
})

test('a refund after twenty days is worked out by rule, shown with its formula to both, and approved', async () => {
  const page = await newLearner('13800138013', '/pkg-course/course?slug=night-sky')
  await page.locator('.main-button', { hasText: '购买' }).click()
  const order = await payHere(page)
  await page.getByText('开始学习').click()
  await page.getByText('下一课 · 北斗指路').click()
  await page.getByText('2. 北斗指路').waitFor()
  await waitPlaying(page)
  await waitPast(page, 15)
  await passDays(world, order, 20)
  await page.goto(`${world.url}/pkg-order/order?order=${order}`)
  await page.getByText('申请退款').click()
  const sum = await page.locator('.claim .sum').innerText()
  const formula = (await page.getByText('课时').first().innerText()).match(/¥[\d.]+ × [\d.]+ ÷ \d+ 课时/)?.[0] ?? assert.fail('no formula')
  assert.notEqual(sum, '¥99.00')
  await page.locator('.words textarea').fill('孩子要升学，晚上没有时间看了')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('等待书院处理').waitFor()
  await goTo(desk, '退款申请')
  const claim = desk.locator('article', { hasText: '孩子要升学' })
  await claim.getByText(formula).waitFor()
  await claim.getByText(sum).first().waitFor()
  await claim.getByRole('button', { name: '同意并退款' }).click()
  await confirm(desk, '同意并退款')
  await isTold(desk, '已同意，退款已发起')
  await page.reload()
  await page.getByText('已同意').waitFor()
  await page.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await page.locator('.main-button', { hasText: '购买' }).waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
})
