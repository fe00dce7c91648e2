// A payer complains of the academy in WeChat, with a picture; the desk reads it, answers, agrees to give the money back, and the payer reads that.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { confirm, goTo } from './desk.ts'
import { patience } from './people.ts'

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** On the page of the bill, which the sandbox has for a payment that was made. */
export async function complain(payer: Page, address: string, words: string): Promise<void> {
  await payer.goto(address)
  await payer.locator('#files').setInputFiles({ name: 'screen.png', mimeType: 'image/png', buffer: dot })
  await payer.locator('#chosen img').waitFor()
  await payer.locator('#words').fill(words)
  await payer.getByRole('button', { name: '提交' }).click()
  await payer.getByText('等待商家处理').waitFor()
}

export async function settleComplaint(desk: Page, payer: Page, words: string): Promise<void> {
  const line = desk.getByRole('link', { name: /等待回复的投诉\s*1/ })
  for (const end = Date.now() + patience; !(await line.isVisible()); await desk.waitForTimeout(500)) {
    assert.ok(Date.now() < end, 'the first page never counts the complaint')
    await goTo(desk, '今日')
    await desk.reload()
    await desk.getByRole('heading', { name: '需要处理' }).waitFor()
  }
  await line.click()
  const complaint = desk.locator('article', { hasText: words })
  const picture = complaint.locator('li img')
  await picture.waitFor()
  for (const end = Date.now() + patience; (await picture.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth)) === 0; await desk.waitForTimeout(200)) assert.ok(Date.now() < end, 'the picture never came')
  await complaint.locator('input[name=words]').fill('为你退款，原路退回')
  await complaint.getByRole('button', { name: '回复' }).click()
  await complaint.locator('li', { hasText: '为你退款，原路退回' }).waitFor()
  await complaint.getByRole('button', { name: '同意退款' }).click()
  await confirm(desk, '同意退款')
  await complaint.getByText('已同意退款').waitFor()
  for (const end = Date.now() + patience; !(await payer.getByText('商家同意退款').isVisible()); await payer.waitForTimeout(500)) {
    assert.ok(Date.now() < end, 'the payer never reads that it was agreed to')
    await payer.reload()
  }
  await payer.getByText('为你退款，原路退回').waitFor()
}
