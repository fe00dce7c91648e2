// Pairs are shared between processes and by nobody within one.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isSignedBy, signText } from './keys.ts'
import { openStock } from './stock.ts'

const folder = mkdtempSync(join(tmpdir(), 'shuyuan-stock-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('what one process made the next one takes in the same order, and a torn line is no pair', async () => {
  const path = join(folder, 'not yet there', 'keys')
  const first = openStock(path)
  const made = [await first(), await first()]
  appendFileSync(path, '{"privateKey":"-----BEGIN')
  const second = openStock(path)
  const taken = [await second(), await second(), await second()]
  assert.deepEqual(taken.slice(0, 2), made)
  assert.equal(new Set(taken.map((pair) => pair.privateKey)).size, 3)
  const signature = await signText(taken[1]?.privateKey ?? '', 'words')
  assert.ok(isSignedBy(taken[1]?.publicKey ?? '', Buffer.from('words'), signature))
  assert.ok(!isSignedBy(taken[0]?.publicKey ?? '', Buffer.from('words'), signature))
})

test('without a file every pair is new', async () => {
  const [one, other] = [openStock(undefined), openStock(undefined)]
  assert.notEqual((await one()).privateKey, (await other()).privateKey)
})
