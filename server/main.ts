// Starts the web, the worker, or both, on a migrated database.
import { openApp } from './app.ts'
import { readConfig } from './config.ts'
import { seedDemo } from './seeds/seed.ts'

const config = readConfig()
const app = await openApp(config)

if (config.role !== 'web') await app.work()
if (config.role !== 'worker') await app.http.listen({ host: config.host, port: config.port })
if (config.seed === 'demo' && config.role !== 'web') await seedDemo(app.ctx, config.dataDir)

let isEnding = false
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  await app.close()
  process.exit(0)
}

process.on('SIGTERM', () => void end())
process.on('SIGINT', () => void end())
if (config.parentPipe) process.stdin.resume().on('end', () => void end()).on('error', () => void end())
