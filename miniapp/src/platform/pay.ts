// Carrying out what the server says a payment needs next, in the way of this place.
import type { PaymentAction } from '../../../contracts/payments.ts'
import { call, codeOf } from '../call'
import { isWide } from './platform'
// #ifdef H5
import { sayWechat } from '../phrases/wechat'
// #endif

/** A code to show, and the sentence that says what to do with it. */
export type Qr = Extract<PaymentAction, { kind: 'qr' }> & { how: string }

/** Begins an attempt. Replies the code to show, or null when the result page is next (or the browser has left). */
export async function beginPayment(order: string): Promise<Qr | null> {
  const action = await begun(order)
  // #ifdef H5
  if (action.kind === 'qr') return { ...action, how: sayWechat.value.scan }
  if (action.kind === 'redirect') {
    location.href = action.url
    return new Promise<never>(() => undefined)
  }
  // #endif
  // #ifdef MP-WEIXIN
  if (action.kind === 'wechat_virtual') await payVirtually(action)
  // #endif
  return null
}

async function begun(order: string): Promise<PaymentAction> {
  const ask = () => call('POST /orders/:order/payments', { params: { order: order as never }, body: { wide: isWide() } })
  try {
    return (await ask()).action
  } catch (error) {
    if (codeOf(error) !== 'payment.session_stale') throw error
    await renewSession()
    return (await ask()).action
  }
}

async function renewSession(): Promise<void> {
  // #ifdef MP-WEIXIN
  await call('PUT /me/session-key/wechat', { body: { code: await wechatCode() } })
  // #endif
}

/** A fresh code of the platform's own sign-in; empty where there is none we use. */
export function wechatCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({ success: ({ code }) => resolve(code), fail: reject })
  })
}

// #ifdef MP-WEIXIN
type Virtual = Extract<PaymentAction, { kind: 'wechat_virtual' }>
declare const wx: { requestVirtualPayment: (asked: Omit<Virtual, 'kind'> & { success: () => void; fail: () => void }) => void }

/** The outcome told here is never believed: the result page asks the server either way. */
function payVirtually({ mode, signData, paySig, signature }: Virtual): Promise<void> {
  return new Promise((resolve) => {
    wx.requestVirtualPayment({ mode, signData, paySig, signature, success: () => resolve(), fail: () => resolve() })
  })
}
// #endif
