// An operator makes a course of one film at the desk, from an empty page to a shelf where a visitor finds it.
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { goTo } from './desk.ts'
import { deskSize, openProfile, phoneSize, signInOperator } from './people.ts'
import type { World } from './world.ts'

const seeds = join(import.meta.dirname, '../server/seeds/academy/courses/night-sky')
const title = '阳台上的天文望远镜'

export async function publishFilm(browser: Browser, world: World): Promise<void> {
  const desk = await openProfile(browser, deskSize)
  await signInOperator(desk, world)
  await desk.goto(`${world.url}/console/courses`)
  await desk.getByRole('button', { name: '新建课程' }).click()
  await desk.locator('input[name=title]').fill(title)
  await desk.getByRole('button', { name: '开始编辑' }).click()
  await fillBasics(desk)
  await addFilm(desk)
  await takeFilmAgain(desk)
  await setFree(desk)
  await desk.getByRole('button', { name: '发布', exact: true }).click()
  await desk.getByText('已发布').first().waitFor()
  await desk.context().close()
  await find(await openProfile(browser, phoneSize), world)
}

async function fillBasics(desk: Page): Promise<void> {
  await desk.getByLabel('一句话承诺').fill('一个晚上，看清月亮上的环形山')
  for (const [field, choice] of [['分类', '自然与星空'], ['讲师', '顾野']] as const) {
    await desk.locator('label', { hasText: field }).locator('.el-select').click()
    await desk.getByRole('option', { name: choice }).click()
  }
  await drop(desk.locator('.cover').first(), 'cover.webp')
  await desk.locator('.cover').first().getByText('已就绪').waitFor()
  await desk.locator('.cover img').first().waitFor()
}

async function addFilm(desk: Page): Promise<void> {
  await desk.getByRole('tab', { name: '目录与课时' }).click()
  await desk.getByRole('button', { name: '添加章' }).click()
  await desk.getByLabel('章名').waitFor()
  await desk.locator('.add').getByText('视频').click()
  await leaveWhileSending(desk)
  await desk.locator('fieldset:visible .drop').first().getByText('已就绪').waitFor()
  await desk.locator('.late').waitFor({ state: 'detached' })
}

/** A file that is there needs no second upload: the newest film of the list is taken with a key. */
async function takeFilmAgain(desk: Page): Promise<void> {
  await desk.locator('.add').getByText('视频').click()
  await desk.locator('.lesson.here', { hasText: '未命名' }).waitFor()
  await desk.locator('fieldset:visible .drop').first().getByRole('button', { name: '选用已有文件' }).click()
  await desk.getByRole('dialog').locator('tr:focus', { hasText: '01.mp4' }).press('Enter')
  await desk.locator('fieldset:visible .drop').first().getByText('01.mp4').waitFor()
  await desk.locator('.late').waitFor({ state: 'detached' })
}

/** The film and the title arrive although nobody stays with their lesson, and both are found there. */
async function leaveWhileSending(desk: Page): Promise<void> {
  const [saved, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const lessons = '**/api/console/lessons/*'
  const saving = desk.waitForRequest(lessons)
  await desk.route(lessons, async (route) => {
    await saved.promise
    await route.continue()
  })
  await desk.getByLabel('课时标题').fill('第一眼看月亮')
  await desk.getByLabel('课时标题').press('Tab')
  await saving
  await desk.route('**/api/console/uploads', async (route) => {
    await begun.promise
    await route.continue()
  })
  await drop(desk.locator('fieldset:visible .drop').first(), 'media/01.mp4')
  await desk.locator('.lesson').getByText('上传').waitFor()
  setTimeout(saved.resolve, 1000)
  await goTo(desk, '课程')
  await desk.unroute(lessons)
  await desk.locator('tbody tr', { hasText: title }).waitFor()
  begun.resolve()
  await desk.locator('tbody tr', { hasText: title }).click()
  await desk.getByRole('tab', { name: '目录与课时' }).click()
  await desk.locator('.lesson .name', { hasText: '第一眼看月亮' }).click()
}

/** The file chooser stays shut: its input is given the file. */
async function drop(box: Locator, file: string): Promise<void> {
  await box.locator('input[type=file]').setInputFiles(join(seeds, file))
}

async function setFree(desk: Page): Promise<void> {
  await desk.getByRole('tab', { name: '价格' }).click()
  await desk.getByLabel('价格（元）').fill('0')
  await desk.getByRole('button', { name: '保存方案' }).click()
  await desk.getByText('方案已更新').waitFor()
}

/** Whoever has no account sees it on the shelf. */
async function find(visitor: Page, world: World): Promise<void> {
  await visitor.goto(world.url)
  await visitor.getByText(title).first().click()
  await visitor.getByText('第一眼看月亮').waitFor()
  await visitor.getByText('免费领取').waitFor()
  await visitor.context().close()
}
