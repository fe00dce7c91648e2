// `npm run simulate -- --from SEED --seeds N`: plays each seed against real processes and judges what is left; ends with `N passed, N failed`.
import { parseArgs } from 'node:util'
import { playRound } from './acting.ts'
import { reconcile } from './bills.ts'
import { gather, type Cast } from './cast.ts'
import { planOf } from './plan.ts'
import { settle } from './settling.ts'
import { judge } from './verdict.ts'
import { openWorld, type World } from './world.ts'

const { values } = parseArgs({ options: { from: { type: 'string', default: '1' }, seeds: { type: 'string', default: '1000' }, lanes: { type: 'string', default: '3' }, kills: { type: 'string', default: '5' }, steps: { type: 'boolean', default: false } } })
const [from, count, lanes, kills] = [values.from, values.seeds, values.lanes, values.kills].map(Number) as [number, number, number, number]

/** So many seeds share a world, each with members of its own; then a new one is made. */
const SEEDS_A_WORLD = 25

type Outcome = { seed: number; found: string[]; cast: Cast | undefined; seconds: number }

async function play(world: World, seed: number): Promise<Outcome> {
  const began = performance.now()
  const plan = planOf(seed, kills)
  const cast = await gather(world, seed, plan.people)
  const found: string[] = []
  try {
    for (const round of plan.rounds) await playRound(world, cast, round)
    found.push(...(await settle(world, cast)), ...(await reconcile(world, cast, plan.bills)))
    // What the bills brought to light may end an order, and all that hangs on it.
    if (cast.past.length > 0) found.push(...(await settle(world, cast)))
    found.push(...(await judge(world, cast)))
  } catch (error) {
    found.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return { seed, found, cast, seconds: (performance.now() - began) / 1000 }
}

/** A world that has failed once is left: what it holds would fail the seeds after it. */
async function playLane(next: () => number | undefined, tell: (outcome: Outcome) => void): Promise<void> {
  let world: World | undefined
  let played = 0
  for (let seed = next(); seed !== undefined; seed = next()) {
    world ??= await openWorld()
    const outcome = await play(world, seed)
    // They came to their end, as the verdict has seen: asking for others takes the longer, the more there are.
    await world.rows("delete from pgboss.job where state = 'completed'")
    tell(outcome)
    played += 1
    if (outcome.found.length === 0 && played % SEEDS_A_WORLD !== 0) continue
    await world.stop()
    world = undefined
  }
  await world?.stop()
}

function show({ seed, found, cast, seconds }: Outcome): void {
  const isGood = found.length === 0
  if (isGood) console.log(`✔ seed ${seed} (${cast?.steps.length ?? 0} steps, ${seconds.toFixed(1)} s)`)
  if (isGood && !values.steps) return
  if (!isGood) console.log(`✖ seed ${seed}: npm run simulate -- --from ${seed} --seeds 1 --kills ${kills}`)
  for (const step of cast?.steps ?? []) console.log(`    ${step}`)
  for (const one of found) console.log(`  ✖ ${one}`)
}

/** How often each of the known failures was met, so that nobody takes a calm run for a proof. */
function showMet(met: string[]): void {
  const counts = new Map<string, number>()
  for (const name of met) counts.set(name.split(' ')[0] ?? '', (counts.get(name.split(' ')[0] ?? '') ?? 0) + 1)
  const sorted = [...counts].toSorted((one, other) => Number(one[0].slice(1)) - Number(other[0].slice(1)))
  console.log(`met: ${sorted.map(([name, times]) => `${name} ×${times}`).join(', ')}`)
}

async function main(): Promise<void> {
  let at = from
  let failed = 0
  const met: string[] = []
  const next = () => (at < from + count ? at++ : undefined)
  const tell = (outcome: Outcome) => {
    failed += Number(outcome.found.length > 0)
    met.push(...(outcome.cast?.met ?? []))
    show(outcome)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, () => playLane(next, tell)))
  showMet(met)
  console.log(`${count - failed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

await main()
