// The story of the books: a day's bill says another sum than the ledger, and the accountant finds out, writes it off, and reads that both agree.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { confirm, goTo, openDesk, pagesOf, type Account } from './desk.ts'
import { openProfile, phoneSize, signIn } from './people.ts'
import { checkLedger, openWorld, type World } from './world.ts'

const accountant: Account = { email: 'books@demo.shuyuan', password: 'a-first-password' }
let world: World
let browser: Browser
let desk: Page
const refused: string[] = []

before(async () => {
  world = await openWorld()
  browser = await world.open()
  const owner = await openDesk(browser, world, world.operator)
  const added = await owner.request.post(`${world.url}/api/console/staff`, { headers: { 'x-requested-with': 'shuyuan' }, data: { name: '沈账', role: 'finance', ...accountant } })
  assert.equal(added.status(), 200, await added.text())
  await owner.context().close()
  desk = await openDesk(browser, world, accountant)
  desk.on('response', (answer) => void (answer.status() === 403 && refused.push(answer.url())))
})
after(async () => {
  await browser?.close()
  await world?.stop()
})

async function simulate(path: string, body: object): Promise<void> {
  const answer = await fetch(`${world.sandboxUrl}/__sim/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tenant: world.appid, ...body }) })
  assert.equal(answer.status, 200, await answer.text())
}

test('an accountant opens every page of the navigation, and nothing on them is closed to the role', async () => {
  const pages = await pagesOf(desk)
  for (const page of ['订单', '分账', '账本', '支付差异', '对账', '退款申请']) assert.ok(pages.includes(page), page)
  for (const page of pages) {
    await goTo(desk, page)
    await desk.waitForLoadState('networkidle')
  }
  assert.deepEqual(refused, [])
})

/** In Beijing, where bills are made. */
async function dayOfPayment(): Promise<string> {
  const { items } = (await (await desk.request.get(`${world.url}/api/console/orders?state=paid&limit=1`)).json()) as { items: { paidAt: string }[] }
  return new Date(Date.parse(items[0]?.paidAt ?? '') + 8 * 3_600_000).toISOString().slice(0, 10)
}

test('a learner pays; the bill of the day says another sum, and the page of reconciliation shows it', async () => {
  const learner = await openProfile(browser, phoneSize)
  await learner.goto(`${world.url}/pkg-me/sign-in`)
  await signIn(learner, world, '13800138047')
  await learner.goto(`${world.url}/pkg-course/course?slug=night-sky&buy=1`)
  await learner.locator('.sheet [role=checkbox]').click()
  await learner.locator('.sheet .main-button').click()
  await learner.locator('button[name=do][value=pay]').click()
  await learner.getByText('支付成功').waitFor()
  await learner.context().close()
  const paidOn = await dayOfPayment()
  await simulate('faults', { kind: 'bill_difference', api: 'trade', how: 'amount', amountCents: 9800 })
  await simulate('clock', { advanceSeconds: 36 * 3600 })
  const asked = await desk.request.post(`${world.url}/api/console/reconciliation/days`, { headers: { 'x-requested-with': 'shuyuan' }, data: { day: paidOn } })
  assert.equal(asked.status(), 200)
  const row = desk.locator('tbody tr', { hasText: paidOn.slice(5) })
  for (let round = 0; (await row.getByText('已对账').count()) === 0; round += 1) {
    assert.ok(round < 60, 'the day is reconciled within a minute')
    await desk.goto(`${world.url}/console/reconciliation`)
    await desk.locator('dl.sums').waitFor()
    await desk.waitForTimeout(1000)
  }
  await row.getByText('2 条待核实').click()
  await desk.getByRole('heading', { level: 1, name: '对账差异' }).waitFor()
  const trade = desk.locator('article', { hasText: '收款金额不同' })
  for (const sum of ['¥98.00', '¥99.00', '¥1.00']) await trade.getByText(sum).first().waitFor()
  await desk.locator('article', { hasText: '资金金额与交易账单不同' }).waitFor()
})

test('each difference is closed with a reason, once; then bills and ledger agree', async () => {
  const trade = desk.locator('article', { hasText: '收款金额不同' })
  await trade.getByRole('button', { name: '按差额核销' }).click()
  await confirm(desk, '确认', '交易账单少写一元，已与客服核实')
  await trade.getByText('已核销').waitFor()
  await trade.getByText('交易账单少写一元，已与客服核实').waitFor()
  const flow = desk.locator('article', { hasText: '资金金额与交易账单不同' })
  await flow.getByRole('button', { name: '按差额核销' }).click()
  await confirm(desk, '确认', '资金账单是对的，与上一条相抵')
  await flow.getByText('已核销').waitFor()
  assert.equal(await desk.getByRole('button', { name: '按差额核销' }).count(), 0)
  await goTo(desk, '对账')
  await desk.getByText('与账本相符').waitFor()
  await goTo(desk, '账本')
  await desk.getByText('借贷平衡').waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
  assert.deepEqual(refused, [])
})
