// Builds all five targets, prints their sizes, and holds them against the budget.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const MAIN_KB = 300
const SUBPACKAGE_KB = 200
const FIRST_PAGE_GZIP_KB = 110
const root = join(import.meta.dirname, '..')
let passed = 0
let failed = 0

function check(isGood: boolean, what: string): void {
  console.log(`${isGood ? '✔' : '✖'} ${what}`)
  if (isGood) passed += 1
  else failed += 1
}

function build(target: string): boolean {
  const made = spawnSync('npm', ['run', '--silent', `build:${target}`, '-w', 'miniapp'], { cwd: join(root, '..'), encoding: 'utf8' })
  if (made.status !== 0) console.error(made.stdout.slice(-2000), made.stderr.slice(-2000))
  check(made.status === 0, `${target} builds`)
  return made.status === 0
}

function sizeOf(path: string, isLeftOut: (name: string) => boolean = () => false): number {
  if (!statSync(path).isDirectory()) return statSync(path).size
  return readdirSync(path).filter((name) => !isLeftOut(name)).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function checkPackage(target: string): void {
  const folder = join(root, 'dist/build', target)
  const app = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as { pages: string[]; subPackages?: { root: string; pages: string[] }[] }
  const packages = (app.subPackages ?? []).map((one) => one.root.replace(/\/$/, ''))
  const main = Math.round(sizeOf(folder, (name) => packages.includes(name) || name.startsWith('project.')) / 1024)
  check(main <= MAIN_KB, `${target} main package ${main} KB of ${MAIN_KB}`)
  for (const name of packages) {
    const size = Math.round(sizeOf(join(folder, name)) / 1024)
    check(size <= SUBPACKAGE_KB, `${target} ${name} ${size} KB of ${SUBPACKAGE_KB}`)
  }
  const pages = [...app.pages, ...(app.subPackages ?? []).flatMap((one) => one.pages.map((page) => `${one.root.replace(/\/$/, '')}/${page}`))]
  const missing = pages.filter((page) => !readdirSync(join(folder, page, '..')).includes(`${page.split('/').at(-1)}.js`))
  check(missing.length === 0, `${target} has every page it names${missing.length > 0 ? `: missing ${missing.join(', ')}` : ''}`)
}

/** What the browser fetches for home: the entry and what it and the page preload. */
function checkFirstPage(): void {
  const folder = join(root, 'dist/build/h5')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const scripts = new Set([...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? ''))
  const size = Math.round([...scripts].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0) / 1024)
  check(scripts.size > 0 && size <= FIRST_PAGE_GZIP_KB, `h5 first page ${size} KB gz of ${FIRST_PAGE_GZIP_KB} in ${scripts.size} files`)
}

for (const target of ['mp-weixin', 'mp-toutiao', 'mp-alipay', 'mp-baidu']) if (build(target)) checkPackage(target)
if (build('h5')) checkFirstPage()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
