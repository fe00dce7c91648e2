// The stages of `npm test`, in the order in which they are cheapest to fail.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildClients } from '../start/builds.ts'
import { explain } from '../problem.ts'
import { findChromium } from './browser.ts'
import { fail, runChecker, runNodeTests, runTogether, runTool, sum, type Outcome } from './commands.ts'
import { startTestDatabase } from './database.ts'

export type Stage = { name: string; about: string; run: () => Promise<Outcome> }

const bin = (name: string) => `node_modules/.bin/${name}`

export const stages: Stage[] = [
  { name: 'types', about: 'types of server, console and mini program', run: checkTypes },
  { name: 'lint', about: 'lint', run: lint },
  { name: 'house', about: 'the law of the house', run: () => runTool('check-house', [process.execPath, 'scripts/check-house.ts']) },
  { name: 'unit', about: 'rules, HTTP on a real database, sandbox conformance', run: testUnits },
  { name: 'simulation', about: 'fifty seeds of members, operators, faults and deaths of the server', run: simulate },
  { name: 'clients', about: 'console and H5 as they are served; mini program: its logic, its checkers, four packages and H5 in size budget', run: testClients },
  { name: 'e2e', about: 'a learner buys, watches and is refunded, in Chromium', run: testStories },
]

async function checkTypes(): Promise<Outcome> {
  const clients = Promise.all(['console', 'miniapp'].map((name) => runTool(`types of ${name}`, ['npm', 'run', '--silent', 'types', '-w', name])))
  return sum([await runTool('types of the server', [bin('tsc'), '--noEmit']), ...(await clients)])
}

async function lint(): Promise<Outcome> {
  return runTool('oxlint', [bin('oxlint')])
}

async function testUnits(): Promise<Outcome> {
  const database = await startTestDatabase()
  try {
    const env = { TEST_DATABASE_URL: database.url }
    // What takes minutes by itself runs beside the rest from the start, so that nobody waits for it at the end.
    const long = runNodeTests(['server/test/kill.test.ts'], 1, env)
    const rest = runTogether(['server/test/!(kill).test.ts', 'server/!(test)/**/*.test.ts', 'server/*.test.ts', '{contracts,sandbox,scripts,simulate,console}/**/*.test.ts'], 3, env)
    return sum(await Promise.all([long, rest]))
  } finally {
    await database.stop()
  }
}

async function simulate(): Promise<Outcome> {
  const database = await startTestDatabase()
  try {
    return await runChecker('simulation', [process.execPath, 'simulate/main.ts', '--seeds', '50', '--lanes', '4', '--kills', '3'], { TEST_DATABASE_URL: database.url })
  } finally {
    await database.stop()
  }
}

async function testClients(): Promise<Outcome> {
  const env = { CHROMIUM_PATH: await findChromium() }
  const besides = await Promise.all([buildServed(), runNodeTests(['miniapp/checks/**/*.test.ts'], 2, env)])
  return sum([...besides, await runChecker('packages of the mini program', [process.execPath, 'miniapp/checks/run.ts'], env)])
}

async function buildServed(): Promise<Outcome> {
  try {
    await buildClients()
  } catch (thrown) {
    return fail(explain(thrown))
  }
  console.log('✔ console and H5 are built')
  return { passed: 1, failed: 0 }
}

async function testStories(): Promise<Outcome> {
  const env = { CHROMIUM_PATH: await findChromium() }
  await buildClients()
  const database = await startTestDatabase()
  const academy = mkdtempSync(join(tmpdir(), 'shuyuan-academy-'))
  try {
    // The longest first; one of them waits a minute for a second code.
    return await runTogether(['e2e/{purchase,console,weixin}.test.ts', 'e2e/*.test.ts'], 4, { ...env, TEST_DATABASE_URL: database.url, E2E_ACADEMY: academy })
  } finally {
    await database.stop()
    rmSync(academy, { recursive: true, force: true })
  }
}
