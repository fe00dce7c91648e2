// Categories and lecturers at the desk: they come, change their names and go, unless a course needs them.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { choose, confirm, goTo, isTold, pagesOf } from './desk.ts'

export async function keepShelves(owner: Page): Promise<void> {
  await goTo(owner, '分类与讲师')
  const inputs = owner.locator('.item input')
  const names = () => inputs.evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value))
  await inputs.first().waitFor()
  const shelves = await inputs.count()
  await owner.getByPlaceholder('新分类').fill('读诗')
  await owner.getByRole('button', { name: '添加', exact: true }).click()
  await inputs.nth(shelves).waitFor()
  const row = owner.locator('.item:has(input)').nth((await names()).indexOf('读诗'))
  await row.locator('input').fill('读诗与写诗')
  await Promise.all([owner.waitForResponse((answer) => answer.request().method() === 'PATCH'), row.locator('input').press('Enter')])
  await owner.reload()
  await inputs.nth(shelves).waitFor()
  const at = (await names()).indexOf('读诗与写诗')
  assert.ok(at >= 0, 'the new name was kept')
  await owner.locator('.item:has(input)').nth(at).getByRole('button', { name: '删除' }).click()
  await confirm(owner, '删除')
  await inputs.nth(shelves).waitFor({ state: 'detached' })
  const used = (await names()).indexOf('自然与星空')
  await owner.locator('.item:has(input)').nth(used).getByRole('button', { name: '删除' }).click()
  await confirm(owner, '删除')
  await isTold(owner, '还有课程或子分类')
  assert.deepEqual([(await names()).includes('读诗与写诗'), (await names()).includes('自然与星空')], [false, true])
}

export async function keepLecturers(owner: Page): Promise<void> {
  await owner.getByRole('button', { name: '添加讲师' }).click()
  const dialog = owner.getByRole('dialog').last()
  await dialog.getByLabel('姓名').fill('沈知白')
  await dialog.getByLabel('头衔').fill('诗人')
  await dialog.getByRole('button', { name: '保存' }).click()
  await owner.locator('.person', { hasText: '沈知白' }).click()
  await dialog.getByLabel('姓名').fill('沈知非')
  await dialog.getByRole('button', { name: '保存' }).click()
  await owner.locator('.person', { hasText: '沈知非' }).click()
  await dialog.getByRole('button', { name: '删除' }).click()
  await confirm(owner, '删除')
  await owner.locator('.person', { hasText: '沈知非' }).waitFor({ state: 'detached' })
  await owner.locator('.person', { hasText: '顾野' }).click()
  await dialog.getByRole('button', { name: '删除' }).click()
  await confirm(owner, '删除')
  await isTold(owner, '还有课程由这位讲师主讲')
  await owner.keyboard.press('Escape')
  await owner.locator('.person', { hasText: '顾野' }).waitFor()
}

/** The owner names the account of a lecturer, who then sees their own courses and no others. */
export async function nameAccount(owner: Page, lecturer: Page, email: string): Promise<void> {
  await goTo(lecturer, '课程')
  await lecturer.getByText('还没有你主讲的课程').waitFor()
  await goTo(owner, '分类与讲师')
  await owner.locator('.person', { hasText: '顾野' }).click()
  await choose(owner, '登录账号', email)
  await owner.getByRole('dialog').last().getByRole('button', { name: '保存' }).click()
  await owner.getByRole('dialog').last().waitFor({ state: 'hidden' })
  await lecturer.reload()
  await lecturer.locator('tbody tr', { hasText: '夜空识星' }).waitFor()
  assert.equal(await lecturer.locator('tbody tr').count(), 1)
  assert.equal((await pagesOf(lecturer)).includes('分类与讲师'), false)
}
