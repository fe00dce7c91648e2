// An operator changes a course that another tab holds open, takes changes back, plans its publication and puts it away.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { confirm, goTo } from './desk.ts'
import { openProfile, phoneSize } from './people.ts'
import type { World } from './world.ts'

const title = '把日子记下来'

export async function openCourse(desk: Page): Promise<void> {
  await goTo(desk, '课程')
  await desk.locator('tbody tr', { hasText: title }).click()
  await desk.getByLabel('一句话承诺').waitFor()
}

async function save(desk: Page, promise: string): Promise<void> {
  await desk.getByLabel('一句话承诺').fill(promise)
  await desk.getByText('已保存于').waitFor()
  await desk.locator('.phone', { hasText: promise }).waitFor()
}

/** Two tabs hold one course: the slower one is told, loses nothing, and decides whose words stay. */
export async function meetInTwoTabs(desk: Page): Promise<void> {
  await openCourse(desk)
  const other = await desk.context().newPage()
  await other.goto(desk.url())
  await other.getByLabel('一句话承诺').waitFor()
  await save(desk, '每天三行，一年以后再看')
  await other.getByLabel('一句话承诺').fill('每天五行，写给十年后的自己')
  await other.getByRole('alert').getByText('别人刚刚保存了这门课').waitFor()
  assert.equal(await other.getByLabel('一句话承诺').inputValue(), '每天五行，写给十年后的自己')
  await other.getByRole('button', { name: '用我的覆盖' }).click()
  await other.getByText('已保存于').waitFor()
  await desk.getByLabel('一句话承诺').fill('这一句会被放下')
  await desk.getByRole('alert').getByText('别人刚刚保存了这门课').waitFor()
  await desk.getByRole('button', { name: '载入对方的版本' }).click()
  await desk.locator('.phone', { hasText: '每天五行，写给十年后的自己' }).waitFor()
  assert.equal(await desk.getByLabel('一句话承诺').inputValue(), '每天五行，写给十年后的自己')
  await other.close()
}

/** Two tabs write one article, and one of them loses its way to the server for a while: what was typed is lost nowhere. */
export async function meetInOneLesson(desk: Page): Promise<void> {
  const other = await desk.context().newPage()
  await other.goto(desk.url())
  for (const page of [desk, other]) await openArticle(page)
  await write(desk, '这一段是先保存的。')
  await isSaved(desk)
  await write(other, '这一段写得慢一些。')
  await isTold(other, '别人刚刚保存了这一课')
  assert.match(await textOf(other), /^这一段写得慢一些。/)
  await other.getByText('有未保存的修改').waitFor()
  await other.getByRole('button', { name: '用我的覆盖' }).click()
  await isSaved(other)
  await write(desk, '这一段会被放下。')
  await isTold(desk, '别人刚刚保存了这一课')
  await desk.getByRole('button', { name: '载入对方的版本' }).click()
  await desk.locator('.outline .tiptap', { hasText: '这一段写得慢一些。' }).waitFor()
  assert.doesNotMatch(await textOf(desk), /这一段会被放下/)
  await other.close()
  await writeWithoutServer(desk)
}

async function writeWithoutServer(desk: Page): Promise<void> {
  await desk.route('**/api/console/lessons/*', (route) => route.abort())
  await write(desk, '没有网络的时候写的。')
  await isTold(desk, '连不上服务器')
  await desk.getByText('有未保存的修改').waitFor()
  const asked = desk.waitForEvent('dialog')
  const closing = desk.close({ runBeforeUnload: true })
  assert.equal((await asked).type(), 'beforeunload')
  await (await asked).dismiss()
  await closing
  await desk.locator('.lesson .name').nth(1).click()
  await desk.locator('.lesson').first().getByText('未保存').waitFor()
  await desk.locator('.lesson .name').first().click()
  await desk.unroute('**/api/console/lessons/*')
  await isSaved(desk)
  await desk.reload()
  await openArticle(desk)
  assert.match(await textOf(desk), /^没有网络的时候写的。/)
}

async function openArticle(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '目录与课时' }).click()
  await page.locator('.lesson .name').first().click()
  await page.locator('.outline .tiptap').waitFor()
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.outline .tiptap').click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type(text)
}

function textOf(page: Page): Promise<string> {
  return page.locator('.outline .tiptap').innerText()
}

