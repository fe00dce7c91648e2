// What each platform knows and allows, as far as our pages go: the vendors' documents, read in autumn 2026. An entry is added when a page needs it.
export type Target = 'mp-weixin' | 'mp-toutiao' | 'mp-alipay' | 'mp-baidu'
type Platform = { template: string; style: string; global: string; elements: Record<string, string[]>; apis: string[]; pageKeys: string[]; tabKeys: { list: string; icons: string[] }; forbidden: RegExp[] }

const media = ['play', 'pause', 'ended', 'timeupdate', 'error']
const elements: Platform['elements'] = {
  view: [],
  text: [],
  image: ['load', 'error'],
  'rich-text': [],
  input: ['input', 'focus', 'blur', 'confirm'],
  textarea: ['input', 'focus', 'blur', 'confirm'],
  button: [],
  'scroll-view': ['scroll', 'scrolltolower', 'scrolltoupper'],
  swiper: ['change'],
  'swiper-item': [],
  slider: ['change', 'changing'],
  video: media,
  block: [],
  slot: [],
}
/** Fingers are felt on every element. */
export const touches = ['tap', 'longpress', 'touchstart', 'touchmove', 'touchend']

/** By the framework's names; it gives each platform its own. */
const apis = [
  'navigateTo', 'redirectTo', 'switchTab', 'navigateBack', 'request', 'getSystemInfoSync', 'getStorageSync', 'setStorageSync', 'removeStorageSync',
  'showToast', 'showModal', 'setNavigationBarTitle', 'setNavigationBarColor', 'setTabBarItem', 'setTabBarStyle', 'stopPullDownRefresh', 'setClipboardData', 'createVideoContext', 'createSelectorQuery',
]

const shownKeys = ['usingComponents', 'navigationBarTitleText', 'navigationBarTextStyle', 'navigationBarBackgroundColor', 'backgroundColor', 'enablePullDownRefresh', 'onReachBottomDistance']
const iconKeys = { list: 'list', icons: ['iconPath', 'selectedIconPath'] }
/** A company's name as people write it; reviews send back what points to another one's app. */
const wechat = /微信|WeChat/
/** Sales talk that the advertising law forbids (art. 9) and every platform's review looks for. */
const superlatives = /国家级|最高级|全网最|史上最|销量第一|全国第一|绝对有效|包过|保过|稳赚/

export const platforms: Record<Target, Platform> = {
  'mp-weixin': {
    template: 'wxml', style: 'wxss', global: 'wx',
    elements: { ...elements, button: ['getphonenumber'], video: [...media, 'waiting', 'loadedmetadata', 'fullscreenchange'] },
    apis: [...apis, 'login', 'requestVirtualPayment', 'requestPayment', 'requestMerchantTransfer', 'onThemeChange'],
    pageKeys: [...shownKeys, 'component', 'componentPlaceholder'], tabKeys: iconKeys,
    forbidden: [superlatives, /支付宝|抖音|百度|Alipay|Douyin|TikTok/],
  },
  'mp-toutiao': {
    template: 'ttml', style: 'ttss', global: 'tt', elements, apis: [...apis, 'requestOrder', 'getOrderPayment'], pageKeys: [...shownKeys, 'component'], tabKeys: iconKeys,
    forbidden: [superlatives, wechat, /支付宝|百度|Alipay/],
  },
  'mp-alipay': {
    template: 'axml', style: 'acss', global: 'my', elements, apis: [...apis, 'login', 'tradePay'],
    pageKeys: ['usingComponents', 'component', 'defaultTitle', 'titleBarColor', 'navigationBarFrontColor', 'backgroundColor', 'pullRefresh', 'allowsBounceVertical', 'onReachBottomDistance'],
    tabKeys: { list: 'items', icons: ['icon', 'activeIcon'] },
    forbidden: [superlatives, wechat, /抖音|百度|Douyin|TikTok/],
  },
  'mp-baidu': {
    template: 'swan', style: 'css', global: 'swan', elements, apis, pageKeys: [...shownKeys, 'component'], tabKeys: iconKeys,
    forbidden: [superlatives, wechat, /支付宝|抖音|Alipay|Douyin|TikTok/],
  },
}

export const targets = Object.keys(platforms) as Target[]
