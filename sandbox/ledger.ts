// A ledger of every cent that moved between payer, coupon purse and merchant, so that a test can check that money is conserved.
import { randomUUID } from 'node:crypto'
import type { Entry } from './records.ts'
import { put } from './state.ts'
import { beijing } from './world.ts'
import type { World } from './world.ts'

export function writeEntry(world: World, mchid: string, subject: string, lines: Record<string, number>, atMs = Date.now()): void {
  if (Object.values(lines).every((cents) => cents === 0)) return
  const moved = Object.fromEntries(Object.entries(lines).filter(([, cents]) => cents !== 0))
  const entry: Entry = { id: randomUUID(), mchid, subject, at: beijing(atMs), lines: moved }
  put(world.state, 'entries', entry.id, entry)
}

/** Which rail an entry belongs to, by the first word of its subject; WeChat Pay's have many. */
const railOf: Record<string, string> = { xpay: 'wechat_virtual', alipay: 'alipay', douyin: 'douyin' }

/** Balances by account for each rail: what a merchant has at one of them is not at another. */
export function sumRails(world: World, mchid: string): Record<string, Record<string, number>> {
  const rails: Record<string, Record<string, number>> = {}
  for (const { mchid: owner, subject, lines } of world.state.tables.entries.values()) {
    if (owner !== mchid) continue
    const balances = (rails[railOf[subject.split(' ')[0] ?? ''] ?? 'wechat_pay'] ??= {})
    for (const [account, cents] of Object.entries(lines)) balances[account] = (balances[account] ?? 0) + cents
  }
  return rails
}

/** Balances by account; `balanced` is false if any entry does not add up to zero. */
export function sumLedger(world: World, mchid: string): { balances: Record<string, number>; entries: number; balanced: boolean } {
  const balances: Record<string, number> = {}
  let entries = 0
  let balanced = true
  for (const entry of world.state.tables.entries.values()) {
    if (entry.mchid !== mchid) continue
    entries += 1
    let sum = 0
    for (const [account, cents] of Object.entries(entry.lines)) {
      balances[account] = (balances[account] ?? 0) + cents
      sum += cents
    }
    if (sum !== 0) balanced = false
  }
  return { balances, entries, balanced }
}
