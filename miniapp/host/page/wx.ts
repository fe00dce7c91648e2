// The functions of wx. One that stands not here does not exist on this phone either, and using it is an error.
import { answering, orThrow, type Options } from './answers.ts'
import { ask, drawColors, drawTab, drawTabs, drawTitle, drawToast } from './bars.ts'
import { app, askWeChat, phone } from './given.ts'
import { go, goBack, topComponent } from './pages.ts'
import { videoContext } from './parts/video.ts'
import { request } from './request.ts'
import { read, storage } from './storage.ts'

type Texts = Options & Record<'title' | 'content' | 'confirmText' | 'cancelText' | 'data' | 'frontColor' | 'backgroundColor' | 'key' | 'url', string>
type Selecting = { createSelectorQuery(): object; createIntersectionObserver(options?: object): object; selectComponent(selector: string): object | null }

const nothing = () => undefined
/** WeChat speaks of the system's dress only to an app that says it has a dark one. */
const darkness = matchMedia('(prefers-color-scheme: dark)')
const dress = () => (app.darkmode ? { theme: darkness.matches ? 'dark' : 'light' } : {})
const link = (kind: Parameters<typeof go>[0]) => answering<Texts>(kind, ({ url }) => orThrow(go(kind, url)))
const base = () => ({ SDKVersion: '3.8.0', version: '8.0.55', language: 'zh_CN', host: { appId: '', env: 'WeChat' }, enableDebug: false, fontSizeSetting: 16, ...dress() })
const device = () => ({ brand: 'sandbox', model: 'sandbox', platform: phone.platform, system: phone.system, abi: '', benchmarkLevel: 30, memorySize: 4096 })
const screen = () => ({ pixelRatio: devicePixelRatio, screenWidth: innerWidth, screenHeight: innerHeight, windowWidth: innerWidth, windowHeight: innerHeight - 48, statusBarHeight: 20, safeArea: { left: 0, top: 20, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight - 20 }, screenTop: 48 })
const launched = () => ({ path: app.pages[0], query: {}, scene: 1001, referrerInfo: {}, shareTicket: '' })

export const wx: Record<string, unknown> = {
  ...storage,
  getStorage: answering<Texts>('getStorage', ({ key }) => (read(key) === undefined ? Promise.reject(new Error('data not found')) : { data: read(key) })),
  setStorage: answering<Texts>('setStorage', ({ key, data }) => storage.setStorageSync(key, data)),
  removeStorage: answering<Texts>('removeStorage', ({ key }) => storage.removeStorageSync(key)),

  getSystemInfoSync: () => ({ ...base(), ...device(), ...screen() }),
  getSystemInfo: answering('getSystemInfo', () => ({ ...base(), ...device(), ...screen() })),
  getAppBaseInfo: base,
  getDeviceInfo: device,
  getWindowInfo: screen,
  getSystemSetting: () => ({ bluetoothEnabled: false, locationEnabled: false, wifiEnabled: true, deviceOrientation: 'portrait' }),
  getAppAuthorizeSetting: () => ({}),
  getAccountInfoSync: () => ({ miniProgram: { appId: phone.appid, envVersion: 'release', version: '1.0.0' } }),
  getLaunchOptionsSync: launched,
  getEnterOptionsSync: launched,
  getMenuButtonBoundingClientRect: () => ({ top: 8, height: 32, width: 87, left: innerWidth - 97, right: innerWidth - 10, bottom: 40 }),
  canIUse: (name: string) => name.split('.')[0] !== undefined && (name.split('.')[0] ?? '') in wx,
  getUpdateManager: () => ({ onCheckForUpdate: nothing, onUpdateReady: nothing, onUpdateFailed: nothing, applyUpdate: nothing }),
  nextTick: (next: () => void) => queueMicrotask(next),
  onAppShow: nothing, offAppShow: nothing, onAppHide: nothing, offAppHide: nothing, onError: nothing, offError: nothing,
  onThemeChange: (hear: (now: object) => void) => darkness.addEventListener('change', () => hear(dress())), offThemeChange: nothing, onNetworkStatusChange: nothing, offNetworkStatusChange: nothing, onWindowResize: nothing, offWindowResize: nothing,
  getNetworkType: answering('getNetworkType', () => ({ networkType: 'wifi' })),

  request: answering<Options & { url: string }>('request', request),
  login: answering('login', async () => {
    const { code } = await askWeChat('login', {})
    return { code }
  }),
  requestPayment: answering<Options & Record<'timeStamp' | 'nonceStr' | 'package' | 'signType' | 'paySign', string>>('requestPayment', payOrdinarily),
  requestVirtualPayment: answering<Options & { signData: string }>('requestVirtualPayment', payVirtually),
  requestMerchantTransfer: answering<Options & Record<'mchId' | 'appId' | 'package', string>>('requestMerchantTransfer', receive),

  navigateTo: link('navigateTo'),
  redirectTo: link('redirectTo'),
  switchTab: link('switchTab'),
  reLaunch: link('reLaunch'),
  navigateBack: answering<Options & { delta?: number }>('navigateBack', ({ delta = 1 }) => orThrow(goBack(delta))),

  showToast: answering<Texts>('showToast', ({ title }) => drawToast(title)),
  hideToast: answering('hideToast', nothing),
  showLoading: answering<Texts>('showLoading', ({ title }) => drawToast(title)),
  hideLoading: answering('hideLoading', nothing),
  showModal: answering<Texts & { showCancel?: boolean }>('showModal', async ({ title = '', content = '', confirmText = '确定', cancelText = '取消', showCancel = true }) => {
    const place = await ask('phone-modal', [title, content], showCancel ? [cancelText, confirmText] : [confirmText])
    const confirm = place === (showCancel ? 1 : 0)
    return { confirm, cancel: !confirm }
  }),
  showActionSheet: answering<Options & { itemList: string[] }>('showActionSheet', async ({ itemList }) => {
    const tapIndex = await ask('phone-sheet', [], [...itemList, '取消'])
    if (tapIndex === itemList.length) throw new Error('cancel')
    return { tapIndex }
  }),
  setNavigationBarTitle: answering<Texts>('setNavigationBarTitle', ({ title }) => drawTitle(title)),
  setTabBarStyle: answering<Options & Record<'color' | 'selectedColor' | 'backgroundColor', string>>('setTabBarStyle', drawTabs),
  setTabBarItem: answering<Options & { index: number; text?: string }>('setTabBarItem', ({ index, text = '' }) => drawTab(index, text)),
  setNavigationBarColor: answering<Texts>('setNavigationBarColor', ({ frontColor, backgroundColor }) => drawColors(frontColor, backgroundColor)),
  stopPullDownRefresh: answering('stopPullDownRefresh', nothing),
  setClipboardData: answering<Texts>('setClipboardData', async ({ data }) => {
    sessionStorage.setItem('clipboard', data)
    drawToast('内容已复制')
  }),
  pageScrollTo: answering<Options & { scrollTop?: number }>('pageScrollTo', ({ scrollTop = 0 }) => document.querySelector('.phone-page:not([hidden])')?.scrollTo({ top: scrollTop })),

  createSelectorQuery: () => (topComponent() as Selecting).createSelectorQuery(),
  createIntersectionObserver: (component: Selecting, options?: object) => component.createIntersectionObserver(options),
  createVideoContext: (id: string, component?: Selecting) => videoContext(id, () => (component ?? (topComponent() as Selecting)).selectComponent(`#${id}`)),
}

