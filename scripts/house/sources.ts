// The files of the project as check-house sees them: where each one lives, and its syntax tree.
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import ts from 'typescript'

export type Zone =
  | 'words' | 'contracts' | 'kernel' | 'gateways' | 'room' | 'server' | 'seeds' | 'migrations' | 'server test'
  | 'sandbox' | 'console' | 'miniapp' | 'client tools' | 'front door' | 'scripts' | 'other'

export type Source = {
  path: string
  text: string
  zone: Zone
  /** `wing/noun`, when the file lives in a room. */
  room: string | undefined
  isTest: boolean
  tree: ts.SourceFile | undefined
}

export type Finding = { path: string; line: number; rule: string; advice: string }

const skipped = new Set(['node_modules', 'dist', 'data', '.git', '.cache', 'coverage', 'unpackage', '.ci'])
const codeEndings = new Set(['.ts', '.mts', '.js', '.mjs', '.cjs', '.vue'])
const otherEndings = new Set(['.sql', '.css', '.scss'])

export function readSources(root: string): Source[] {
  return listFiles(root, '').map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listFiles(root, path)
    const ending = extname(entry.name)
    return codeEndings.has(ending) || otherEndings.has(ending) ? [path] : []
  })
}

export function parseSource(path: string, text: string): Source {
  const ending = extname(path)
  const code = ending === '.vue' ? scriptOf(text) : text
  const kind = ['.js', '.mjs', '.cjs'].includes(ending) ? ts.ScriptKind.JS : ts.ScriptKind.TS
  return {
    path,
    text,
    zone: zoneOf(path),
    room: /^server\/modules\/([a-z]+\/[a-z]+)\//.exec(path)?.[1],
    isTest: /\.test\.m?ts$/.test(path) || path.startsWith('e2e/') || path.startsWith('server/test/'),
    tree: codeEndings.has(ending) ? ts.createSourceFile(path, code, ts.ScriptTarget.ESNext, true, kind) : undefined,
  }
}

/** The script of a .vue file on its own lines: everything else becomes blank, so that line numbers stay true. */
function scriptOf(text: string): string {
  const blocks = [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)]
  let at = 0
  let code = ''
  for (const block of blocks) {
    const start = block.index + block[0].indexOf('>') + 1
    const end = start + (block[1] ?? '').length
    code += text.slice(at, start).replace(/[^\n]/g, ' ') + text.slice(start, end)
    at = end
  }
  return code
}

const zones: [RegExp, Zone][] = [
  [/^contracts\/words\//, 'words'],
  [/^contracts\//, 'contracts'],
  [/^server\/kernel\//, 'kernel'],
  [/^server\/gateways\//, 'gateways'],
  [/^server\/modules\//, 'room'],
  [/^server\/seeds\//, 'seeds'],
  [/^server\/migrations\//, 'migrations'],
  [/^server\/test\//, 'server test'],
  [/^server\//, 'server'],
  [/^sandbox\//, 'sandbox'],
  [/^console\/src\//, 'console'],
  [/^miniapp\/src\//, 'miniapp'],
  [/^(console|miniapp)\//, 'client tools'],
  [/^(e2e|bench|simulate)\//, 'front door'],
  [/^scripts\//, 'scripts'],
]

function zoneOf(path: string): Zone {
  return zones.find(([pattern]) => pattern.test(path))?.[1] ?? 'other'
}

export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

/** Calls `visit` for every node below `node`, itself included. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void) {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}
