// Starts the sandbox: one line on stdout when it is ready, gone at once on SIGTERM or when its parent goes.
import { startSandbox } from './app.ts'

const env = process.env
const sandbox = await startSandbox({
  host: env['SANDBOX_HOST'] ?? '127.0.0.1',
  port: Number(env['SANDBOX_PORT'] ?? 0),
  folder: env['SANDBOX_STATE'],
  publicUrl: env['SANDBOX_PUBLIC_URL'],
  keys: env['SANDBOX_KEYS'],
  publishSeconds: env['SANDBOX_PUBLISH_SECONDS'] === undefined ? undefined : Number(env['SANDBOX_PUBLISH_SECONDS']),
})

process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
if (env['SANDBOX_PARENT'] === '1') process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume()
