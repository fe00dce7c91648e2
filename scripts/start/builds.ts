// The two clients, built when their sources are not what the last build was made of.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { problem } from '../problem.ts'
import { compressFolder } from './compress.ts'
import { step } from './steps.ts'

type Build = { name: string; workspace: string; script: string; served: string }

const root = join(import.meta.dirname, '..', '..')
const cache = join(root, '.cache', 'builds')
/** Lies in the built folder itself: whoever builds over it takes it away. */
const stamp = 'made-from.sha256'

const builds: Build[] = [
  { name: 'building the console', workspace: 'console', script: 'build', served: 'console/dist' },
  { name: "building the learner's pages", workspace: 'miniapp', script: 'build:h5', served: 'miniapp/dist/build/h5' },
]

export async function buildClients() {
  mkdirSync(cache, { recursive: true })
  for (const build of builds) {
    const fingerprint = fingerprintOf(build.workspace)
    const served = join(root, build.served)
    if (isFresh(served, fingerprint)) continue
    const made = join(cache, `${build.workspace}-${process.pid}`)
    try {
      await step(build.name, () => make(build, made))
      writeFileSync(join(made, stamp), fingerprint)
      replace(served, made)
    } finally {
      rmSync(made, { recursive: true, force: true })
    }
  }
}

/** Whether a folder holds what these sources make, whole. */
export function isFresh(served: string, fingerprint: string): boolean {
  const file = join(served, stamp)
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint
}

/** Built aside and put in place at once: two starts in one folder never see each other's halves. */
export function replace(served: string, made: string) {
  const old = `${made}-old`
  mkdirSync(dirname(served), { recursive: true })
  if (existsSync(served)) renameSync(served, old)
  renameSync(made, served)
  rmSync(old, { recursive: true, force: true })
}

async function make({ workspace, script }: Build, folder: string) {
  const log = join(cache, `${workspace}.log`)
  const handle = openSync(log, 'w')
  const child = spawn('npm', ['run', script, '-w', workspace, '--', '--outDir', folder], { cwd: root, stdio: ['ignore', handle, handle] })
  closeSync(handle)
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  const [code] = await once(child, 'exit')
  process.off('exit', stop)
  if (code !== 0 || !existsSync(join(folder, 'index.html'))) {
    throw problem(`The ${workspace} could not be built. The last lines of ${log}:\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}`)
  }
  await compressFolder(folder)
}

/** Everything a build is made of: its own folder, the contracts, the lockfile. */
function fingerprintOf(workspace: string): string {
  const hash = createHash('sha256')
  for (const path of [...listFiles(workspace), ...listFiles('contracts'), 'package-lock.json']) {
    hash.update(path).update('\0').update(readFileSync(join(root, path))).update('\0')
  }
  return hash.digest('hex')
}

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist', 'checks', 'host', 'unpackage'].includes(entry.name) && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}
