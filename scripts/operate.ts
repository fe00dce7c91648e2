// What only whoever runs the machine may do, with the academy running or not: `npm run operate -- end-two-step owner@example.com`.
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { takeTotpAway } from '#modules/academy/staff/actions.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { startDatabase } from './database.ts'
import { explain, hasCode, problem } from './problem.ts'
import { loadSecret, openFolder } from './start/folder.ts'

const usage = 'npm run operate -- end-two-step EMAIL   takes the second step of an operator away and ends their sessions; the audit log says so'
const root = join(import.meta.dirname, '..')

async function run([verb, email, ...rest]: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  if (verb !== 'end-two-step' || email === undefined || rest.length > 0) throw problem(usage)
  const dir = resolve(root, environment['DATA_DIR'] ?? 'data')
  if (!existsSync(join(dir, 'secret')) && !(environment['DATABASE_URL'] && environment['SECRET'])) throw problem(`There is no academy in ${dir}. Set DATA_DIR, or DATABASE_URL and SECRET, as for npm start.`)
  openFolder(dir)
  const database = environment['DATABASE_URL'] ? undefined : await startDatabase({ dir: join(dir, 'database') })
  try {
    const given = { ...environment, DATA_DIR: dir, SECRET: environment['SECRET'] ?? loadSecret(dir), DATABASE_URL: environment['DATABASE_URL'] ?? database?.url, LOG_LEVEL: 'fatal' }
    return await endTwoStep(given, email)
  } finally {
    await database?.stop()
  }
}

async function endTwoStep(environment: NodeJS.ProcessEnv, email: string): Promise<string> {
  const app = await openApp(readConfig(environment))
  try {
    const { name, role } = await takeTotpAway({ ...app.ctx, address: hostname() }, email)
    return `${name} (${email}, ${role}) signs in with the password alone now, and is signed out everywhere. Turn two-step sign-in on again soon.`
  } catch (thrown) {
    throw hasCode(thrown, 'thing.not_found') ? problem(`No operator has the address ${email}.`) : thrown
  } finally {
    await app.close()
  }
}

try {
  console.log(await run(process.argv.slice(2), process.env))
} catch (thrown) {
  console.error(explain(thrown))
  process.exitCode = 1
}
