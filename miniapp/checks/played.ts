// Plays a built WeChat package on our own phone with the line cut: every page must open, say so in words, and break nothing.
import { chromium } from 'playwright-core'
import { openMiniProgram } from '../host/open.ts'
import type { Package } from './package.ts'

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const PATIENCE_MS = 10_000

export async function checkPlayed({ folder, pages }: Package): Promise<string[]> {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags })
  try {
    // Nobody is asked at this address: the host answers for itself, and the line is cut.
    const { page, faults } = await openMiniProgram(browser, { folder, server: 'https://academy.example', sandbox: '', appid: 'wx1234567890abcdef', user: 'lin', isOffline: true })
    for (const path of faults.length === 0 ? pages : []) {
      await page.evaluate(`__hands.open(${JSON.stringify(`/${path}`)})`)
      const stands = page.locator(`.phone-page:not([hidden])[data-page="${path}"]`, { hasText: /\S/ })
      await stands.waitFor({ timeout: PATIENCE_MS }).catch(() => faults.push(`${path} stays empty`))
    }
    return faults
  } finally {
    await browser.close()
  }
}
