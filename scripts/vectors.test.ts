// npm run vectors: passes what is right, fails what is not, skips what no gateway speaks, and says so by its exit code.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'

type File = { keys: object; vectors: { name: string; kind: string; inputs: Record<string, unknown>; expected: Record<string, unknown> }[] }

const root = resolve(import.meta.dirname, '..')
const own = join(root, 'server/gateways/vectors.json')
const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
after(() => rmSync(folder, { recursive: true }))

function run(...files: string[]): Promise<{ code: number; last: string; out: string }> {
  return new Promise((settle) => {
    execFile(process.execPath, ['scripts/vectors.ts', ...files], { cwd: root }, (error, out) => {
      settle({ code: error === null ? 0 : Number(error.code), last: out.trim().split('\n').at(-1) ?? '', out })
    })
  })
}

function write(file: File): string {
  const path = join(folder, `${Math.random()}.json`)
  writeFileSync(path, JSON.stringify(file))
  return path
}

function read(): File {
  return JSON.parse(readFileSync(own, 'utf8')) as File
}

test('the vectors of the project pass', async () => {
  const { code, last } = await run(own)
  assert.equal(last, `${read().vectors.length} passed, 0 failed, 0 skipped`)
  assert.equal(code, 0)
})

test('an expectation that does not hold fails, for every vector there is', async () => {
  const file = read()
  const flip = (value: unknown): unknown => (typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value}x` : ['other'])
  const vectors = file.vectors.map((vector) => {
    const [name = '', value] = Object.entries(vector.expected).find(([key]) => !/^(reason|error)$/.test(key)) ?? []
    const expected = vector.expected['error'] === true ? { plaintext: 'x' } : { ...vector.expected, [name]: flip(value) }
    return { ...vector, expected }
  })
  const { code, last } = await run(write({ ...file, vectors }))
  assert.equal(last, `0 passed, ${vectors.length} failed, 0 skipped`)
  assert.equal(code, 1)
})

test('unknown kinds are skipped by name, an empty file is no proof', async () => {
  const file = read()
  const mixed = write({ ...file, vectors: [...file.vectors.slice(0, 1), { name: 'n', kind: 'douyin.ecpay_sign', inputs: {}, expected: {} }] })
  const { code, last, out } = await run(mixed)
  assert.equal(last, '1 passed, 0 failed, 1 skipped')
  assert.match(out, /skipped {2}douyin\.ecpay_sign/)
  assert.equal(code, 0)
  assert.equal((await run(write({ ...file, vectors: [] }))).code, 1)
  assert.equal((await run()).code, 2)
})
