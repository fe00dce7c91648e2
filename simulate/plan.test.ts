// A seed is a plan and nothing else: what was drawn once is drawn again, and everything that can be drawn is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults } from './faults.ts'
import { acts, planOf } from './plan.ts'

const plans = Array.from({ length: 1000 }, (_, seed) => planOf(seed, 5))

test('a seed gives the same plan again, and another seed another', () => {
  assert.deepEqual(plans, Array.from({ length: 1000 }, (_, seed) => planOf(seed, 5)))
  assert.equal(new Set(plans.map((plan) => JSON.stringify(plan.rounds))).size, 1000)
})

test('a thousand seeds draw every act, every fault, deaths of the server and clocks that are wrong', () => {
  const rounds = plans.flatMap((plan) => plan.rounds)
  assert.deepEqual(new Set(rounds.flatMap((round) => round.acts.map((act) => act.what))), new Set(acts))
  assert.deepEqual(new Set(rounds.map((round) => round.fault?.name)), new Set([undefined, ...faults.map((fault) => fault.name)]))
  assert.ok(rounds.some((round) => round.lagSeconds !== 0))
  const killed = rounds.filter((round) => round.killAfterMs !== undefined).length
  assert.ok(killed > 100 && killed < 300, `${killed} of ${rounds.length}`)
})

test('how often the server dies changes nothing else in a plan', () => {
  const calm = (plan: ReturnType<typeof planOf>) => plan.rounds.map(({ killAfterMs: _when, ...round }) => round)
  for (const seed of [1, 2, 3]) assert.deepEqual(calm(planOf(seed, 100)), calm(planOf(seed, 0)))
})