async function isSaved(page: Page): Promise<void> {
  await page.getByText('有未保存的修改').waitFor({ state: 'detached' })
  await page.getByText('已保存于').waitFor()
}

async function isTold(page: Page, sentence: string): Promise<void> {
  await page.locator('.outline').getByRole('alert').getByText(sentence).waitFor()
}

export async function takeBack(desk: Page): Promise<void> {
  await desk.reload()
  const promise = desk.getByLabel('一句话承诺')
  await promise.waitFor()
  const before = await promise.inputValue()
  await save(desk, '先写一行，再写一行')
  await desk.locator('header').getByRole('button', { name: '撤销' }).click()
  await desk.locator('.phone', { hasText: before }).waitFor()
  assert.equal(await promise.inputValue(), before)
  await desk.getByText('已保存于').waitFor()
  await desk.reload()
  await promise.waitFor()
  assert.equal(await promise.inputValue(), before, 'what was taken back is taken back at the server')
}

/** A picture is sent, described, and still there when the page is read again. */
export async function putPicture(desk: Page): Promise<void> {
  const described = desk.locator('.tiptap img[alt="夜空下的小屋"]').first()
  await desk.locator('.tools').first().locator('input[type=file][accept^=image]').setInputFiles(join(import.meta.dirname, '../server/seeds/academy/courses/night-sky/cover.webp'))
  await confirm(desk, '确认', '夜空下的小屋')
  await described.waitFor()
  await desk.getByText('已保存于').waitFor()
  await desk.reload()
  await described.waitFor()
  assert.match((await described.getAttribute('src')) ?? '', /^\/api\/media\/pictures\/ast_\w+\.webp$/)
}

/** The arrow keys do what dragging does: the first lesson of the course goes down by one, and up again. */
export async function sortByKeys(desk: Page): Promise<void> {
  await desk.getByRole('tab', { name: '目录与课时' }).click()
  const names = () => desk.locator('.lesson .name').allInnerTexts()
  const before = await names()
  const grip = desk.locator('.lesson .grip').first()
  const id = await grip.getAttribute('id')
  await grip.focus()
  for (const [key, sentence] of [['ArrowDown', '第 2 位'], ['ArrowUp', '第 1 位']] as const) {
    await desk.keyboard.press(key)
    await desk.locator('[aria-live]', { hasText: sentence }).waitFor({ state: 'attached' })
    assert.equal(await desk.evaluate('document.activeElement?.id'), id, 'the grip keeps the focus')
    if (key === 'ArrowDown') assert.deepEqual(await names(), [before[1], before[0], ...before.slice(2)])
  }
  assert.deepEqual(await names(), before)
}

export async function planAndPutAway(browser: Browser, world: World, desk: Page): Promise<void> {
  const state = desk.locator('.bar .mark')
  await desk.getByRole('button', { name: '撤回为草稿' }).click()
  await confirm(desk, '撤回为草稿')
  await state.getByText('草稿').waitFor()
  await desk.getByRole('button', { name: '定时发布' }).click()
  const dialog = desk.getByRole('dialog', { name: '定时发布' })
  const day = `${new Date().getFullYear() + 1}-01-05`
  await dialog.getByRole('combobox').fill(`${day} 09:30`)
  await dialog.getByRole('combobox').press('Enter')
  await dialog.getByRole('button', { name: '定时发布' }).click()
  await state.getByText('待发布').waitFor()
  await desk.locator('.bar time', { hasText: `${day} ` }).waitFor()
  await isNotSeen(browser, world)
  await desk.getByRole('button', { name: '撤回为草稿' }).click()
  await confirm(desk, '撤回为草稿')
  await state.getByText('草稿').waitFor()
  await desk.getByRole('button', { name: '归档' }).click()
  await confirm(desk, '归档')
  await state.getByText('已归档').waitFor()
  assert.equal(await desk.getByLabel('一句话承诺').isDisabled(), true)
  await desk.getByRole('button', { name: '恢复为草稿' }).click()
  await state.getByText('草稿').waitFor()
}

async function isNotSeen(browser: Browser, world: World): Promise<void> {
  const visitor = await openProfile(browser, phoneSize)
  await visitor.goto(world.url)
  await visitor.getByText('夜空识星').first().waitFor()
  assert.equal(await visitor.getByText(title).count(), 0)
  await visitor.context().close()
}
