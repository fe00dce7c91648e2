// The one way to say no.
import { refusals, type RefusalCode } from '#contracts/words/refusals.ts'

export class Refusal extends Error {
  readonly code: RefusalCode
  readonly details: Record<string, unknown>
  constructor(code: RefusalCode, details: Record<string, unknown>) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** Ends the request with a documented refusal; details must be fit for the caller's eyes. */
export function refuse(code: RefusalCode, details: Record<string, unknown> = {}): never {
  throw new Refusal(code, details)
}

export function statusOf(code: RefusalCode): number {
  return refusals[code]
}
