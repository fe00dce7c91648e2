// Starts the phone: the app first, then its first page.
import { drawPhone } from './bars.ts'
import { defineParts } from './parts/all.ts'
import { app, fault, pagePaths, phone } from './given.ts'
import { fetchPackage, load, surround } from './modules.ts'
import { go, goBack, pageInstances, pullDown, share } from './pages.ts'
import { cutLine } from './request.ts'
import { listenToFingers } from './taps.ts'
import { wx } from './wx.ts'

let started: Record<string, unknown> | null = null

function startApp(definition: Record<string, unknown>): void {
  started = definition
  const launch = { path: app.pages[0], query: {}, scene: 1001, referrerInfo: {} }
  for (const moment of ['onLaunch', 'onShow']) {
    const act = definition[moment]
    if (typeof act === 'function') (act as (given: object) => void).call(definition, launch)
  }
}

const tell = (refusal: string) => refusal && fault(refusal)

/** An old card or code may name a page that is gone: WeChat then asks the app. */
function launch(url: string): void {
  const path = url.slice(1).split('?')[0] ?? ''
  const act = started?.['onPageNotFound']
  if (pagePaths.includes(path) || typeof act !== 'function') tell(go('reLaunch', url))
  else (act as (given: object) => void).call(started, { path, query: {}, isEntryPage: true })
}

surround({ wx, App: startApp, getApp: () => started, getCurrentPages: pageInstances })
drawPhone(() => tell(goBack(1)), (path) => tell(go('switchTab', `/${path}`)))
listenToFingers()
defineParts()
fetchPackage('')
try {
  load('app', '')
  launch(phone.launch || `/${app.pages[0]}`)
} catch (error) {
  fault(error)
}
Object.assign(globalThis, { __hands: { pullDown, cutLine, share, open: (url: string) => tell(go('reLaunch', url)), back: () => tell(goBack(1)) } })
