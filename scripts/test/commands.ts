// Runs the tools of a stage and counts what they proved.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Outcome = { passed: number; failed: number }

export type Extra = Record<string, string>

export const root = join(import.meta.dirname, '..', '..')

const limitMs = 15 * 60_000

/** A tool that is no test runner counts one. What it says is shown when it fails. */
export async function runTool(name: string, command: string[], env: Extra = {}): Promise<Outcome> {
  const began = performance.now()
  const { code, text } = await runQuietly(command, env)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✔' : '✖'} ${name} (${seconds} s)`)
  if (code !== 0) console.log(text.trimEnd().split('\n').slice(-60).map((line) => `    ${line}`).join('\n'))
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A checker that ends with `N passed, N failed`. */
export async function runChecker(name: string, command: string[], env: Extra = {}): Promise<Outcome> {
  const { code, text } = await runAloud(command, env)
  const counted = /(\d+) passed, (\d+) failed\s*$/.exec(text)
  if (!counted) {
    console.log(`✖ ${name} ended (${code}) without counting`)
    return { passed: 0, failed: 1 }
  }
  return honest({ passed: Number(counted[1]), failed: Number(counted[2]) }, code)
}

/** Node's own test runner over the files that match, each in a process of its own; no file at all is a failure, for it proves nothing. */
export async function runNodeTests(patterns: string[], concurrency: number, env: Extra = {}): Promise<Outcome> {
  const files = filesOf(patterns)
  return files.length === 0 ? fail(`no test matches ${patterns.join(' ')}`) : countTests(['--test', `--test-concurrency=${concurrency}`], files, env)
}

/** The same in a few processes that share the files between them: to read and compile what they all import would cost more than most of them. Files named first are tested first. */
export async function runTogether(patterns: string[], processes: number, env: Extra = {}): Promise<Outcome> {
  const files = filesOf(patterns)
  if (files.length === 0) return fail(`no test matches ${patterns.join(' ')}`)
  const taken = mkdtempSync(join(tmpdir(), 'shuyuan-tests-'))
  const runs = Array.from({ length: Math.min(processes, files.length) }, () => countTests([], ['scripts/test/together.ts', taken, ...files], env))
  const outcomes = await Promise.all(runs)
  rmSync(taken, { recursive: true })
  return sum(outcomes)
}

function filesOf(patterns: string[]): string[] {
  return [...new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path) }).sort()))]
}

async function countTests(how: string[], files: string[], env: Extra): Promise<Outcome> {
  const report = join(root, '.cache', `tests-${randomUUID()}.tap`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  const { code } = await runAloud([
    process.execPath, ...how, '--test-timeout=570000',
    '--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${report}`, ...files,
  ], env)
  // Whoever found every file taken had nothing to test, and reports nothing.
  const tap = existsSync(report) ? readFileSync(report, 'utf8') : ''
  rmSync(report, { force: true })
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0)
  return honest({ passed: count('pass'), failed: count('fail') + count('cancelled') }, code)
}

export function fail(sentence: string): Outcome {
  console.log(`✖ ${sentence}`)
  return { passed: 0, failed: 1 }
}

export function sum(outcomes: Outcome[]): Outcome {
  return outcomes.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }), { passed: 0, failed: 0 })
}

/** A runner that ends badly without naming a failure has failed all the same. */
function honest(outcome: Outcome, code: number): Outcome {
  return code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome
}

type Ended = { code: number; text: string }

function runQuietly(command: string[], env: Extra): Promise<Ended> {
  return run(command, env, () => undefined)
}

function runAloud(command: string[], env: Extra): Promise<Ended> {
  return run(command, env, (chunk) => void process.stdout.write(chunk))
}

function run(command: string[], env: Extra, show: (chunk: string) => void): Promise<Ended> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    // A group of its own, so that what a tool started ends with it. NODE_TEST_CONTEXT would make node's runner skip everything; what was compiled once is not compiled again.
    const child = spawn(program, args, { cwd: root, detached: true, env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...env, NODE_TEST_CONTEXT: undefined }, stdio: ['ignore', 'pipe', 'pipe'] })
    const endGroup = () => { if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGTERM') }
    const patience = setTimeout(endGroup, limitMs)
    process.once('exit', endGroup)
    const finish = (ended: Ended) => {
      clearTimeout(patience)
      process.off('exit', endGroup)
      resolve(ended)
    }
    let text = ''
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      show(chunk.toString())
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (thrown) => finish({ code: 1, text: thrown.message }))
    child.on('close', (code, signal) => finish({ code: code ?? 1, text: signal ? `${text}\nended by ${signal}` : text }))
  })
}
