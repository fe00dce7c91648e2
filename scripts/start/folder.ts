// The data folder: its format, its secret, the ports it used last.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode, problem } from '../problem.ts'

/** Raised when a newer Shuyuan lays the folder out in a way that an older one would misread. */
const format = 1

export function openFolder(dir: string) {
  try {
    mkdirSync(join(dir, 'log'), { recursive: true, mode: 0o700 })
  } catch (thrown) {
    if (hasCode(thrown, 'EACCES')) throw problem(`${dir} belongs to another user. Start as that user, or set DATA_DIR to a folder of your own.`)
    if (hasCode(thrown, 'ENOSPC')) throw problem(`The disk is full: ${dir} cannot be made.`)
    throw thrown
  }
  const file = join(dir, 'format.json')
  const found = existsSync(file) ? (readJson(file) as { format?: number }).format : undefined
  if (found !== undefined && found > format) {
    throw problem(`${dir} belongs to a newer version of Shuyuan (format ${found}; this one reads ${format}). Update Shuyuan, or set DATA_DIR to another folder.`)
  }
  if (found === undefined) writeSafely(file, `${JSON.stringify({ format })}\n`)
}

/** Everything signed or encrypted derives from it: losing it loses the media keys, so it is never made anew beside old data. */
export function loadSecret(dir: string): string {
  const file = join(dir, 'secret')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (existsSync(join(dir, 'database', 'cluster', 'PG_VERSION')) && existsSync(join(dir, 'ports.json'))) {
    throw problem(`${file} is missing although the academy's data is there. Put it back from your backup: without it, videos and sign-ins cannot be decrypted.`)
  }
  const secret = randomBytes(48).toString('base64url')
  writeSafely(file, `${secret}\n`)
  return secret
}

export type Ports = { server?: number; sandbox?: number }

export function readPorts(dir: string): Ports {
  const file = join(dir, 'ports.json')
  return existsSync(file) ? (readJson(file) as Ports) : {}
}

export function writePorts(dir: string, ports: Ports) {
  writeSafely(join(dir, 'ports.json'), `${JSON.stringify(ports)}\n`)
}

export function isSeeded(dir: string): boolean {
  return existsSync(join(dir, 'demo-seeded'))
}

/** The operator that the demo seed made, when it ran. */
export function readDemoOperator(dir: string): { email: string; password: string } | undefined {
  const file = join(dir, 'demo-operator.json')
  return existsSync(file) ? (readJson(file) as { email: string; password: string }) : undefined
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw problem(`${file} cannot be read: it is damaged. Remove it and start again.`)
  }
}

function writeSafely(file: string, text: string) {
  try {
    writeFileSync(file, text, { mode: 0o600 })
  } catch (thrown) {
    if (hasCode(thrown, 'ENOSPC')) throw problem(`The disk is full: ${file} cannot be written.`)
    throw thrown
  }
}
