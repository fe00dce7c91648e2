// How heavy the builds are, against the budget.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { isProjectFile, rootOf, type Package } from './package.ts'

const MAIN_KB = 300
const SUBPACKAGE_KB = 200
const FIRST_PAGE_GZIP_KB = 110

export type Weight = { what: string; isGood: boolean }

export function weighPackage(pkg: Package): Weight[] {
  return ['', ...pkg.roots].map((root) => {
    const bytes = pkg.files.filter((file) => rootOf(pkg, file) === root && !isProjectFile(file)).reduce((sum, file) => sum + statSync(join(pkg.folder, file)).size, 0)
    return weight(root || 'main package', Math.round(bytes / 1024), root ? SUBPACKAGE_KB : MAIN_KB)
  })
}

/** What the browser fetches for home: the entry and what it and the page preload. */
export function weighFirstPage(folder: string): Weight {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const scripts = new Set([...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? ''))
  const bytes = [...scripts].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0)
  const { what, isGood } = weight(`first page in ${scripts.size} files, gz`, Math.round(bytes / 1024), FIRST_PAGE_GZIP_KB)
  return { what, isGood: isGood && scripts.size > 0 }
}

function weight(name: string, size: number, most: number): Weight {
  return { what: `${name} ${size} KB of ${most}`, isGood: size <= most }
}
