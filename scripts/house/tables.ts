// SQL lives in stores, and a store speaks only about the tables of its own room.
import ts from 'typescript'
import { lineOf, walk, type Finding, type Source } from './sources.ts'

/** Table → `wing/noun` of the room that owns it. */
export type Owners = Map<string, string>

const freeZones = new Set(['kernel', 'migrations', 'server test', 'sandbox', 'scripts', 'front door', 'console', 'miniapp', 'client tools', 'other'])

const statement = /^\s*(select\s[\s\S]+\sfrom\s|select\s+\w+\(|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s+as\s*(not\s+materialized\s*|materialized\s*)?\(|create\s+(table|index|extension)\s|alter\s+table\s|truncate\s|lock\s+table\s)/i

/** Reads who owns what from the migrations: a comment `-- room: wing/noun` stands above each `create table`. */
export function readOwners(sources: Source[]): { owners: Owners; findings: Finding[] } {
  const owners: Owners = new Map()
  const findings: Finding[] = []
  for (const { path, text } of sources.filter((source) => source.zone === 'migrations')) {
    let room: string | undefined
    text.split('\n').forEach((line, index) => {
      room = /^\s*--\s*room:\s*([a-z]+\/[a-z]+|kernel)\b/.exec(line)?.[1] ?? (/^\s*(--.*)?$/.test(line) ? room : keepFor(line, room))
      const table = /^\s*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([a-z_]+)/i.exec(line)?.[1]
      if (!table) return
      if (room) owners.set(table, room)
      else findings.push({ path, line: index + 1, rule: 'tables', advice: `write "-- room: wing/noun" above "create table ${table}": whose table is it?` })
      room = undefined
    })
  }
  return { owners, findings }
}

function keepFor(line: string, room: string | undefined): string | undefined {
  return /^\s*create\s+(unlogged\s+)?table/i.test(line) ? room : undefined
}

export function checkSql(source: Source, owners: Owners): Finding[] {
  const { tree, path } = source
  if (!tree || source.isTest || freeZones.has(source.zone)) return []
  const isStore = source.room !== undefined && path.endsWith('/store.ts')
  return listStatements(tree).flatMap(({ text, line }) => {
    if (!isStore) return [{ path, line, rule: 'sql', advice: 'SQL stands only in a store.ts: move the statement there and give it a name' }]
    if (/\bfor update\b/i.test(text)) return [{ path, line, rule: 'locks', advice: 'lock by "for no key update": a full lock also holds up rows that only point at this one, and deadlocks with them' }]
    return foreignTables(text, source.room ?? '', owners).map((table) => ({
      path, line, rule: 'tables', advice: `${table} belongs to ${owners.get(table)}: ask that room through its actions.ts`,
    }))
  })
}

function foreignTables(text: string, room: string, owners: Owners): string[] {
  if (room.startsWith('insight/')) return []
  const named = [...text.matchAll(/\b(?:from|join|into|update|truncate|table)\s+(?:only\s+)?"?([a-z_]+)"?/gi)].map((match) => (match[1] ?? '').toLowerCase())
  const listed = [...text.matchAll(/\bfrom\s+[a-z_]+(?:\s+(?:as\s+)?[a-z_]+)?\s*,\s*([a-z_]+)/gi)].map((match) => (match[1] ?? '').toLowerCase())
  return [...new Set([...named, ...listed])].filter((table) => owners.has(table) && owners.get(table) !== room)
}

function listStatements(tree: ts.SourceFile): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = []
  walk(tree, (node) => {
    const isTagged = ts.isTaggedTemplateExpression(node) && /^sql\b/.test(node.tag.getText(tree))
    const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)
    if (!isTagged && !isText) return
    if (isText && ts.isTaggedTemplateExpression(node.parent) && /^sql\b/.test(node.parent.tag.getText(tree))) return
    const text = textOf(isTagged ? node.template : node)
    if (isTagged || statement.test(text)) found.push({ text, line: lineOf(tree, node) })
  })
  return found
}

/** The text of a literal, every `${…}` replaced by a parameter. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return ''
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' $ ')
}
