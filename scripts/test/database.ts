// One database server for a whole test run, in a folder of its own that goes with it.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fastSettings } from '../../server/test/database.ts'
import { startDatabase } from '../database.ts'
import { root } from './commands.ts'

const folder = join(root, '.cache', 'test-database')

export async function startTestDatabase(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return { url: given, stop: async () => undefined }
  sweep()
  const dir = join(folder, `run-${process.pid}`)
  const database = await startDatabase({ dir, settings: fastSettings })
  return {
    url: database.url,
    stop: async () => {
      await database.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What runs that were killed left behind. */
function sweep() {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const isAlive = (pid: string) => {
    try {
      return process.kill(Number(pid), 0)
    } catch {
      return false
    }
  }
  for (const name of names) {
    const pid = /^run-(\d+)$/.exec(name)?.[1]
    if (pid && !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
