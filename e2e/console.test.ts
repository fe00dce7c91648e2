// The story of a working day at the desk: colleagues, settings, shelves, members, reviews, orders, a course, and the record of it all.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { complain, settleComplaint } from './complaining.ts'
import { choose, confirm, digitsOf, goTo, isTold, openDesk, pagesOf, typeSignIn, type Account } from './desk.ts'
import { meetInOneLesson, meetInTwoTabs, planAndPutAway, putPicture, sortByKeys, takeBack } from './editing.ts'
import { openProfile, patience, phoneSize, signIn } from './people.ts'
import { keepSettings } from './settings.ts'
import { keepLecturers, keepShelves, nameAccount } from './shelving.ts'
import { openWorld, type World } from './world.ts'

const phone = '13800138031'
const zhou: Account = { email: 'zhou@demo.shuyuan', password: 'a-first-password' }
let world: World
let browser: Browser
let owner: Page
let editor: Page
let learner: Page
let complaintPage = ''

before(async () => {
  world = await openWorld()
  browser = await world.open()
  owner = await openDesk(browser, world, world.operator)
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

test('a colleague who is added as editor sees the pages of an editor and no others', async () => {
  await goTo(owner, '人员与角色')
  await owner.getByRole('button', { name: '添加人员' }).click()
  const dialog = owner.getByRole('dialog', { name: '添加人员' })
  await dialog.getByLabel('姓名').fill('周芷')
  await dialog.getByLabel('邮箱').fill(zhou.email)
  await dialog.getByLabel('初始密码').fill(zhou.password)
  await dialog.getByRole('button', { name: '添加人员' }).click()
  await owner.locator('tr', { hasText: zhou.email }).waitFor()
  editor = await openDesk(browser, world, zhou)
  assert.deepEqual(await pagesOf(editor), ['今日', '课程', '分类与讲师', '文件', '评价', '套餐', '教材', '会员方案', '代币', '兑换码', '我的账号'])
  for (const page of ['orders', 'members', 'ledger', 'staff', 'audit', 'academy']) {
    await editor.goto(`${world.url}/console/${page}`)
    await editor.getByText('你的角色看不到这一页').waitFor()
  }
  for (const path of ['orders', 'members', 'ledger/accounts', 'staff', 'audit', 'discrepancies']) assert.equal((await editor.request.get(`${world.url}/api/console/${path}`)).status(), 403)
})

test('with two steps on, a password alone opens nothing, and the digits open once', async () => {
  await goTo(editor, '我的账号')
  await editor.getByRole('button', { name: '开始设置' }).click()
  const secret = await editor.locator('.id', { hasText: /^[A-Z2-7]{16,}$/ }).innerText()
  await editor.getByLabel('六位数字').fill(digitsOf(secret))
  await editor.getByRole('button', { name: '开启', exact: true }).click()
  await editor.getByRole('button', { name: '关闭两步验证' }).waitFor()
  await editor.getByRole('button', { name: '退出登录' }).click()
  await typeSignIn(editor, zhou, '000000')
  await editor.getByText('六位数字不对或已用过').waitFor()
  const digits = digitsOf(secret, 1)
  await editor.locator('input[name=totp]').fill(digits)
  await editor.locator('input[name=totp]').press('Enter')
  await editor.locator('aside nav a').first().waitFor()
  const again = await openProfile(browser, phoneSize)
  await again.goto(`${world.url}/console/`)
  await typeSignIn(again, zhou, digits)
  await again.getByText('六位数字不对或已用过').waitFor()
  await again.context().close()
  await goTo(editor, '我的账号')
  await editor.getByLabel('输入密码以关闭').fill(zhou.password)
  await editor.getByRole('button', { name: '关闭两步验证' }).click()
  await editor.getByRole('button', { name: '开始设置' }).waitFor()
})

test('numbers of members are masked; support reads one with a reason, a lecturer reads none', async () => {
  learner = await openProfile(browser, phoneSize)
  await learner.goto(`${world.url}/pkg-me/sign-in`)
  await signIn(learner, world, phone)
  await changeRole('客服')
  await comeBack()
  await findMember(editor)
  await editor.getByRole('button', { name: '查看完整号码' }).click()
  await confirm(editor, '确认', '学员来电核对身份')
  await editor.getByRole('dialog').getByText(phone).waitFor()
  await changeRole('讲师')
  await comeBack()
  await findMember(editor)
  assert.equal(await editor.getByRole('button', { name: '查看完整号码' }).count(), 0)
  assert.equal(await editor.getByText(phone).count(), 0)
})

async function changeRole(role: string): Promise<void> {
  await goTo(owner, '人员与角色')
  await owner.locator('tr', { hasText: zhou.email }).locator('.el-select').click()
  await owner.locator('.el-select-dropdown:visible').getByText(role, { exact: true }).click()
  await owner.locator('tr', { hasText: zhou.email }).locator('.el-select', { hasText: role }).waitFor()
}

/** Another role begins with another sign-in. */
async function comeBack(): Promise<void> {
  await editor.goto(`${world.url}/console/members`)
  await typeSignIn(editor, zhou)
  await goTo(editor, '学员')
}

async function findMember(desk: Page): Promise<void> {
  await desk.getByPlaceholder('昵称、编号或完整手机号').fill(phone)
  await desk.locator('tbody tr', { hasText: '138****8031' }).click()
  await desk.getByRole('dialog').getByText('拥有的课程').waitFor()
}

test('a lecturer sees the courses of their own once the owner has named their account, and no others', async () => {
  await nameAccount(owner, editor, zhou.email)
})

test('who is switched off is out at once, and cannot come back', async () => {
  await goTo(owner, '人员与角色')
  await owner.locator('tr', { hasText: zhou.email }).locator('.el-switch').click()
  await owner.locator('tr', { hasText: zhou.email }).locator('.el-switch:not(.is-checked)').waitFor()
  await editor.goto(`${world.url}/console/members`)
  await typeSignIn(editor, zhou)
  await editor.getByText('邮箱或密码不对').waitFor()
  await editor.context().close()
  await owner.locator('tr', { hasText: world.operator.email }).locator('.el-switch').click()
  await isTold(owner, '至少要留一位')
  await owner.locator('tr', { hasText: world.operator.email }).locator('.el-switch.is-checked').waitFor()
})

test('settings and agreements that are changed at the desk are what learners see, and neither is left behind unasked', async () => {
  await keepSettings(browser, world, owner)
})

test('categories and lecturers come, change their names and go; those in use stay', async () => {
  await keepShelves(owner)
  await keepLecturers(owner)
})

test('a course given by hand says why, opens at once, and can be taken back', async () => {
  await goTo(owner, '学员')
  await findMember(owner)
  await owner.getByRole('button', { name: '开通课程' }).click()
  const dialog = owner.getByRole('dialog').last()
  await choose(owner, '课程', '夜里的八种声音')
  await dialog.getByLabel('说明').fill('线下读书会的礼物')
  await dialog.getByRole('button', { name: '开通课程' }).click()
  const box = owner.locator('.box', { hasText: '夜里的八种声音' })
  await box.getByText('线下读书会的礼物').waitFor()
  const page = `${world.url}/pkg-course/course?slug=evening-sounds`
  await learner.goto(page)
  await learner.locator('.main-button', { hasText: '立即学习' }).waitFor()
  await box.getByRole('button', { name: '收回' }).click()
  await confirm(owner, '确认', '开错了课程')
  await box.getByText('已收回').waitFor()
  await box.getByText('开错了课程').waitFor()
  await learner.goto(page)
  await learner.locator('.main-button', { hasText: '购买' }).waitFor()
})

test('a review is answered at the desk, and visitors read the answer', async () => {
  await goTo(owner, '评价')
  await owner.getByText('只看未回复的').click()
  // The first without an answer, whether the list is still the whole one or not.
  const review = owner.locator('article', { has: owner.getByRole('button', { name: '回复', exact: true }) }).first()
  const course = await review.locator('a').innerText()
  await review.getByRole('button', { name: '回复' }).click()
  await review.locator('textarea').fill('谢谢你写得这样仔细，这一条记下了。')
  await review.getByRole('button', { name: '回复' }).click()
  await owner.getByText('只看未回复的').click()
  await owner.locator('article', { hasText: '这一条记下了' }).waitFor()
  const visitor = await openProfile(browser, phoneSize)
  await visitor.goto(world.url)
  await visitor.getByText(course).first().click()
  await visitor.getByText('这一条记下了').waitFor()
  await visitor.context().close()
})

test('orders are found by anything, and leave as a file that a spreadsheet reads', async () => {
  complaintPage = await comeToCashier('night-sky')
  await learner.locator('button[name=do][value=pay]').click()
  await learner.getByText('支付成功').waitFor()
  await goTo(owner, '订单')
  const search = owner.getByPlaceholder('订单号、商户单号、课程、学员昵称或完整手机号')
  const row = owner.locator('tbody tr', { hasText: '夜空识星' })
  for (const words of [await row.locator('.id').innerText(), '识星', phone, '8031']) {
    await Promise.all([owner.waitForResponse((answer) => answer.url().includes(`q=${encodeURIComponent(words)}`)), search.fill(words)])
    await row.waitFor()
  }
  await search.fill('没有这样的订单')
  await owner.getByText('没有符合条件的订单').waitFor()
  await search.fill('识星')
  await row.waitFor()
  const [file] = await Promise.all([owner.waitForEvent('download'), owner.getByRole('button', { name: '导出 CSV' }).click()])
  const text = await readFile(await file.path(), 'utf8')
  assert.equal(text.charCodeAt(0), 0xfeff, 'a byte order mark tells a spreadsheet that it is UTF-8')
  const [head, line, ...rest] = text.slice(1).trim().split('\r\n')
  assert.equal(head, '"订单号","状态","课程","学员","手机","金额（元）","已退（元）","渠道","税目","下单时间","支付时间"')
  assert.match(line ?? '', /^"\d+","已支付","夜空识星：从北斗出发","[^"]+","138\*\*\*\*8031","99\.00","0\.00","微信支付（手机网页）","服务 6%","[\d-]+ [\d:]+","[\d-]+ [\d:]+"$/)
  assert.deepEqual(rest, [])
})

/** Replies where the payer may complain of the payment later. */
async function comeToCashier(slug: string): Promise<string> {
  await learner.goto(`${world.url}/pkg-course/course?slug=${slug}&buy=1`)
  await learner.locator('.sheet [role=checkbox]').click()
  await learner.locator('.sheet .main-button').click()
  await learner.locator('button[name=do][value=pay]').waitFor()
  return `${world.sandboxUrl}/complaint?prepay_id=${await learner.locator('input[name=prepay_id]').first().inputValue()}`
}

test('a payment of another sum opens nothing, waits at the desk, and is settled when the platform confirms it', async () => {
  await comeToCashier('evening-sounds')
  const fault = { tenant: world.appid, api: 'wechatpay', kind: 'mismatch_amount' }
  await fetch(`${world.sandboxUrl}/__sim/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) })
  // The learner's own page would ask, and hear the right sum, before the wrong notice is read.
  await learner.route(`${world.url}/api/orders/**`, (route) => route.abort())
  await learner.locator('button[name=do][value=pay]').click()
  await goTo(owner, '支付差异')
  const found = owner.locator('article', { hasText: '夜里的八种声音' })
  for (const end = Date.now() + patience; Date.now() < end && (await found.count()) === 0; await owner.waitForTimeout(500)) {
    await owner.reload()
    await owner.locator('article, .note').first().waitFor()
  }
  await found.getByText('金额不同').waitFor()
  await found.getByText('¥69.00').waitFor()
  await found.getByRole('button', { name: '再问一次' }).click()
  await isTold(owner, '支付平台确认相符')
  await found.getByRole('button', { name: '了结' }).click()
  await confirm(owner, '确认', '商户平台查得实收 69 元')
  await found.waitFor({ state: 'detached' })
  await learner.unroute(`${world.url}/api/orders/**`)
  await learner.goto(`${world.url}/pkg-course/course?slug=evening-sounds`)
  await learner.locator('.main-button', { hasText: '立即学习' }).waitFor()
})

test('a course in two tabs loses nobody their words, and a change can be taken back', async () => {
  await meetInTwoTabs(owner)
  await takeBack(owner)
  await putPicture(owner)
})

test('an article in two tabs loses nobody their words, nor does one without a server', async () => {
  await meetInOneLesson(owner)
})

test('lessons are sorted by the arrow keys, and it is said where they are', async () => {
  await sortByKeys(owner)
})

test('a publication is planned, and a course is put away and brought back', async () => {
  await planAndPutAway(browser, world, owner)
})

test('the record says who did what, before and after', async () => {
  await goTo(owner, '操作记录')
  const search = owner.getByPlaceholder('动作、对象或姓名')
  for (const [words, before, after] of [['staff.changed', '"active": true', '"active": false'], ['academy.', '灯下书院', '听松书院'], ['access.revoked', '', '开错了课程']] as const) {
    await search.fill(words)
    const row = owner.locator('tbody tr[tabindex]', { hasText: words }).first()
    await row.click()
    const change = owner.locator('.change')
    await change.waitFor()
    const [was, is] = await change.locator('pre').allInnerTexts()
    assert.ok(was?.includes(before), `${words} was ${was}`)
    assert.ok(is?.includes(after), `${words} is ${is}`)
    await row.click()
  }
})

test('a payer complains with a picture; the desk answers and agrees to give the money back, and the payer reads it', async () => {
  const words = '回放一直打不开，想退款'
  await complain(learner, complaintPage, words)
  await settleComplaint(owner, learner, words)
  await learner.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await learner.locator('.main-button', { hasText: '购买' }).waitFor()
})
