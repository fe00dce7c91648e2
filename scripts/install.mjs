// Installs from the lockfile when something is missing, and finds the pinned Node. Plain JavaScript: it also runs on Node 20.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Brings node_modules to what the lockfile says, then runs the script on the pinned Node, in this process when it already is one. */
export async function runPinned(script) {
  if (isStale()) await install()
  const node = pinnedNode()
  if (node === process.execPath) return void (await import(join(root, script)))
  const child = spawn(node, [join(root, script), ...process.argv.slice(2)], { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

/** npm keeps in node_modules a list of what it put there; a package of the lockfile that is absent or of another version makes it stale. */
function isStale() {
  const list = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(list)) return true
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  return wanted.some(([path, entry]) => {
    const isOwed = path.includes('node_modules/') && !entry.link && !entry.optional && !entry.devOptional && !entry.peer && !entry.os && !entry.cpu
    return isOwed && installed[path]?.version !== entry.version
  })
}

async function install() {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  console.log('Installing packages from the lockfile (about 1 GB, once) …')
  const ticker = setInterval(() => console.log(`  … ${seconds()}`), 10_000)
  const status = await run(['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'])
  clearInterval(ticker)
  if (status !== 0) {
    console.error('The packages could not be installed; npm says why above. A full disk and a missing network are the usual causes.')
    process.exit(1)
  }
  console.log(`Installed in ${seconds()}.`)
}

function run(args) {
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const child = spawn(program, [...first, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((resolve) => child.on('exit', resolve).on('error', () => resolve(1)))
}

/** TypeScript runs as it is from 22.18 on; the lockfile brings Node 24 for Linux, elsewhere the reader's own must do. */
function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isNewEnough = major > 22 || (major === 22 && minor >= 18)
  if (major === 24 && process.env.npm_lifecycle_event) return process.execPath
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned
  if (isNewEnough) return process.execPath
  console.error(`Shuyuan needs Node 22.18 or newer; this is ${process.version}, and the lockfile brings none for ${process.platform}-${process.arch}. Install Node 24.`)
  process.exit(1)
}
