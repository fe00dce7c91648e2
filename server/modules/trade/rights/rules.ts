// What of an order's price went into an upgrade.
import type { Id } from '#contracts/words/id.ts'
import { ZERO, cents, minus, type Cents } from '#contracts/words/money.ts'

type Upgrade = { gives: { plan?: { ends: Id<'ent'>[]; credits?: Cents[] } }; lines: { step: string; amount: Cents }[] }

/** What an upgrade took of a right. An old order does not say how much of which: all of it, then, of each. */
export function creditIn({ gives: { plan }, lines }: Upgrade, right: Id<'ent'>): Cents {
  const at = plan?.ends.indexOf(right) ?? -1
  if (at === -1) return ZERO
  return plan?.credits?.[at] ?? minus(ZERO, lines.find((line) => line.step === 'upgrade_credit')?.amount ?? ZERO)
}

/** So much of a whole; the part of a fen is left out. */
export function partOf(worth: Cents, some: number, whole: number): Cents {
  return whole === 0 ? ZERO : cents(Math.floor((worth * some) / whole))
}
