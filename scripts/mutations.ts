// `npm run mutations`: breaks every comparison of the code that believes the platforms, one at a time, and wants the tests red each time. Ends with `N passed, N failed`.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findMutants, type Mutant } from './mutations/find.ts'
import { targets } from './mutations/targets.ts'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const LIMIT_MS = 60_000

/** True when the tests of a file fail under a mutant; without one they must pass. */
function failsUnder(test: string, mutant: Mutant | undefined): Promise<boolean> {
  const named = mutant === undefined ? {} : { MUTANT_FILE: join(root, mutant.path), MUTANT_START: String(mutant.start), MUTANT_END: String(mutant.end), MUTANT_TEXT: mutant.text }
  const hook = mutant === undefined ? [] : ['--import', join(import.meta.dirname, 'mutations', 'hook.ts')]
  const child = spawn(process.execPath, [...hook, test], { cwd: root, stdio: 'ignore', timeout: LIMIT_MS, env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), NODE_TEST_CONTEXT: undefined, ...named } })
  return new Promise((resolve) => child.on('close', (code) => resolve(code !== 0)))
}

async function isKilled(mutant: Mutant, tests: string[]): Promise<boolean> {
  for (const test of tests) if (await failsUnder(test, mutant)) return true
  return false
}

type Work = { mutant: Mutant; tests: string[] }

async function main(): Promise<void> {
  const chosen = targets.filter((target) => target.path.includes(values.only))
  for (const test of new Set(chosen.flatMap((target) => target.tests))) if (await failsUnder(test, undefined)) throw new Error(`${test} is red without any mutant`)
  const work: Work[] = chosen.flatMap(({ path, tests, alike = [] }) => findMutants(path, readFileSync(join(root, path), 'utf8')).filter((one) => !alike.some(({ was, text }) => was === one.was && text === one.text)).map((mutant) => ({ mutant, tests })))
  const alive: Mutant[] = []
  let next = 0
  const worker = async () => {
    for (let one = work[next++]; one; one = work[next++]) if (!(await isKilled(one.mutant, one.tests))) alive.push(one.mutant)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  for (const { path, line, was, text } of alive.toSorted((one, other) => one.path.localeCompare(other.path) || one.line - other.line)) console.log(`✖ ${path}:${line}  \`${was}\` may be ${text}, and no test minds`)
  console.log(`${work.length - alive.length} passed, ${alive.length} failed`)
  process.exitCode = alive.length > 0 ? 1 : 0
}

await main()
