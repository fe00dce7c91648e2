// The token that a vendor gives an app: one for all calls of this process, fetched when there is none, renewed before it ends.
import { done, type Answer } from './wire.ts'

export type Token = { get(): Promise<Answer<string>>; forget(value: string): void }

/** Single flight: a burst of calls without a token asks for it once, for with some vendors a new one ends the old. Renewed five minutes before it ends; `seconds` is its life. */
export function keepToken(fetchToken: () => Promise<Answer<{ value: string; seconds: number }>>, now: () => Date): Token {
  let kept: { value: string; renewAtMs: number } | undefined
  let flight: Promise<Answer<string>> | undefined
  const renew = async (): Promise<Answer<string>> => {
    const answer = await fetchToken()
    if (answer.outcome !== 'done') return answer
    const { value, seconds } = answer.value
    kept = { value, renewAtMs: now().getTime() + Math.max(seconds - 300, seconds / 2) * 1000 }
    return done(value)
  }
  return {
    get() {
      if (kept !== undefined && kept.renewAtMs > now().getTime()) return Promise.resolve(done(kept.value))
      flight ??= renew().finally(() => {
        flight = undefined
      })
      return flight
    },
    forget(value) {
      if (kept?.value === value) kept = undefined
    },
  }
}
