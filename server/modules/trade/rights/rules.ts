// What of an order's price went into an upgrade.
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, type Cents } from '#contracts/words/money.ts'

type Upgrade = { gives: { plan?: { ends: Id<'ent'>[]; credits?: Cents[] } }; lines: { step: string; amount: Cents }[] }

/** What an upgrade took of a right. An old order does not say how much of which: all of it, then, of each. */
export function creditIn({ gives: { plan }, lines }: Upgrade, right: Id<'ent'>): Cents {
  const at = plan?.ends.indexOf(right) ?? -1
  if (at === -1) return ZERO
  return plan?.credits?.[at] ?? minus(ZERO, lines.find((line) => line.step === 'upgrade_credit')?.amount ?? ZERO)
}
