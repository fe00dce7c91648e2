// What `npm test` counts: failures are never lost, and nothing proves nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { runChecker, runNodeTests, runTogether, runTool, sum } from './commands.ts'

const dir = mkdtempSync(join(tmpdir(), 'sycount-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function write(name: string, source: string): string {
  writeFileSync(join(dir, name), source)
  return join(dir, name)
}

test('a tool counts one, by how it ends', async () => {
  assert.deepEqual(await runTool('true', ['true']), { passed: 1, failed: 0 })
  assert.deepEqual(await runTool('false', ['false']), { passed: 0, failed: 1 })
  assert.deepEqual(await runTool('nothing', ['no-such-program']), { passed: 0, failed: 1 })
})

test('a checker is believed only when it counts, and a bad end is a failure', async () => {
  assert.deepEqual(await runChecker('good', ['sh', '-c', 'echo 3 passed, 0 failed']), { passed: 3, failed: 0 })
  assert.deepEqual(await runChecker('bad', ['sh', '-c', 'echo 3 passed, 2 failed; exit 1']), { passed: 3, failed: 2 })
  assert.deepEqual(await runChecker('crashed', ['sh', '-c', 'echo 3 passed, 0 failed; exit 1']), { passed: 3, failed: 1 })
  assert.deepEqual(await runChecker('silent', ['true']), { passed: 0, failed: 1 })
})

test("node's tests are counted one by one", async () => {
  const good = write('good.mjs', `import { test } from 'node:test'\ntest('a', () => {})\ntest('b', () => {})`)
  const bad = write('bad.mjs', `import { test } from 'node:test'\ntest('a', () => {})\ntest('b', () => { throw new Error('no') })`)
  const broken = write('broken.mjs', `import './missing.mjs'`)
  assert.deepEqual(await runNodeTests([good], 1), { passed: 2, failed: 0 })
  assert.deepEqual(await runNodeTests([good, bad], 2), { passed: 3, failed: 1 })
  assert.equal((await runNodeTests([broken], 1)).failed, 1)
  assert.deepEqual(await runNodeTests([join(dir, '*.nothing')], 1), { passed: 0, failed: 1 })
})

test('files that share a process are counted as well, each with its own beginning and end', async () => {
  const shop = (name: string) => write(`${name}.mjs`, `import { after, before, test } from 'node:test'\nbefore(() => { if (globalThis.open) throw new Error('two at once'); globalThis.open = true })\nafter(() => { globalThis.open = false })\ntest('sells', () => {})`)
  const bad = write('worse.mjs', `import { test } from 'node:test'\ntest('a', () => {})\ntest('b', () => { throw new Error('no') })`)
  const broken = write('broken-too.mjs', `import './missing.mjs'`)
  assert.deepEqual(await runTogether([shop('one'), shop('two'), bad], 1), { passed: 3, failed: 1 })
  assert.deepEqual(await runTogether([shop('three'), bad, shop('four')], 2), { passed: 3, failed: 1 })
  assert.ok((await runTogether([shop('five'), broken], 1)).failed >= 1)
  assert.deepEqual(await runTogether([join(dir, '*.nothing')], 1), { passed: 0, failed: 1 })
})

test('the sum is the sum', () => {
  assert.deepEqual(sum([{ passed: 1, failed: 0 }, { passed: 2, failed: 3 }]), { passed: 3, failed: 3 })
})
