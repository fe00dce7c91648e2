// Runs a file of protocol vectors through the gateways' own functions: npm run vectors -- FILE
import { readFileSync } from 'node:fs'
import { runVector } from './vectors/run.ts'
import { readVectors } from './vectors/file.ts'

async function main(path: string | undefined) {
  if (path === undefined) {
    console.error('usage: npm run vectors -- FILE')
    process.exitCode = 2
    return
  }
  const { vectors, keys } = readVectors(JSON.parse(readFileSync(path, 'utf8')))
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const skippedKinds = new Map<string, number>()
  for (const vector of vectors) {
    const { result, why } = await runVector(vector, keys)
    counts[result] += 1
    if (result === 'failed') console.log(`failed   ${vector.kind}  ${vector.name}: ${why}`)
    if (result === 'passed') console.log(`passed   ${vector.kind}  ${vector.name}${why === '' ? '' : ` (${why})`}`)
    if (result === 'skipped') skippedKinds.set(vector.kind, (skippedKinds.get(vector.kind) ?? 0) + 1)
  }
  for (const [kind, count] of skippedKinds) console.log(`skipped  ${kind}  (${count}): no gateway speaks it`)
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = counts.failed > 0 || vectors.length === 0 ? 1 : 0
}

await main(process.argv[2])
