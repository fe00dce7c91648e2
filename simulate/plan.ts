// What a seed stands for: who does what in which round, what goes wrong, when the server dies, and how the hour leaps. Pure.
import { openChance, type Chance } from './chance.ts'
import { billFaults, faults, roads, type BillFault, type Fault, type Road } from './faults.ts'

const drawn = ['buy', 'pay', 'check', 'close', 'race', 'redeem', 'claim', 'withdraw', 'decide', 'refund', 'payout', 'confirm', 'cancel', 'learn', 'grant', 'revoke', 'replay', 'ask', 'upgrade', 'order', 'ship', 'receive', 'complain', 'answer', 'fill', 'console', 'apple', 'unwind'] as const
/** The last of them is drawn by nobody: it brings a fault about. */
export const acts = [...drawn, 'abandon'] as const
export type What = (typeof acts)[number]

/** `dice` decides what the state of the world leaves open: which order, how much, how often pressed. */
export type Act = { who: number; what: What; road: Road; dice: number[] }
/** `isTogether`: all act at the same moment; otherwise one after the other. */
export type Round = { acts: Act[]; isTogether: boolean; fault: Fault | undefined; killAfterMs: number | undefined; lagSeconds: number; leapSeconds: number }
export type Plan = { seed: number; people: number; rounds: Round[]; bills: BillFault | undefined }

const often: readonly What[] = [...drawn, 'buy', 'buy', 'buy', 'buy', 'refund', 'refund', 'claim', 'decide', 'redeem', 'confirm', 'payout', 'race', 'order', 'ship', 'complain', 'fill']
const leaps = [0, 5, 40, 70, 400, 2000, 8000, 90_000] as const
const ROUNDS = 4

/** `killPercent`: in how many of a hundred rounds the server is killed. */
export function planOf(seed: number, killPercent: number): Plan {
  const chance = openChance(seed)
  const people = 2 + chance.under(2)
  const rounds = Array.from({ length: ROUNDS }, (_, at) => roundOf(chance, people, at === 0, killPercent))
  return { seed, people, rounds, bills: chance.percent(30) ? chance.pick(billFaults) : undefined }
}

function roundOf(chance: Chance, people: number, isFirst: boolean, killPercent: number): Round {
  const fault = chance.percent(75) ? chance.pick(faults) : undefined
  const drawn = Array.from({ length: 2 + chance.under(3) }, () => actOf(chance, people, isFirst ? 'buy' : chance.pick(often)))
  const isKilled = chance.percent(killPercent)
  const killAfterMs = chance.under(450)
  const isTogether = !isFirst && chance.percent(40)
  return {
    acts: fault ? [...meeting(fault, chance, people), ...drawn.slice(1)] : drawn,
    isTogether,
    fault,
    killAfterMs: isKilled ? killAfterMs : undefined,
    lagSeconds: chance.percent(4) ? chance.pick([-360, 360]) : 0,
    leapSeconds: chance.pick(leaps),
  }
}

function actOf(chance: Chance, people: number, what: What, road?: Road, who = chance.under(people)): Act {
  return { who, what, road: road ?? chance.pick(roads), dice: Array.from({ length: 6 }, () => chance.next()) }
}

/** The acts of one person that bring the fault about: what is given back or closed was bought first. */
function meeting({ by, road }: Fault, chance: Chance, people: number): Act[] {
  const who = chance.under(people)
  const act = (what: What) => actOf(chance, people, what, road, who)
  if (road === 'coins') return [act('fill'), act(by === 'refund' ? 'refund' : 'buy')]
  if (by === 'buy') return [act('buy')]
  if (by === 'payout') return [act('payout')]
  if (by === 'tick') return [act('buy')]
  if (by === 'abandon') return [act('abandon')]
  if (by === 'ship') return [act('order'), act('ship')]
  if (by === 'complain') return [act('buy'), act('complain')]
  if (by === 'answer') return [act('buy'), act('complain'), act('answer')]
  return [act('buy'), act(by === 'close' ? 'race' : 'refund')]
}
