// The first screen of the learner's pages in Chromium: 4× slower processor, two networks, judged on real content.
import { chromium, type Browser, type CDPSession } from 'playwright-core'
import { median } from './load.ts'
import { inWorld } from './world.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
/** A page that nobody else looks at is not what visitors meet: the server has shown it before, the browser has not. */
const WARM_VISITS = 3
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const networks = [
  { name: '1.6 Mbps, 150 ms', bitsPerSecond: 1_600_000, latencyMs: 150, aimMs: 1400 },
  { name: '9 Mbps, 60 ms', bitsPerSecond: 9_000_000, latencyMs: 60, aimMs: 900 },
]
const pages = ['/', '/pkg-course/course?slug=night-sky']

type Entry = { startTime: number; url: string; element: { tagName: string; textContent: string | null; closest(selector: string): unknown } | null }
type Paint = { atMs: number; element: string; text: string; picture: string; isReal: boolean }

await inWorld({}, async (world) => {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags })
  let isMissed = false
  for (const path of pages) {
    for (const network of networks) {
      const paints: Paint[] = []
      for (let visits = 0; visits < WARM_VISITS; visits += 1) await (await fetch(world.url + path)).text()
      for (let round = 0; round < ROUNDS; round += 1) paints.push(await firstScreen(browser, world.url + path, network))
      const middle = median(paints.map((paint) => paint.atMs))
      const shown = paints.find((paint) => paint.atMs === middle)
      const unreal = paints.filter((paint) => !paint.isReal).length
      if (middle > network.aimMs || unreal > 0) isMissed = true
      console.log(`${path.padEnd(34)} ${network.name.padEnd(17)} LCP ${(middle / 1000).toFixed(2)} s (aim ${(network.aimMs / 1000).toFixed(1)} s, ratio ${(middle / network.aimMs).toFixed(2)}), largest: ${shown?.element} ${shown?.picture || shown?.text}${unreal > 0 ? `; ${unreal} of ${ROUNDS} on something that is no content` : ''}`)
    }
  }
  await browser.close()
  console.log(isMissed ? 'the aim was missed' : 'the aim was reached')
})

/** Cold: a context of its own, nothing cached. The last largest paint counts once the network has been quiet for a while. */
async function firstScreen(browser: Browser, url: string, network: (typeof networks)[number]): Promise<Paint> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true })
  const page = await context.newPage()
  await slowDown(await context.newCDPSession(page), network)
  await page.addInitScript(watchPaints)
  await page.goto(url, { waitUntil: 'networkidle', timeout: 60_000 })
  const paint = await page.evaluate(() => (globalThis as unknown as { largestPaint?: Paint }).largestPaint)
  await context.close()
  return paint ?? { atMs: Number.POSITIVE_INFINITY, element: 'nothing', text: '', picture: '', isReal: false }
}

async function slowDown(session: CDPSession, { bitsPerSecond, latencyMs }: (typeof networks)[number]): Promise<void> {
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: latencyMs, downloadThroughput: bitsPerSecond / 8, uploadThroughput: bitsPerSecond / 8 })
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
}

/** Runs in the page. Real content is a picture that the server keeps, or text of several characters outside skeletons. */
function watchPaints(): void {
  const seen = globalThis as unknown as { largestPaint?: Paint }
  const browser = globalThis as unknown as { PerformanceObserver: new (see: (list: { getEntries(): Entry[] }) => void) => { observe(what: object): void } }
  new browser.PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const text = (entry.element?.textContent ?? '').trim().slice(0, 24)
      const isSkeleton = entry.element?.closest('[class*="skeleton"], [aria-busy="true"]') !== null && entry.element !== null
      const isReal = !isSkeleton && (entry.url.includes('/api/media/') || text.length >= 2)
      seen.largestPaint = { atMs: entry.startTime, element: entry.element?.tagName.toLowerCase() ?? 'gone', text, picture: entry.url.replace(/^https?:\/\/[^/]+/, '').slice(0, 60), isReal }
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}
