// A book with delivery: set up at the desk, bought on a phone beside its course, shipped, received; the next one given back before it leaves.
// Then a course that is sold with its book: the course goes back first, and the book's price follows when the book is here again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { confirm, goTo, isTold, openDesk } from './desk.ts'
import { openProfile, phoneSize, signIn } from './people.ts'
import { atDesk } from './phone.ts'
import { checkLedger, openWorld, type World } from './world.ts'

let world: World
let browser: Browser
let desk: Page
let learner: Page
let number = ''
before(async () => {
  world = await openWorld()
  browser = await world.open()
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

const field = (name: string) => desk.locator('.el-dialog label', { hasText: name }).locator('input').first()

test('the operator offers a book beside a course, with a stock, a fee and its class of tax', async () => {
  desk = await openDesk(browser, world, world.operator)
  await goTo(desk, '教材')
  await desk.getByRole('button', { name: '新建教材' }).click()
  await field('名称').fill('手帐本')
  await field('价格').fill('49')
  await field('库存').fill('5')
  await field('寄出的物品').fill('手帐本一册')
  await field('运费').fill('8')
  await field('满多少包邮').fill('99')
  await desk.locator('.el-dialog label', { hasText: '放在哪些课程旁边' }).locator('.el-select').click()
  await desk.getByRole('option', { name: '把日子记下来' }).click()
  await desk.keyboard.press('Escape')
  await desk.locator('.el-dialog label', { hasText: '税目' }).locator('.el-select').click()
  await desk.getByRole('option', { name: '图书 9%' }).click()
  await desk.getByRole('button', { name: '保存方案' }).click()
  await isTold(desk, '方案已更新')
  await desk.locator('td', { hasText: '已售 0 / 5' }).waitFor()
})

test('on a phone it is three steps to the book: choose, say where to, pay', async () => {
  learner = await openProfile(browser, phoneSize)
  await learner.goto(`${world.url}/pkg-me/sign-in`)
  await signIn(learner, world, '13800138055')
  await buyBook(true)
  await learner.getByText('书院会尽快寄出').waitFor()
  await learner.locator('.box .main-button').click()
  await learner.locator('.parcel', { hasText: '待发货' }).waitFor()
  assert.match(await learner.locator('.parcel').innerText(), /北京市海淀区 学院路 1 号/)
  number = (await learner.locator('.tiny', { hasText: /^\d{18}$/ }).first().innerText()).trim()
})

/** The address is typed the first time and stands there afterwards. */
async function buyBook(isFirst: boolean): Promise<void> {
  await learner.goto(`${world.url}/pkg-course/course?slug=write-your-days`)
  await learner.locator('.goods', { hasText: '手帐本' }).click()
  if (isFirst) {
    for (const [name, text] of [['收货人', '林知夏'], ['联系电话', '13800138055'], ['省份', '北京市'], ['城市', '北京市'], ['区县', '海淀区'], ['详细地址', '学院路 1 号']] as const) await learner.locator(`.sheet [aria-label^="${name}"] input, .sheet input[aria-label^="${name}"]`).first().fill(text)
    await learner.locator('.sheet').getByText('保存地址').click()
  }
  await learner.locator('.sheet .one', { hasText: '林知夏' }).waitFor()
  await learner.locator('.sheet', { hasText: '运费' }).waitFor()
  if (isFirst) {
    await learner.getByRole('button', { name: '多一件' }).click()
    await learner.locator('.sheet .line', { hasText: '手帐本 × 2' }).waitFor()
    await learner.getByRole('button', { name: '少一件' }).click()
  }
  await learner.locator('.sheet .agree [role=checkbox]').click()
  await learner.locator('.sheet .main-button', { hasText: '57' }).click()
  await learner.locator('button[name=do][value=pay]').click()
}

test('the desk ships it, the learner sees the number and says that it is there', async () => {
  await goTo(desk, '发货')
  await desk.locator('tr', { hasText: number }).getByRole('button', { name: '发货' }).click()
  await field('快递单号').fill('SF1234567890')
  await desk.locator('.el-dialog').getByRole('button', { name: '发货' }).click()
  await isTold(desk, '已发货')
  await learner.reload()
  await learner.locator('.parcel', { hasText: '顺丰 SF1234567890' }).waitFor()
  await learner.locator('.parcel .main-button').click()
  await learner.locator('.uni-modal__btn_primary').click()
  await learner.locator('.parcel', { hasText: '已收货' }).waitFor()
})

test('a book that is given back before it leaves is not shipped, and the stock has it again', async () => {
  await buyBook(false)
  await learner.getByText('书院会尽快寄出').waitFor()
  await goTo(desk, '订单')
  await desk.locator('tbody tr', { hasText: '手帐本' }).first().click()
  await desk.locator('.el-drawer').getByRole('button', { name: '退款', exact: true }).click()
  await desk.locator('input[name=reason]').fill('买重了')
  const asked = await desk.getByText('以确认').innerText()
  await desk.locator('input[name=number]').fill(/[\w-]{12,}/.exec(asked)?.[0] ?? '')
  await desk.locator('[role=dialog] button[type=submit]').click()
  await desk.getByText('退款到账').first().waitFor()
  await goTo(desk, '发货')
  await desk.locator('label, .el-radio-button', { hasText: '不再发货' }).first().click()
  await desk.locator('tr', { hasText: '手帐本' }).waitFor()
  await goTo(desk, '教材')
  await desk.locator('td', { hasText: '已售 1 / 5' }).waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
})

const claimAtDesk = () => desk.locator('article', { hasText: '出差三个月' }).first()

async function shipIt(): Promise<void> {
  await goTo(desk, '发货')
  await desk.locator('tr', { hasText: number }).getByRole('button', { name: '发货' }).click()
  await field('快递单号').fill('YT7788990011')
  await desk.locator('.el-dialog').getByRole('button', { name: '发货' }).click()
  await isTold(desk, '已发货')
}

async function approve(sum: string): Promise<void> {
  await goTo(desk, '退款申请')
  await claimAtDesk().locator('dd strong', { hasText: sum }).waitFor()
  await claimAtDesk().getByRole('button', { name: '同意并退款' }).click()
  await confirm(desk, '同意并退款')
  await isTold(desk, '已同意，退款已发起')
}

async function askBack(sum: string): Promise<void> {
  // The timeline above has the same words of the claim before.
  await learner.locator('.claim .link', { hasText: '申请退款' }).click()
  assert.equal(await learner.locator('.claim .sum').innerText(), sum)
  await learner.locator('.words textarea').fill('出差三个月，课和书都用不上')
  await learner.getByRole('button', { name: '提交申请' }).click()
  await learner.getByText('等待书院处理').waitFor()
}

test('a course with its book goes back by its parts: the course now, the book once it is here', async () => {
  const { courses } = await learner.evaluate<{ courses: string[] }>(`fetch('/api/courses/night-sky').then((answer) => answer.json()).then(({ card }) => ({ courses: [card.id] }))`)
  const terms = { kind: 'course', title: '配星图', courses, plan: null, period: null, price: 12_900, accessDays: null, onSale: true, from: null, until: null, seats: 9, vat: 'services', policy: null }
  await (await atDesk(world))('/offers', { ...terms, parcel: { goods: '四季星图一册', fee: 800, freeFrom: null, worth: 3900, vat: 'books' } })
  await learner.goto(`${world.url}/pkg-course/course?slug=night-sky&buy=1`)
  await learner.locator('.sheet .choice', { hasText: '配星图' }).click()
  await learner.locator('.sheet .one', { hasText: '林知夏' }).waitFor()
  await learner.locator('.sheet').getByText('含物品 ¥39.00').waitFor()
  await learner.locator('.sheet .agree [role=checkbox]').click()
  await learner.locator('.sheet .main-button', { hasText: '137' }).click()
  await learner.locator('button[name=do][value=pay]').click()
  await learner.getByText('书院会尽快寄出').waitFor()
  await learner.getByText('查看订单').click()
  await learner.locator('.parcel', { hasText: '待发货' }).waitFor()
  number = (await learner.locator('.tiny', { hasText: /^\d{18}$/ }).first().innerText()).trim()
  await shipIt()
  await learner.reload()
  await askBack('¥90.00')
  await learner.getByText('完好寄回，书院收到后再退 ¥39.00').first().waitFor()
  await approve('¥90.00')
  await learner.reload()
  await learner.getByText('已同意').waitFor()
})

test('the book is back: its price may be asked for, what sending it cost may not', async () => {
  const order = learner.url()
  await learner.goto(`${world.url}/pkg-course/course?slug=night-sky`)
  await learner.locator('.main-button', { hasText: '购买' }).waitFor()
  await goTo(desk, '发货')
  await desk.locator('.el-radio-button', { hasText: '已发货' }).click()
  await desk.locator('tr', { hasText: number }).getByRole('button', { name: '收到退货' }).click()
  await confirm(desk, '收到退货')
  await isTold(desk, '已登记退货')
  await learner.goto(order)
  await askBack('¥39.00')
  await learner.getByText('运费 ¥8.00 不退').first().waitFor()
  await approve('¥39.00')
  await learner.reload()
  await learner.locator('.claim .one').nth(1).getByText('已同意').waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
})
