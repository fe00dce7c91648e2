// Who may import whom: only to the left, and other rooms only through their door.
import { posix } from 'node:path'
import ts from 'typescript'
import { lineOf, parseSource, walk, type Finding, type Source, type Zone } from './sources.ts'

type Import = { line: number; target: string; isType: boolean; names: string[] }

const aliases: [string, string][] = [
  ['#contracts/', 'contracts/'],
  ['#kernel/', 'server/kernel/'],
  ['#gateways/', 'server/gateways/'],
  ['#modules/', 'server/modules/'],
  ['#server/', 'server/'],
]

/** What a zone may import of ours; packages are not asked about here. `types` may only be imported as types. */
const allowed: Partial<Record<Zone, { values: Zone[]; types: Zone[] }>> = {
  words: { values: ['words'], types: [] },
  contracts: { values: ['words', 'contracts'], types: [] },
  kernel: { values: ['words', 'contracts', 'kernel'], types: ['server'] },
  gateways: { values: ['words', 'contracts', 'kernel', 'gateways'], types: ['server'] },
  room: { values: ['words', 'contracts', 'kernel', 'gateways', 'room'], types: ['server'] },
  seeds: { values: ['words', 'contracts', 'kernel', 'gateways', 'room', 'seeds', 'server'], types: [] },
  sandbox: { values: ['sandbox'], types: [] },
  console: { values: ['words', 'console'], types: ['contracts'] },
  miniapp: { values: ['words', 'miniapp'], types: ['contracts'] },
  'front door': { values: ['words', 'front door', 'scripts', 'server test', 'client tools'], types: ['contracts'] },
}

/** Within a room: which file may use which other one. */
const insideRoom: Record<string, string[]> = {
  routes: ['actions'],
  jobs: ['actions'],
  callbacks: ['actions'],
  actions: ['rules', 'store'],
  rules: [],
  store: [],
}

export function checkImports(source: Source, rooms: string[]): Finding[] {
  const { tree } = source
  if (!tree) return []
  const isFree = source.isTest && source.zone !== 'sandbox' && source.zone !== 'front door'
  if (isFree) return []
  return listImports(source, tree).flatMap((found) => {
    const judged = judgeZone(source, found) ?? judgeRoom(source, found, rooms)
    return judged ? [{ path: source.path, line: found.line, ...judged }] : []
  })
}

type Judgement = { rule: string; advice: string }

function judgeZone(source: Source, found: Import): Judgement | undefined {
  const law = allowed[source.zone]
  const zone = parseSource(found.target, '').zone
  if (!law || !isOurs(found.target) || zone === 'other') return undefined
  if (law.values.includes(zone)) return undefined
  if (law.types.includes(zone) && found.isType) return undefined
  const advice = law.types.includes(zone)
    ? `import only types of ${zone} here (import type); values come from contracts/words`
    : `${source.zone} may import ${[...law.values, ...law.types].join(', ')}; not ${found.target}`
  return { rule: 'imports', advice }
}

function judgeRoom(source: Source, found: Import, rooms: string[]): Judgement | undefined {
  const other = parseSource(found.target, '').room
  if (!source.room || !other) return undefined
  const file = posix.basename(found.target, '.ts')
  if (other !== source.room) return judgeDoor(source.room, other, file, rooms)
  const place = posix.basename(source.path, '.ts')
  const may = insideRoom[place]
  if (!may || found.isType || may.includes(file)) return undefined
  return { rule: 'room', advice: `${place}.ts may use ${may.map((name) => `${name}.ts`).join(' and ') || 'nothing of its room'}; not ${file}.ts` }
}

function judgeDoor(room: string, other: string, file: string, rooms: string[]): Judgement | undefined {
  if (file !== 'actions') return { rule: 'door', advice: `enter ${other} by its actions.ts; ${file}.ts is private to it` }
  const isPlaced = rooms.includes(other) && rooms.includes(room)
  if (!isPlaced || rooms.indexOf(other) < rooms.indexOf(room)) return undefined
  return { rule: 'left only', advice: `${other} stands right of ${room} in server/modules.ts: tell a fact and let it listen` }
}

function isOurs(target: string): boolean {
  return !target.startsWith('package:')
}

function listImports(source: Source, tree: ts.SourceFile): Import[] {
  const found: Import[] = []
  const add = (node: ts.Node, specifier: string, isType: boolean, names: string[] = []) =>
    found.push({ line: lineOf(tree, node), target: resolveTarget(source.path, specifier), isType, names })
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) add(node, node.moduleSpecifier.text, isTypeImport(node))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) add(node, node.moduleSpecifier.text, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) add(node, node.argument.literal.text, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments
      if (first && ts.isStringLiteralLike(first)) add(node, first.text, false)
    }
  })
  return found
}

function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const bindings = clause.namedBindings
  return !clause.name && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly)
}

function resolveTarget(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), specifier))
  const alias = aliases.find(([name]) => specifier.startsWith(name))
  if (alias) return alias[1] + specifier.slice(alias[0].length)
  const client = /^(console|miniapp)\//.exec(path)?.[1]
  if (client && specifier.startsWith('@/')) return `${client}/src/${specifier.slice(2)}`
  return `package:${specifier}`
}

/** The rooms in their order: `wing/noun` as they first appear in server/modules.ts. */
export function readRow(list: Source | undefined): string[] {
  const text = list?.text ?? ''
  // The list itself when there is one: rooms without doors of their own are imported by nobody here.
  const row = text.slice(Math.max(0, text.indexOf('export const rooms')))
  const found = row.replace(/^\s*\/\/.*$/gm, '').matchAll(/\b([a-z]+\/[a-z]+)(?=['"]|\/[a-z]+\.ts)/g)
  return [...new Set([...found].map((match) => match[1] ?? ''))]
}

export function checkRow(sources: Source[], rooms: string[]): Finding[] {
  const list = 'server/modules.ts'
  const living = [...new Set(sources.flatMap((source) => source.room ?? []))]
  return living
    .filter((room) => !rooms.includes(room))
    .map((room) => ({ path: list, line: 1, rule: 'row of rooms', advice: `server/modules/${room} is not in the list: give it its place` }))
}
