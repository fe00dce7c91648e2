// Whether a refund that was not made here fits its order, and what it ends.
import type { Cents } from '#contracts/words/money.ts'

/** WeChat Pay alone says what a refund was whose number we never gave. */
export function saysForeign(rail: string): boolean {
  return rail === 'wechat_pay'
}

type Standing = { left: Cents; unreturned: Cents }

/** It fits when as much was still there. The last of it ends access, as one of ours would; `isSpent`: an upgrade lives on some of it. */
export function adoption({ left, unreturned }: Standing, attempt: { state: string }, amount: Cents): { amount: Cents; endsAccess: boolean; isSpent: boolean } | undefined {
  if (attempt.state !== 'paid' || amount <= 0 || amount > unreturned) return undefined
  return { amount, endsAccess: amount === unreturned, isSpent: amount > left }
}
