// The code that decides whom and what to believe, and the tests that answer for it.

/** `alike`: a mutant that means the same as what it replaces, so that no test could tell; each with its reason. */
export type Target = { path: string; tests: string[]; alike?: { was: string; text: 'true' | 'false'; why: string }[] }

const gateways = 'server/gateways'

export const targets: readonly Target[] = [
  ...['verify', 'judge', 'notice'].map((name) => ({ path: `${gateways}/wechatpay/${name}.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`] })),
  { path: `${gateways}/wechatpay/cipher.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`, `${gateways}/wechatpay/cipher.test.ts`] },
  ...['push', 'judge', 'digest', 'envelope'].map((name) => ({ path: `${gateways}/wechat/${name}.ts`, tests: [`${gateways}/wechat/push.test.ts`] })),
  ...['notice', 'sign'].map((name) => ({ path: `${gateways}/alipay/${name}.ts`, tests: [`${gateways}/alipay/notice.test.ts`] })),
  { path: `${gateways}/alipay/judge.ts`, tests: [`${gateways}/alipay/judge.test.ts`] },
  ...['callback', 'sign', 'judge'].map((name) => ({ path: `${gateways}/douyin/${name}.ts`, tests: [`${gateways}/douyin/callback.test.ts`] })),
]
