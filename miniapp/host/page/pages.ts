// The stack of pages: opening, leaving and coming back, with the lives that WeChat promises a page.
import { drawBars, stage } from './bars.ts'
import { backend, define, nextWebview, space, stylesOf, type Instance } from './engine.ts'
import { app, fault, packageOf, pagePaths, tabPaths } from './given.ts'
import { fetchPackage } from './modules.ts'

type Root = ReturnType<typeof backend.createRoot>
type Page = { path: string; box: HTMLElement; root: Root; instance: Instance }

const DEEPEST = 10
const REACH_PX = 50
let stack: Page[] = []
const restingTabs = new Map<string, Page>()
const style = document.createElement('style')
document.head.append(style)

export function pageInstances(): Instance[] {
  return stack.map(({ instance }) => instance)
}

export function topComponent(): unknown {
  return stack.at(-1)?.instance
}

type Target = { path: string; query: Record<string, string> }

/** Why an address cannot be opened this way; empty when it can. */
function refusalOf(kind: string, { path, query }: Target): string {
  const isTab = tabPaths.includes(path)
  if (!pagePaths.includes(path)) return `page "${path}" is not found`
  if (kind === 'switchTab' && !isTab) return 'can not switch to no-tabBar page'
  if (kind === 'switchTab' && Object.keys(query).length > 0) return 'url must not have a query'
  if ((kind === 'navigateTo' || kind === 'redirectTo') && isTab) return `can not ${kind} a tabbar page`
  if (kind === 'navigateTo' && stack.length >= DEEPEST) return `webview count limit exceed`
  return ''
}

export function go(kind: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch', url: string): string {
  const target = readUrl(url)
  const refusal = refusalOf(kind, target)
  if (refusal) return refusal
  if (kind === 'switchTab') leaveForTab(target.path)
  if (kind === 'redirectTo') close(stack.pop())
  if (kind === 'reLaunch') closeAll()
  if (kind === 'navigateTo') hide(stack.at(-1))
  const resting = kind === 'switchTab' ? restingTabs.get(target.path) : undefined
  if (resting) stack = [resting]
  else open(target)
  show()
  return ''
}

export function goBack(delta: number): string {
  if (stack.length < 2) return 'cannot navigate back at first page.'
  for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) close(stack.pop())
  show()
  return ''
}

function readUrl(url: string): Target {
  const [path = '', query = ''] = url.split('?')
  const current = stack.at(-1)?.path ?? ''
  const whole = path.startsWith('/') ? path.slice(1) : new URL(path, `http://page/${current}`).pathname.slice(1)
  // A page gets its query undecoded: decodeURIComponent is the page's own work in WeChat.
  return { path: whole, query: Object.fromEntries(query.split('&').filter(Boolean).map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')])) }
}

function open({ path, query }: Target): void {
  fetchPackage(packageOf(path))
  define(path)
  for (const root of app.preloadRule?.[path]?.packages ?? []) fetchPackage(root)
  const webview = nextWebview()
  const root = backend.createRoot('wx-page', space, path)
  const instance = root.get() as unknown as Instance
  Object.assign(instance, { route: path, __route__: path, __wxWebviewId__: webview, options: query })
  const box = document.createElement('div')
  const place = document.createElement('span')
  box.className = 'phone-page'
  box.dataset['page'] = path
  box.append(place)
  stage.append(box)
  stack.push({ path, box, root, instance })
  if (tabPaths.includes(path)) restingTabs.set(path, stack[0] as Page)
  style.textContent = stylesOf(path)
  root.attach(box as never, place as never)
  live(instance, 'onLoad', query)
  box.addEventListener('scroll', watchScroll(box, instance))
  queueMicrotask(() => {
    root.getComponent().triggerLifetime('ready', [])
    live(instance, 'onReady')
  })
}

function watchScroll(box: HTMLElement, instance: Instance): () => void {
  let isAtEnd = false
  return () => {
    live(instance, 'onPageScroll', { scrollTop: box.scrollTop })
    const reaches = box.scrollHeight - box.scrollTop - box.clientHeight <= REACH_PX
    if (reaches && !isAtEnd) live(instance, 'onReachBottom')
    isAtEnd = reaches
  }
}

/** The top of the stack comes to the front: its styles are the only ones. */
function show(): void {
  const page = stack.at(-1)
  if (!page) return
  for (const box of stage.children) (box as HTMLElement).hidden = box !== page.box
  style.textContent = stylesOf(page.path)
  drawBars(page.path, tabPaths.includes(page.path), stack.length > 1)
  page.root.getComponent().triggerPageLifetime('show', [])
  live(page.instance, 'onShow')
}

function hide(page: Page | undefined): void {
  if (!page) return
  page.root.getComponent().triggerPageLifetime('hide', [])
  live(page.instance, 'onHide')
  for (const video of page.box.querySelectorAll('video')) video.pause()
}

function close(page: Page | undefined): void {
  if (!page) return
  live(page.instance, 'onUnload')
  page.root.release()
  page.box.remove()
  restingTabs.delete(page.path)
}

function leaveForTab(path: string): void {
  const [bottom, ...above] = stack
  for (const page of above.reverse()) close(page)
  if (bottom && tabPaths.includes(bottom.path)) {
    if (bottom.path !== path && above.length === 0) hide(bottom)
  } else close(bottom)
  stack = []
}

function closeAll(): void {
  for (const page of new Set([...stack.reverse(), ...restingTabs.values()])) close(page)
  stack = []
}

function live(instance: Instance, moment: string, given?: object): void {
  const act = instance[moment]
  if (typeof act !== 'function') return
  try {
    ;(act as (given?: object) => void).call(instance, given)
  } catch (error) {
    fault(error)
  }
}

/** What the page at the top puts on the card, when its menu is asked to share. */
export function share(): unknown {
  const act = stack.at(-1)?.instance['onShareAppMessage']
  return typeof act === 'function' ? (act as (asked: object) => unknown).call(stack.at(-1)?.instance, { from: 'menu' }) : null
}

/** Pulling the page at the top down, where it wants that. */
export function pullDown(): void {
  const page = stack.at(-1)
  if (page) live(page.instance, 'onPullDownRefresh')
}
