// What the rest of the product sees of the text-message provider.
import type { Answer } from '../wire.ts'

/** The texts that are sent, each an approved template: `code` with the code and its minutes, `planEnds` with the plan's title and its last day. */
export type SmsText = 'code' | 'planEnds'

export type SmsConfig = { baseUrl: string; secretId: string; secretKey: string; appId: string; sign: string; templates: Record<SmsText, string>; region?: string; timeoutMs?: number }

export type Sms = {
  /** Whether keys and the text's template are configured. */
  isReady(text: SmsText): boolean
  /** Fills the text's template, in its order; `phone` is eleven digits of the mainland or +country form. */
  send(text: SmsText, phone: string, params: string[]): Promise<Answer<{ serial: string }>>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    sms: Sms
  }
}
