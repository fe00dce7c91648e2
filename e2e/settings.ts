// An operator changes the settings and an agreement, is asked before leaving what is not saved, and a visitor finds them changed.
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { goTo, isTold } from './desk.ts'
import { openProfile, phoneSize } from './people.ts'
import type { World } from './world.ts'

export async function keepSettings(browser: Browser, world: World, owner: Page): Promise<void> {
  await goTo(owner, '书院设置')
  await owner.getByLabel('一句话介绍').fill('松下读书，慢慢听')
  await owner.getByLabel('书院名称').fill('听松书院')
  for (const feature of ['开放搜索', '开放评价']) await owner.getByText(feature).click()
  await stayAsked(owner, '订单')
  await owner.getByRole('button', { name: '保存' }).click()
  await isTold(owner, '已保存')
  await owner.locator('aside .name', { hasText: '听松书院' }).waitFor()
  await publishAgreement(owner)
  await visit(browser, world)
  await goTo(owner, '书院设置')
  for (const feature of ['开放搜索', '开放评价']) await owner.getByText(feature).click()
  await owner.getByRole('button', { name: '保存' }).click()
  await isTold(owner, '已保存')
}

async function publishAgreement(owner: Page): Promise<void> {
  await goTo(owner, '协议')
  await owner.getByText('购买协议', { exact: true }).click()
  await owner.locator('textarea').fill('# 购买协议\n\n课程一经开通，有效期内可以反复学习。')
  await owner.getByText('隐私政策', { exact: true }).click()
  await stayAsked(owner, '今日')
  await owner.getByText('购买协议', { exact: true }).click()
  await owner.getByRole('button', { name: '发布新版本' }).click()
  await isTold(owner, '新版本已生效')
  await owner.getByText('第 2 版').waitFor()
}

async function visit(browser: Browser, world: World): Promise<void> {
  const visitor = await openProfile(browser, phoneSize)
  await visitor.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await visitor.getByText('夜空识星').first().waitFor()
  assert.equal(await visitor.getByText('★').count(), 0, 'reviews are closed')
  await visitor.goto(`${world.url}/pkg-me/agreement?kind=purchase`)
  await visitor.getByText('课程一经开通，有效期内可以反复学习').waitFor()
  await visitor.goto(world.url)
  await visitor.getByText('松下读书，慢慢听').first().waitFor()
  assert.equal(await visitor.locator('.search input').count(), 0)
  await visitor.context().close()
}

/** Tries to leave what is not saved for another page, and stays. */
async function stayAsked(desk: Page, page: string): Promise<void> {
  const before = desk.url()
  await desk.locator('aside nav a').filter({ hasText: new RegExp(`^\\s*${page}`) }).click()
  const box = desk.locator('.el-message-box', { hasText: '有修改还没有保存' })
  await box.getByRole('button', { name: '取消' }).click()
  await box.waitFor({ state: 'hidden' })
  assert.equal(desk.url(), before)
}
