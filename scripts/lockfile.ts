// Completes package-lock.json: a registry that lacks the binaries of other platforms leaves them out, and then `npm ci` fails everywhere.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Entry = { version?: string; dev?: boolean; optional?: boolean; os?: string[]; cpu?: string[]; libc?: string[]; license?: string; optionalDependencies?: Record<string, string> }

const file = join(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> }

function completeLock() {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {}).filter(([name]) => !isPlaced(path, name)).map(([name, version]) => ({ name, version, dev: entry.dev })),
  )
  for (const { name, version, dev } of missing) lock.packages[`node_modules/${name}`] = describe(name, version, dev)
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
  lock.packages = Object.fromEntries(sorted)
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${missing.length} packages of other platforms added to package-lock.json`)
}

/** Node looks in the folder of the package, then in each one above it. */
function isPlaced(path: string, name: string): boolean {
  let folder = path
  for (;;) {
    if (lock.packages[folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`]) return true
    if (!folder) return false
    const above = folder.lastIndexOf('node_modules/')
    folder = above > 0 ? folder.slice(0, above - 1) : ''
  }
}

/** A name ends with the platform it is for: `binding-linux-x64-musl`. npm passes by what is for another one. */
function describe(name: string, version: string, dev: boolean | undefined): Entry {
  const [os = '', cpu = '', libc = ''] = (name.split('/').pop() ?? name).replace(/^[a-z]+-(?=(android|darwin|freebsd|linux|openbsd|netbsd|openharmony|sunos|win32|aix)-)/, '').split('-')
  const library = os === 'linux' && libc ? { libc: [libc.startsWith('musl') ? 'musl' : 'glibc'] } : {}
  return { version, ...(dev ? { dev } : {}), license: 'MIT', optional: true, os: [os], cpu: [cpu], ...library }
}

completeLock()
