// A room that new-module makes is one that check-house lets stand.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { checkHouse } from './check-house.ts'
import { readRow } from './house/imports.ts'
import { parseSource, readSources } from './house/sources.ts'
import { makeRoom } from './new-module.ts'
import { isProblem } from './problem.ts'

const root = mkdtempSync(join(tmpdir(), 'syroom-'))
after(() => rmSync(root, { recursive: true, force: true }))
for (const folder of ['contracts', 'server']) cpSync(join(import.meta.dirname, '..', folder), join(root, folder), { recursive: true })

function row(): string[] {
  return readRow(parseSource('server/modules.ts', readFileSync(join(root, 'server/modules.ts'), 'utf8')))
}

test('a new room stands behind its wing, in both lists, and breaks no law', () => {
  const before = { row: row(), findings: checkHouse(readSources(root)).length }
  const made = makeRoom(root, { wing: 'learning', noun: 'notes' })
  assert.equal(made.filter((path) => path.startsWith('server/modules/learning/notes/')).length, 6)
  assert.equal(checkHouse(readSources(root)).length, before.findings)
  const left = before.row.filter((name) => /^(academy|people|trust|content|money|trade|learning)\//.test(name)).length
  assert.deepEqual(row(), before.row.toSpliced(left, 0, 'learning/notes'))
  assert.match(readFileSync(join(root, 'contracts/all.ts'), 'utf8'), /import \{ notesRoutes \} from '.\/notes.ts'[^]*\.\.\.notesRoutes,\n\}/)
  assert.match(readFileSync(join(root, 'server/modules.ts'), 'utf8'), /notesRoutes/)
})

test('a room that is there, an unknown wing and two nouns are refused', () => {
  const refused = (wing: string, noun: string, pattern: RegExp) => assert.throws(() => makeRoom(root, { wing, noun }), (thrown) => isProblem(thrown) && pattern.test(thrown.message))
  refused('learning', 'notes', /is there already/)
  refused('kitchen', 'pots', /no wing kitchen/)
  refused('learning', 'course-notes', /one lower-case noun/)
})