/** The ordinary sheet: what it costs is known to WeChat alone. */
async function payOrdinarily({ timeStamp, nonceStr, package: packed, signType, paySign }: Record<'timeStamp' | 'nonceStr' | 'package' | 'signType' | 'paySign', string>): Promise<object> {
  const place = await ask('phone-pay', ['微信支付'], ['支付', '取消'])
  const { errMsg, errCode } = await askWeChat('pay', { timeStamp, nonceStr, package: packed, signType, paySign, do: place === 0 ? 'pay' : 'cancel' })
  if (errCode !== 0) throw Object.assign({}, { errCode, message: String(errMsg).replace(/^requestPayment:fail /, '') })
  return {}
}

/** The phone shows the sheet before it asks its bank; what is signed decides what it says. */
async function payVirtually(asked: Options & { signData: string; mode?: unknown; paySig?: unknown; signature?: unknown }): Promise<object> {
  const { goodsPrice, buyQuantity = 1 } = JSON.parse(asked.signData) as { goodsPrice?: number; buyQuantity?: number }
  const what = goodsPrice === undefined ? `代币 ${buyQuantity} 枚` : `¥${((goodsPrice * buyQuantity) / 100).toFixed(2)}`
  const place = await ask('phone-pay', ['微信虚拟支付', what], ['支付', '取消'])
  const { mode, signData, paySig, signature } = asked
  const { errMsg, errCode } = await askWeChat('xpay/pay', { mode, signData, paySig, signature, do: place === 0 ? 'pay' : 'cancel' })
  if (errCode !== 0) throw Object.assign({}, { errCode, message: String(errMsg).replace(/^requestVirtualPayment:fail /, '') })
  return { errCode: 0 }
}

/** The page on which a person takes a merchant's money, or leaves it for now. */
async function receive({ mchId, appId, package: packed }: Record<'mchId' | 'appId' | 'package', string>): Promise<object> {
  const place = await ask('phone-pay', ['商家向你转账'], ['收款', '暂不收款'])
  const { errMsg, errCode } = await askWeChat('transfer', { mchId, appId, package: packed, do: place === 0 ? 'confirm' : 'cancel' })
  if (errCode !== 0) throw Object.assign({}, { errCode, message: String(errMsg).replace(/^requestMerchantTransfer:fail /, '') })
  return { errCode: 0 }
}
