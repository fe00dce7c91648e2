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
declare const wx: { requestMerchantTransfer: (asked: Omit<Asked, 'page'> & { complete: () => void }) => void }
// #endif

/** Opens the page of confirmation; replies a sentence where there is none. The outcome told here is never believed: the page asks the server either way. */
export function receive(asked: Asked): Promise<string> {
  // #ifdef MP-WEIXIN
  const { mchId, appId, package: packed } = asked
  return new Promise((resolve) => wx.requestMerchantTransfer({ mchId, appId, package: packed, complete: () => resolve('') }))
  // #endif
  // #ifdef H5
  return visitSandbox(asked)
  // #endif
  // #ifndef MP-WEIXIN || H5
  return Promise.resolve(say.payouts.elsewhere)
  // #endif
}

// #ifdef H5
/** WeChat confirms what is paid to an account of the mini program only there; a sandbox has a page for it. */
function visitSandbox({ page }: Asked): Promise<string> {
  if (page === null) return Promise.resolve(sayWechat.value.confirmThere)
  location.href = page
  return new Promise<never>(() => undefined)
}
// #endif
