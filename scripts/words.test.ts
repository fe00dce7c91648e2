// Every room and every table is named by a noun that docs/words.md gives a Chinese word.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRow } from './house/imports.ts'
import { parseSource } from './house/sources.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const known = new Set(read('docs/words.md').split('\n').flatMap((line) => line.split('|').slice(2).join(' ').toLowerCase().match(/[a-z]+/g) ?? []))

function strangersAmong(names: string[]): string[] {
  return names.filter((name) => ![name, name.replace(/ies$/, 'y'), name.replace(/s$/, ''), name.replace(/(ch|s|sh|x)es$/, '$1')].some((form) => known.has(form)))
}

test('rooms are words', () => {
  const nouns = readRow(parseSource('server/modules.ts', read('server/modules.ts'))).map((room) => room.split('/')[1] ?? '')
  assert.ok(nouns.length > 20)
  assert.deepEqual(strangersAmong(nouns), [])
})

test('tables are words', () => {
  const tables = readdirSync(join(root, 'server/migrations')).flatMap((file) => [...read(`server/migrations/${file}`).matchAll(/^create table (\w+)/gm)].map((found) => found[1] ?? ''))
  assert.ok(tables.length > 30)
  assert.deepEqual(strangersAmong([...new Set(tables.flatMap((table) => table.split('_')))]), [])
})
