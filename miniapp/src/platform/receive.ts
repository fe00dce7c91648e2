// Confirming money that the academy pays to a person, in the way of this place.
import type { ReplyOf } from '../call'
import { say } from '../phrases/say'
import { isWeb, platformName } from './platform'
// #ifdef H5
import { sayWechat } from '../phrases/wechat'
// #endif

type Asked = NonNullable<ReplyOf<'GET /payouts'>['items'][number]['confirm']>

/** Money is paid to accounts of one platform only, so the others show no way to it. */
export function canBePaid(): boolean {
  return isWeb || platformName() === 'wechat'
}

// #ifdef MP-WEIXIN
declare const wx: { requestMerchantTransfer: (asked: Asked & { complete: () => void }) => void }
// #endif

/** Opens the page of confirmation; replies a sentence where there is none. The outcome told here is never believed: the page asks the server either way. */
export function receive(asked: Asked): Promise<string> {
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => wx.requestMerchantTransfer({ ...asked, complete: () => resolve('') }))
  // #endif
  // #ifdef H5
  return receiveByBridge(asked)
  // #endif
  // #ifndef MP-WEIXIN || H5
  return Promise.resolve(say.payouts.elsewhere)
  // #endif
}

// #ifdef H5
type Bridge = { invoke: (name: string, asked: Asked, done: () => void) => void }

/** Only WeChat's own browser has the bridge. */
function receiveByBridge(asked: Asked): Promise<string> {
  const bridge = (window as { WeixinJSBridge?: Bridge }).WeixinJSBridge
  if (!bridge) return Promise.resolve(sayWechat.value.confirmThere)
  return new Promise((resolve) => bridge.invoke('requestMerchantTransfer', asked, () => resolve('')))
}
// #endif
