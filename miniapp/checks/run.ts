// Tests the logic of the pages, builds the four packages, prints their sizes and that of H5 as it is served against the budget, and has every checker look at each package.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canCompile, checkCompilers } from './compilers.ts'
import { testLogic } from './logic.ts'
import { openPackage, type Package } from './package.ts'
import { targets, type Target } from './platforms.ts'
import { checkPlayed } from './played.ts'
import { checkAddresses, checkCode, checkElements, checkWords } from './rules.ts'
import { checkSettings } from './settings.ts'
import { weighFirstPage, weighPackage } from './sizes.ts'
import { checkStructure } from './structure.ts'
import { checkValidator } from './validator.ts'

const root = join(import.meta.dirname, '../..')
/** Aside: a running product serves what lies in dist. */
const made = mkdtempSync(join(tmpdir(), 'shuyuan-packages-'))
process.on('exit', () => rmSync(made, { recursive: true, force: true }))
const server = 'https://learn.example.com'
const BUILDS_AT_ONCE = 2
const began = performance.now()
const outcome = { passed: 0, failed: 0 }

function check(what: string, complaints: string[]): void {
  const isGood = complaints.length === 0
  console.log(`${isGood ? '✔' : '✖'} ${what}`)
  for (const complaint of complaints.slice(0, 20)) console.log(`    ${complaint}`)
  outcome[isGood ? 'passed' : 'failed'] += 1
}

async function build(target: Target): Promise<boolean> {
  const since = performance.now()
  const { code, said } = await run('npm', ['run', '--silent', `build:${target}`, '-w', 'miniapp', '--', '--outDir', join(made, target)])
  check(`${target} builds (${((performance.now() - since) / 1000).toFixed(0)} s)`, code === 0 ? [] : said.trim().split('\n').slice(-20))
  return code === 0
}

function run(program: string, args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production', VITE_API_URL: `${server}/api` }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', (error) => resolve({ code: 1, said: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, said }))
  })
}

const checkers: [name: string, look: (pkg: Package) => string[]][] = [
  ['is whole: pages, components, modules, tags', checkStructure],
  ['uses elements and events that the platform has', checkElements],
  ['calls what the platform has, and makes no code from text', checkCode],
  ['says nothing that its review forbids', checkWords],
  ['asks one server, over https', (pkg) => checkAddresses(pkg, server)],
  ['has settings, icons and privacy in order', checkSettings],
]

function checkServed(): void {
  const served = join(root, 'miniapp/dist/build/h5')
  if (!existsSync(join(served, 'index.html'))) return check('h5 is built', ['run `npm test -- clients` first'])
  const { what, isGood } = weighFirstPage(served)
  check(`h5 ${what}`, isGood ? [] : ['too heavy'])
}

async function checkTarget(target: Target): Promise<void> {
  if (!(await build(target))) return
  const pkg = openPackage(join(made, target), target)
  for (const { what, isGood } of weighPackage(pkg)) check(`${target} ${what}`, isGood ? [] : ['too heavy'])
  for (const [name, look] of checkers) check(`${target} ${name}`, look(pkg))
  if (target === 'mp-weixin') await checkWeixin(pkg)
}

async function checkWeixin(pkg: Package): Promise<void> {
  if (canCompile) check('mp-weixin compiles with wcc and wcsc', checkCompilers(pkg))
  else console.log('– wcc and wcsc come for x64 only')
  check('mp-weixin passes miniprogram-ci', await checkValidator(pkg))
  check('mp-weixin plays on the component engine, every page, with the line cut', await checkPlayed(pkg))
}

/** WeChat first, for most is done with it. */
const queue = [...targets]
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const target = next
    await checkTarget(target).catch((error: unknown) => check(`${target} can be checked`, [error instanceof Error ? (error.stack ?? error.message) : String(error)]))
  }
}
for (const { what, complaints } of await testLogic(made)) check(what, complaints)
checkServed()
await Promise.all(Array.from({ length: BUILDS_AT_ONCE }, work))
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`)
console.log(`${outcome.passed} passed, ${outcome.failed} failed`)
process.exitCode = outcome.failed > 0 ? 1 : 0
