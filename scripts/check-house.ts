// Proves the law of HOUSE.md on every file: prints where it is broken and what to do, and fails.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Finding, Source } from './house/sources.ts'

enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'))

const { readSources } = await import('./house/sources.ts')
const { checkImports, checkRow, readRow } = await import('./house/imports.ts')
const { checkSql, readOwners } = await import('./house/tables.ts')
const { checkPurity } = await import('./house/purity.ts')
const { checkFile, checkSyntax } = await import('./house/syntax.ts')
const { checkTexts } = await import('./house/texts.ts')
const { checkRooms } = await import('./house/rooms.ts')

export function checkHouse(sources: Source[]): Finding[] {
  const rooms = readRow(sources.find((source) => source.path === 'server/modules.ts'))
  const { owners, findings } = readOwners(sources)
  return [
    ...findings,
    ...checkRow(sources, rooms),
    ...checkRooms(sources, owners),
    ...sources.flatMap((source) => [
      ...checkImports(source, rooms),
      ...checkSql(source, owners),
      ...checkPurity(source),
      ...checkSyntax(source),
      ...checkFile(source),
      ...checkTexts(source),
    ]),
  ]
}

function main() {
  const began = performance.now()
  const sources = readSources(join(import.meta.dirname, '..'))
  const findings = checkHouse(sources)
  for (const { path, line, rule, advice } of findings) console.log(`${path}:${line}  ${rule}: ${advice}`)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`check-house: ${sources.length} files, ${findings.length === 0 ? 'nothing' : findings.length} to mend, ${seconds} s`)
  process.exitCode = findings.length > 0 ? 1 : 0
}

if (import.meta.main) main()
