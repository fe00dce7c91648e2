// The two clients, built when their sources are not what the last build was made of.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { problem } from '../problem.ts'
import { compressFolder } from './compress.ts'
import { step } from './steps.ts'

type Build = { name: string; workspace: string; script: string; result: string }

const root = join(import.meta.dirname, '..', '..')
const cache = join(root, '.cache', 'builds')

const builds: Build[] = [
  { name: 'building the console', workspace: 'console', script: 'build', result: 'console/dist/index.html' },
  { name: "building the learner's pages", workspace: 'miniapp', script: 'build:h5', result: 'miniapp/dist/build/h5/index.html' },
]

export async function buildClients() {
  mkdirSync(cache, { recursive: true })
  for (const build of builds) {
    const fingerprint = fingerprintOf(build.workspace)
    const stamp = join(cache, `${build.workspace}.sha256`)
    const isFresh = existsSync(join(root, build.result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint
    if (isFresh) continue
    await step(build.name, () => runBuild(build))
    await compressFolder(join(root, dirname(build.result)))
    writeFileSync(stamp, fingerprint)
  }
}

async function runBuild({ workspace, script, result }: Build) {
  const log = join(cache, `${workspace}.log`)
  const handle = openSync(log, 'w')
  const child = spawn('npm', ['run', script, '-w', workspace], { cwd: root, stdio: ['ignore', handle, handle] })
  closeSync(handle)
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  const [code] = await once(child, 'exit')
  process.off('exit', stop)
  if (code === 0 && existsSync(join(root, result))) return
  throw problem(`The ${workspace} could not be built. The last lines of ${log}:\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}`)
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
    .filter((entry) => !['node_modules', 'dist', 'checks', 'unpackage'].includes(entry.name) && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}
