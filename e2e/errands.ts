// What a learner does inside WeChat beside learning: asks for plans and codes, has a book sent, and takes the money that the academy owes.
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { deskSize, openProfile, patience, signInOperator } from './people.ts'
import { atDesk, type Hand, type Place } from './phone.ts'
import { checkLedger } from './world.ts'

export async function tryCodes(hand: Hand): Promise<void> {
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('会员中心').tap()
  await (await hand.on('pkg-course/plans')).getByText('灯下会员').waitFor()
  await hand.back()
  await (await hand.on('pages/me/me')).getByText('兑换码').tap()
  const redeem = await hand.on('pkg-me/redeem')
  await redeem.locator('input').fill('AAAA-BBBB-CCCC-DDDD')
  await redeem.getByRole('button', { name: '兑换' }).tap()
  await redeem.getByRole('alert').waitFor()
  await hand.back()
  const refused = hand.faults.splice(0)
  assert.ok(refused.every((fault) => /status of 4\d\d /.test(fault)), refused.join(' | '))
}

export async function orderBook(hand: Hand): Promise<void> {
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('收货地址').tap()
  const addresses = await hand.on('pkg-me/addresses')
  await addresses.getByText('新增地址').tap()
  for (const [name, text] of [['收货人', '林知夏'], ['联系电话', '13800138000'], ['省份', '北京市'], ['城市', '北京市'], ['详细地址', '学院路 1 号']] as const) await addresses.locator(`[aria-label^="${name}"] input, input[aria-label^="${name}"]`).first().fill(text)
  await addresses.getByText('保存地址').tap()
  await addresses.getByText('北京市 学院路 1 号').waitFor()
  await hand.openCourse('把日子记下来')
  const course = await hand.on('pkg-course/course')
  await course.locator('[class*=goods]', { hasText: '练习册' }).first().tap()
  await course.locator('[role=dialog]', { hasText: '林知夏' }).getByText('运费').waitFor()
  await course.locator('[role=dialog]').getByRole('checkbox').tap()
  await course.locator('[role=dialog] [class*=main-button]').tap()
  await hand.page.locator('.phone-pay').getByText('支付', { exact: true }).tap()
  await (await hand.on('pkg-order/result')).getByText('书院会尽快寄出').waitFor()
  await hand.back()
}

/** Fills the purse with a pack and buys the course with it. */
export async function spendCoins({ world }: Place, hand: Hand): Promise<void> {
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('余额').tap()
  const purse = await hand.on('pkg-course/coins')
  await purse.locator('[class*=pack]', { hasText: '¥198' }).last().tap()
  await purse.locator('[role=dialog]').getByRole('checkbox').tap()
  await purse.locator('[role=dialog] [class*=main-button]').tap()
  await hand.page.locator('.phone-pay', { hasText: '代币 1980 枚' }).getByText('支付', { exact: true }).tap()
  await (await hand.on('pkg-order/result')).getByText('查看余额').tap()
  await (await hand.on('pkg-course/coins')).locator('[class*=sum]', { hasText: '1980' }).waitFor()
  await hand.openCourse('夜空识星')
  const course = await hand.on('pkg-course/course')
  await course.locator('.bar .main-button').tap()
  await course.locator('[role=radio]', { hasText: '余额 1980' }).tap()
  await course.locator('[role=dialog]').getByRole('checkbox').tap()
  await course.locator('[role=dialog] [class*=main-button]', { hasText: '990 书签' }).tap()
  await (await hand.on('pkg-order/result')).getByText('开始学习').waitFor()
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('990 书签').waitFor()
  assert.equal(await checkLedger(world), 'the ledger balances')
}

export async function withdraw({ world, browser }: Place, hand: Hand): Promise<void> {
  const member = await hand.page.evaluate<string>(`JSON.parse(localStorage.getItem('wx/${world.appid}/session')).data.member.id`)
  await (await atDesk(world))('/dues', { member, amount: 12_000, reason: '十一月讲课', requestKey: 'weixin-story-due' })
  await hand.home()
  await hand.tab('我的')
  await (await hand.on('pages/me/me')).getByText('提现').tap()
  const withdrawals = await hand.on('pkg-me/payouts')
  await withdrawals.getByText('¥120.00').waitFor()
  await withdrawals.locator('input').fill('88')
  await withdrawals.getByText('申请提现').tap()
  await withdrawals.getByText('等待书院同意').waitFor()
  await withdrawals.getByText('¥32.00').waitFor()
  const desk = await openProfile(browser, deskSize)
  await signInOperator(desk, world)
  await desk.goto(`${world.url}/console/payouts`)
  await desk.locator('article', { hasText: '¥88.00' }).getByRole('button', { name: '同意' }).click()
  await desk.getByRole('dialog').getByRole('button', { name: '同意' }).click()
  await desk.locator('article', { hasText: '¥88.00' }).getByText(/正在发出|等对方确认/).waitFor()
  await desk.context().close()
  await returnTo(hand, withdrawals, '确认收款')
  await withdrawals.getByRole('button', { name: '确认收款' }).tap()
  await hand.page.locator('.phone-pay').getByText('收款', { exact: true }).tap()
  await returnTo(hand, withdrawals, '已到账')
  assert.equal(await checkLedger(world), 'the ledger balances')
}

/** Leaves the page of withdrawals and comes back, until it says so. */
async function returnTo(hand: Hand, withdrawals: Locator, words: string): Promise<void> {
  for (const end = Date.now() + patience; !(await withdrawals.getByText(words).first().isVisible()); ) {
    assert.ok(Date.now() < end, `the page never says ${words}`)
    await hand.back()
    await (await hand.on('pages/me/me')).getByText('提现').tap()
    await hand.on('pkg-me/payouts')
    await hand.page.waitForTimeout(1000)
  }
}
