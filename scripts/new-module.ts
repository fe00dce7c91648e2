// `npm run new-module trust/reports`: an empty room that compiles, passes check-house and stands in the row.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRow } from './house/imports.ts'
import { parseSource } from './house/sources.ts'
import { explain, problem } from './problem.ts'

/** Left to right, as HOUSE.md has them. */
const wings = ['academy', 'people', 'trust', 'content', 'money', 'trade', 'learning', 'together', 'growth', 'showcase', 'reach', 'insight']

type Room = { wing: string; noun: string }
type Text = [path: string, text: string]

/** Makes the room below `root`; nothing is written when anything stands in its way. */
export function makeRoom(root: string, { wing, noun }: Room): string[] {
  if (!wings.includes(wing)) throw problem(`There is no wing ${wing}; the wings are ${wings.join(', ')}.`)
  if (!/^[a-z]+$/.test(noun)) throw problem(`A room is one lower-case noun, such as "notes"; not "${noun}".`)
  const files = filesOf({ wing, noun })
  const taken = Object.keys(files).filter((path) => existsSync(join(root, path)))
  if (taken.length > 0) throw problem(`${taken.join(', ')} is there already.`)
  const lists = [enterContracts(root, noun), enterRow(root, { wing, noun })]
  mkdirSync(join(root, 'server', 'modules', wing, noun), { recursive: true })
  for (const [path, text] of [...Object.entries(files), ...lists]) writeFileSync(join(root, path), text)
  return [...Object.keys(files), ...lists.map(([path]) => path)]
}

function filesOf({ wing, noun }: Room): Record<string, string> {
  const room = `server/modules/${wing}/${noun}`
  const table = `${noun}Routes`
  return {
    [`contracts/${noun}.ts`]: `// What is promised about ${noun}: shapes, then routes.\nimport type { RouteTable } from './route.ts'\n\nexport const ${table} = {} satisfies RouteTable\n`,
    [`${room}/routes.ts`]: `// What may be asked about ${noun}.\nimport type { ${table} } from '#contracts/${noun}.ts'\nimport type { Handlers } from '#kernel/serve.ts'\n\nexport const routes: Handlers<typeof ${table}> = {}\n`,
    [`${room}/actions.ts`]: `// The verbs of ${noun}: one transaction each.\n`,
    [`${room}/rules.ts`]: `// What is decided about ${noun}; pure.\n`,
    [`${room}/store.ts`]: `// Remembers ${noun}.\n`,
    [`${room}/jobs.ts`]: `// What ${noun} do later, and to what they listen.\nimport type { JobTable } from '#kernel/jobs.ts'\n\nexport const jobs: JobTable = {}\n`,
    [`${room}/${noun}.test.ts`]: `// The promises of ${noun}.\nimport { test } from 'node:test'\nimport assert from 'node:assert/strict'\nimport { ${table} } from '#contracts/${noun}.ts'\nimport { routes } from './routes.ts'\n\ntest('every promised route has its handler', () => {\n  assert.deepEqual(Object.keys(routes).toSorted(), Object.keys(${table}).toSorted())\n})\n`,
  }
}

/** The contract joins the list of every route there is. */
function enterContracts(root: string, noun: string): Text {
  const path = 'contracts/all.ts'
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  lines.splice(lines.findLastIndex((line) => line.startsWith('import ')) + 1, 0, `import { ${noun}Routes } from './${noun}.ts'`)
  const end = lines.findIndex((line, at) => line === '}' && lines.slice(0, at).some((before) => before.startsWith('export const allRoutes')))
  if (end < 0) throw problem(`${path} has no list allRoutes any more: enter the contract by hand.`)
  lines.splice(end, 0, `  ...${noun}Routes,`)
  return [path, lines.join('\n')]
}

/** The room stands behind the last one of its wing, or of the wings left of it, and is entered in the list as that one is. */
function enterRow(root: string, room: Room): Text {
  const path = 'server/modules.ts'
  const text = readFileSync(join(root, path), 'utf8')
  const neighbour = readRow(parseSource(path, text)).findLast((name) => wings.indexOf(name.split('/')[0] ?? '') <= wings.indexOf(room.wing))
  if (!neighbour) throw problem(`${path} has no room left of ${room.wing}: enter it by hand.`)
  const lines = text.split('\n')
  const isImport = (line: string) => line.startsWith('import ')
  const paths = lines.filter((line) => isImport(line) && line.includes(`modules/${neighbour}/`))
  const aliases = paths.flatMap(namesOf)
  const entries = lines.filter((line) => !isImport(line) && (line.includes(neighbour) || aliases.some((alias) => hasWord(line, alias))))
  const tables = entries.flatMap((line) => line.match(/\b\w+Routes\b/g) ?? [])
  const contracts = lines.filter((line) => isImport(line) && line.includes('#contracts/') && tables.some((table) => hasWord(line, table)))
  const copied = new Set([...paths, ...contracts, ...entries])
  return [path, lines.flatMap((line) => (copied.has(line) ? [line, likeNeighbour(line, neighbour, aliases, room)] : [line])).join('\n')]
}

/** The local names of an import. */
function namesOf(line: string): string[] {
  const [, list = ''] = /import (?:type )?(?:\* as (\w+)|.*)/.exec(line) ?? []
  if (list) return [list]
  const inner = /\{(.*)\}/.exec(line)?.[1] ?? ''
  return inner.split(',').map((part) => part.trim().split(' as ').pop() ?? '').filter((name) => name !== '')
}

function hasWord(line: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(line)
}

function likeNeighbour(line: string, neighbour: string, aliases: string[], { wing, noun }: Room): string {
  const old = neighbour.split('/')[1] ?? ''
  const single = old.replace(/s$/, '')
  const renamed = aliases.map((alias) => [alias, alias.includes(single) ? alias.replace(old, noun).replace(single, noun) : `${noun}${alias.charAt(0).toUpperCase()}${alias.slice(1)}`] as const)
  const moved = line.replaceAll(neighbour, `${wing}/${noun}`).replace(/#contracts\/\w+\.ts/, `#contracts/${noun}.ts`).replace(/\b\w+Routes\b/g, `${noun}Routes`)
  return renamed.reduce((text, [alias, name]) => text.replace(new RegExp(`\\b${alias}\\b(?!/)`, 'g'), name), moved)
}

function main() {
  const [wing = '', noun = ''] = (process.argv[2] ?? '').split('/')
  try {
    for (const path of makeRoom(join(import.meta.dirname, '..'), { wing, noun })) console.log(path)
    console.log(`\nThe room stands. Next: the words in docs/words.md, the contract, then a migration with "-- room: ${wing}/${noun}" above each table.`)
  } catch (thrown) {
    console.error(explain(thrown))
    process.exitCode = 1
  }
}

if (import.meta.main) main()
