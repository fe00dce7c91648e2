// Every variable that the product reads stands in docs/operate, and none that it does not read.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const page = read('docs/operate/README.md')
const asked = new Set(['server/config.ts', 'scripts/start/main.ts', 'scripts/start/vendors.ts'].flatMap((path) => [...read(path).matchAll(/\b(?:env\w*\['|(?:text|needed|number|choice|pem)\(')([A-Z][A-Z0-9_]+)'/g)].map((found) => found[1] ?? '')))

test('every variable is explained', () => {
  assert.ok(asked.size > 40)
  assert.deepEqual([...asked].filter((name) => !page.includes(`\`${name}\``)), [])
})

test('nothing is explained that nobody reads', () => {
  const told = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap((row) => [...(row[1] ?? '').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map((found) => found[1] ?? ''))
  assert.ok(told.length > 40)
  assert.deepEqual(told.filter((name) => !asked.has(name)), [])
})
