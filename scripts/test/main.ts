// Runs the stages and ends with `N passed, N failed`.
import { explain } from '../problem.ts'
import { fail, sum, type Outcome } from './commands.ts'
import { stages, type Stage } from './stages.ts'

const wanted = process.argv.slice(2)

async function runStage({ name, about, run }: Stage): Promise<Outcome> {
  const began = performance.now()
  console.log(`\n── ${name} · ${about}`)
  const outcome = await run().catch((thrown: unknown) => fail(explain(thrown)))
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`── ${name}: ${outcome.passed} passed, ${outcome.failed} failed in ${seconds} s`)
  return outcome
}

async function main() {
  const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(', ')}; the stages are ${stages.map((stage) => stage.name).join(', ')}.`)
    process.exit(2)
  }
  const outcomes: Outcome[] = []
  for (const stage of stages) {
    if (wanted.length === 0 || wanted.includes(stage.name)) outcomes.push(await runStage(stage))
  }
  const { passed, failed } = sum(outcomes)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

await main()
