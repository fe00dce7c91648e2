// Carrying out what the server says a payment needs next, in the way of this place.
import type { PaymentAction } from '../../../contracts/payments.ts'
import { call, codeOf } from '../call'
import { isInWechat, isWide } from './platform'
// #ifdef H5
import { sayWechat } from '../phrases/wechat'
import { visitOfficial } from './official'
// #endif

/** A code to show, and the sentence that says what to do with it. */
export type Qr = Extract<PaymentAction, { kind: 'qr' }> & { how: string }

/** Begins an attempt. Replies the code to show, or null when the result page is next (or the browser has left). `named` is what WeChat's own browser came back to the result page with; `coins` are spent instead of money. */
export async function beginPayment(order: string, named?: string, coins = false): Promise<Qr | null> {
  // #ifdef H5
  if (isInWechat() && !named) await visitOfficial(`/pkg-order/result?order=${order}`, 'pay')
  // #endif
  const action = await begun(order, named, coins)
  // #ifdef H5
  if (action.kind === 'qr') return { ...action, how: sayWechat.value.scan }
  if (action.kind === 'jsapi') await payByBridge(action)
  if (action.kind === 'redirect') {
    location.href = action.url
    return new Promise<never>(() => undefined)
  }
  // #endif
  // #ifdef MP-WEIXIN
  if (action.kind === 'wechat_virtual') await payVirtually(action)
  if (action.kind === 'jsapi') await payOrdinarily(action)
  // #endif
  // #ifdef MP-ALIPAY
  if (action.kind === 'alipay') await payTrade(action.tradeNo)
  // #endif
  // #ifdef MP-TOUTIAO
  if (action.kind === 'douyin') await payOrder(action)
  // #endif
  return null
}

async function begun(order: string, named: string | undefined, coins: boolean): Promise<PaymentAction> {
  const ask = async () => call('POST /orders/:order/payments', { params: { order: order as never }, body: { wide: isWide(), ...(named ? { payerCode: named } : await payer()), ...(coins ? { coins } : {}) } })
  try {
    return (await ask()).action
  } catch (error) {
    if (codeOf(error) !== 'payment.session_stale') throw error
    await renewSession()
    return (await ask()).action
  }
}

/** Where the trade is made for one payer, a fresh code names them. */
async function payer(): Promise<{ payerCode?: string }> {
  // #ifdef MP-ALIPAY
  return { payerCode: await platformCode() }
  // #endif
  // #ifndef MP-ALIPAY
  return {}
  // #endif
}

/** What signs for the learner at the platform, made anew. */
export async function renewSession(): Promise<void> {
  // #ifdef MP-WEIXIN
  await call('PUT /me/session-key/wechat', { body: { code: await platformCode() } })
  // #endif
}

/** A fresh code of the platform's own sign-in; empty where there is none we use. */
export function platformCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({ success: ({ code }) => resolve(code), fail: reject })
  })
}

// #ifdef H5
type Jsapi = Extract<PaymentAction, { kind: 'jsapi' }>
type Bridge = { invoke: (name: 'getBrandWCPayRequest', asked: Omit<Jsapi, 'kind'>, done: () => void) => void }

/** The outcome told here is never believed: the result page asks the server either way. The bridge may come a moment after the page. */
function payByBridge({ kind: _kind, ...asked }: Jsapi): Promise<void> {
  return new Promise((resolve) => {
    const pay = () => (window as unknown as { WeixinJSBridge: Bridge }).WeixinJSBridge.invoke('getBrandWCPayRequest', asked, resolve)
    if ('WeixinJSBridge' in window) pay()
    else document.addEventListener('WeixinJSBridgeReady', pay, { once: true })
  })
}
// #endif

// #ifdef MP-WEIXIN
type Virtual = Extract<PaymentAction, { kind: 'wechat_virtual' }>
type Ordinary = Extract<PaymentAction, { kind: 'jsapi' }>
declare const wx: { requestVirtualPayment: (asked: Omit<Virtual, 'kind'> & { success: () => void; fail: () => void }) => void }

/** What is sent is paid by the ordinary sheet; its outcome is believed no more than the other's. */
function payOrdinarily({ timeStamp, nonceStr, package: packed, signType, paySign }: Ordinary): Promise<void> {
  return new Promise((resolve) => {
    uni.requestPayment({ provider: 'wxpay', orderInfo: '', timeStamp, nonceStr, package: packed, signType, paySign, complete: () => resolve() })
  })
}

/** The outcome told here is never believed: the result page asks the server either way. */
function payVirtually({ mode, signData, paySig, signature }: Virtual): Promise<void> {
  return new Promise((resolve) => {
    wx.requestVirtualPayment({ mode, signData, paySig, signature, success: () => resolve(), fail: () => resolve() })
  })
}
// #endif

// #ifdef MP-ALIPAY
declare const my: { tradePay: (asked: { tradeNO: string; complete: () => void }) => void }

/** The outcome told here is never believed: the result page asks the server either way. */
function payTrade(tradeNo: string): Promise<void> {
  return new Promise((resolve) => {
    my.tradePay({ tradeNO: tradeNo, complete: () => resolve() })
  })
}
// #endif

// #ifdef MP-TOUTIAO
type Signed = Extract<PaymentAction, { kind: 'douyin' }>
declare const tt: {
  requestOrder: (asked: { data: string; byteAuthorization: string; success: (told: { orderId: string }) => void; fail: () => void }) => void
  getOrderPayment: (asked: { orderId: string; complete: () => void }) => void
}

/** Opens the order by the text that was signed, then pays it; the outcome told here is never believed. */
function payOrder({ data, byteAuthorization }: Signed): Promise<void> {
  return new Promise((resolve) => {
    tt.requestOrder({ data, byteAuthorization, success: ({ orderId }) => tt.getOrderPayment({ orderId, complete: () => resolve() }), fail: () => resolve() })
  })
}
// #endif
