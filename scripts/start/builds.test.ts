// The promises of the built clients: whole or not there, and made anew when their sources are others.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isFresh, replace } from './builds.ts'

const dir = mkdtempSync(join(tmpdir(), 'sybuilds-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function folderOf(name: string, files: Record<string, string>): string {
  const folder = join(dir, name)
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}

test('a build is fresh only for the sources it was made from, and not once another build went over it', () => {
  const served = folderOf('stamped', { 'index.html': 'new', 'made-from.sha256': 'abc' })
  assert.equal(isFresh(served, 'abc'), true)
  assert.equal(isFresh(served, 'abd'), false)
  assert.equal(isFresh(folderOf('built-by-hand', { 'index.html': 'new' }), 'abc'), false)
  assert.equal(isFresh(join(dir, 'nowhere'), 'abc'), false)
})

test('a new build takes the place of the old one and leaves nothing of it', () => {
  const served = folderOf('served', { 'index.html': 'old', 'old.js': '1' })
  replace(served, folderOf('made', { 'index.html': 'new' }))
  assert.equal(readFileSync(join(served, 'index.html'), 'utf8'), 'new')
  assert.equal(existsSync(join(served, 'old.js')), false)
  assert.equal(existsSync(join(dir, 'made-old')), false)
  assert.equal(existsSync(join(dir, 'made')), false)
})

test('the first build needs no place to be ready for it', () => {
  replace(join(dir, 'deep', 'er', 'served'), folderOf('first', { 'index.html': 'one' }))
  assert.equal(readFileSync(join(dir, 'deep', 'er', 'served', 'index.html'), 'utf8'), 'one')
})
