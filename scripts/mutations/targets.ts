// The code that decides whom and what to believe, and the tests that answer for it.

/** `alike`: a mutant that means the same as what it replaces, so that no test could tell; each with its reason. */
export type Target = { path: string; tests: string[]; alike?: { was: string; text: 'true' | 'false'; why: string }[] }

const gateways = 'server/gateways'

/** The next step sees the same: what is not there cannot be read, and is refused in the same words. */
const nextStepToo = 'what is missing here is refused by the next step in the same words'

export const targets: readonly Target[] = [
  { path: `${gateways}/wechatpay/verify.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`] },
  { path: `${gateways}/wechatpay/judge.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`] },
  { path: `${gateways}/wechatpay/notice.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`] },
  {
    path: `${gateways}/wechatpay/cipher.ts`, tests: [`${gateways}/wechatpay/notice.test.ts`, `${gateways}/wechatpay/cipher.test.ts`],
    alike: [
      { was: 'bytes.length < TAG_BYTES', text: 'false', why: 'a tag that is too short is refused by the cipher itself' },
      { was: 'bytes === undefined', text: 'false', why: nextStepToo },
    ],
  },
  { path: `${gateways}/wechat/judge.ts`, tests: [`${gateways}/wechat/push.test.ts`] },
  { path: `${gateways}/wechat/digest.ts`, tests: [`${gateways}/wechat/push.test.ts`] },
  {
    path: `${gateways}/wechat/push.ts`, tests: [`${gateways}/wechat/push.test.ts`],
    alike: [{ was: 'read === undefined', text: 'false', why: nextStepToo }, { was: 'content === undefined', text: 'false', why: nextStepToo }],
  },
  {
    path: `${gateways}/wechat/envelope.ts`, tests: [`${gateways}/wechat/push.test.ts`],
    alike: [
      { was: 'padding >= 1', text: 'true', why: 'without padding the whole text would be taken away, and what is left is too short' },
      { was: 'padding <= padded.length', text: 'true', why: 'a text shorter than its padding is too short in any case' },
    ],
  },
  { path: `${gateways}/alipay/notice.ts`, tests: [`${gateways}/alipay/notice.test.ts`] },
  { path: `${gateways}/alipay/judge.ts`, tests: [`${gateways}/alipay/judge.test.ts`] },
  {
    path: `${gateways}/alipay/sign.ts`, tests: [`${gateways}/alipay/notice.test.ts`],
    alike: [
      { was: 'depth < 0', text: 'false', why: 'a brace that closes nothing ends the text: no value either way' },
      { was: '/^[,\\s]/.test(token)', text: 'false', why: 'the name before has taken the blanks, and a comma was handled above' },
    ],
  },
  { path: `${gateways}/douyin/callback.ts`, tests: [`${gateways}/douyin/callback.test.ts`], alike: [{ was: 'plain === undefined', text: 'false', why: nextStepToo }] },
  { path: `${gateways}/douyin/sign.ts`, tests: [`${gateways}/douyin/callback.test.ts`] },
  { path: `${gateways}/douyin/judge.ts`, tests: [`${gateways}/douyin/callback.test.ts`] },
]
