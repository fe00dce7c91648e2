// The real sandbox as a process of its own, for tests: a new tenant each, its pages, its faults.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join, resolve } from 'node:path'
import { bareEnvironment } from './environment.ts'

export type Json = ReturnType<typeof JSON.parse>
export type Tenant = { mchid: string; appid: string; env: Record<string, string> }
export type SandboxProcess = {
  url: string
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Json>
  tenant(wish?: object): Promise<Tenant>
  fault(tenant: Tenant, kind: string, more?: object): Promise<Json>
  stop(): Promise<void>
}

let shared: Promise<SandboxProcess> | undefined

/** One sandbox for all test files of this process, each with a tenant of its own; it ends with the process. */
export function sharedSandbox(): Promise<Omit<SandboxProcess, 'stop'>> {
  shared ??= startSandboxProcess()
  return shared
}

/** `nodeOptions` go before all that the process reads, `extra` beside its environment. */
export async function startSandboxProcess(nodeOptions: string[] = [], extra: Record<string, string> = {}): Promise<SandboxProcess> {
  const root = resolve(import.meta.dirname, '../..')
  const child = spawn(process.execPath, [...nodeOptions, 'sandbox/main.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...bareEnvironment, ...extra, SANDBOX_PARENT: '1', SANDBOX_PORT: '0', SANDBOX_HOST: '127.0.0.1', SANDBOX_KEYS: join(root, '.cache', 'sandbox-keys') },
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  // Whoever forgets to stop it does not wait for it: it ends when its pipe does.
  for (const handle of [child, child.stdin, child.stdout]) (handle as { unref?: () => void }).unref?.()
  const ask: SandboxProcess['ask'] = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return answer.json()
  }
  return {
    url,
    ask,
    tenant: (wish = {}) => ask('POST', '/__sim/tenants', wish) as Promise<Tenant>,
    fault: (tenant, kind, more = {}) => ask('POST', '/__sim/faults', { tenant: tenant.appid, kind, ...more }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      // Nobody waits for a process that may be forgotten, unless told to: the program would end before it.
      child.ref()
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
