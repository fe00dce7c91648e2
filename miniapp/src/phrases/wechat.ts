// Sentences that name WeChat: only where they are true, for the reviews of the other platforms forbid another company's name.
import { computed } from 'vue'
import { spoken, type Language } from './say'

const zh = { scan: '请用微信扫码支付', signIn: '微信一键登录', bindPhone: '绑定微信手机号', confirmThere: '请在微信小程序的「我的 · 提现」里确认收款' }
const en: typeof zh = { scan: 'Scan with WeChat to pay', signIn: 'Sign in with WeChat', bindPhone: 'Bind the phone number of WeChat', confirmThere: 'Confirm in the WeChat mini program, under Me · Withdraw' }
const sentences: Record<Language, typeof zh> = { zh, en }

export const sayWechat = computed(() => sentences[spoken.value])
