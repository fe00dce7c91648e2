// What the rest of the product sees of the text-message provider.
import type { Answer } from '../wire.ts'

export type SmsConfig = { baseUrl: string; secretId: string; secretKey: string; appId: string; sign: string; template: string; region?: string; timeoutMs?: number }

export type Sms = {
  isReady: boolean
  /** Fills the configured template, in its order; `phone` is eleven digits of the mainland or +country form. */
  send(phone: string, params: string[]): Promise<Answer<{ serial: string }>>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    sms: Sms
  }
}
