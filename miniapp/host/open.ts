// Opens a built WeChat package on a phone of our own: Chromium, WeChat's open component engine, and the `wx` of host/page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page, Route } from 'playwright-core'
import { packWeixin } from './pack.ts'

const page = join(import.meta.dirname, 'page')
const kinds: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', svg: 'image/svg+xml' }

export type Wish = { folder: string; server: string; sandbox: string; appid: string; user: string; platform?: string; system?: string; launch?: string; isOffline?: boolean }
export type Opened = { page: Page; faults: string[] }

/** Everything that goes wrong in the package lands in `faults`, from a template that does not compile to a promise nobody caught. */
export async function openMiniProgram(browser: Browser, wish: Wish): Promise<Opened> {
  const { script, faults } = packWeixin(wish.folder)
  const phone = { server: wish.server, appid: wish.appid, platform: wish.platform ?? 'android', system: wish.system ?? 'Android 14', launch: wish.launch ?? '', isOffline: wish.isOffline ?? false }
  const host = await bundleHost()
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: 'zh-CN', hasTouch: true })
  const opened = await context.newPage()
  opened.on('pageerror', (error) => faults.push(error.stack || `${error.name}: ${error.message}`))
  opened.on('console', (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`))
  await opened.exposeFunction('__askWeChat', (path: string, body: object) => askWeChat(wish, path, body))
  // On the server's own origin, so that nothing of it needs to be opened to strangers for the sake of a test.
  await opened.route(`${wish.server}/__weixin/**`, (route) => serve(route, wish.folder, { script: `window.__phone=${JSON.stringify(phone)};${script}`, host }))
  await opened.goto(`${wish.server}/__weixin/`)
  return { page: opened, faults }
}

async function askWeChat({ sandbox, appid, user }: Wish, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${sandbox}/__client/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ appid, user, ...body }) })
  return answer.json()
}

async function bundleHost(): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [join(page, 'main.ts')], bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'silent' })
  return outputFiles[0]?.text ?? ''
}

/** As in WeChat, text never becomes code: the policy of the page forbids it. */
async function serve(route: Route, folder: string, { script, host }: { script: string; host: string }): Promise<void> {
  const [, name = ''] = new URL(route.request().url()).pathname.split('/__weixin/')
  if (name === 'package.js') return route.fulfill({ contentType: 'text/javascript', body: script })
  if (name === 'host.js') return route.fulfill({ contentType: 'text/javascript', body: host })
  if (name.startsWith('files/')) return route.fulfill({ contentType: kinds[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', body: readFileSync(join(folder, name.slice('files/'.length))) })
  const style = readFileSync(join(page, 'phone.css'), 'utf8')
  return route.fulfill({
    contentType: 'text/html',
    headers: { 'content-security-policy': "script-src 'self'; worker-src 'self' blob:" },
    body: `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>${style}</style></head><body><script src="package.js"></script><script src="host.js"></script></body></html>`,
  })
}
