// Sign-in of WeChat's official account inside WeChat's own browser: where the browser is sent, and whom the code that it brings back names.
import { filledText } from '../fields.ts'
import { done, notConfigured, unknown, type Answer } from '../wire.ts'
import { requestOpen } from './platform.ts'

export type OfficialConfig = { baseUrl: string; authorizeUrl: string; appid: string; secret: string; timeoutMs?: number }

export type Official = {
  isReady: boolean
  appid: string
  /** The page that names the person without asking them (snsapi_base) and sends them back to `back` with `code` and `state`. */
  addressOf(back: string, state: string): string
  /** A code is good once, for five minutes. */
  exchangeCode(code: string): Promise<Answer<{ openid: string }>>
}

export function openOfficial(config: OfficialConfig): Official {
  const { appid, secret } = config
  const isReady = appid !== '' && secret !== ''
  return {
    isReady,
    appid,
    addressOf: (back, state) => `${config.authorizeUrl.replace(/\/$/, '')}/connect/oauth2/authorize?${new URLSearchParams({ appid, redirect_uri: back, response_type: 'code', scope: 'snsapi_base', state })}#wechat_redirect`,
    async exchangeCode(code) {
      if (!isReady) return notConfigured("WeChat's official account")
      const answer = await requestOpen(config, `/sns/oauth2/access_token?${new URLSearchParams({ appid, secret, code, grant_type: 'authorization_code' })}`)
      if (answer.outcome !== 'done') return answer
      const openid = filledText(answer.value, 'openid')
      return openid === undefined ? unknown('answer lacks an openid') : done({ openid })
    },
  }
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    official: Official
  }
}
