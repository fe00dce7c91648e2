// Promises about reading untrusted fields.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { centsOf, fieldOf, fieldsOf, filledText, instantOf, instantOfSeconds, listOf, readJson, textOf, wholeOf } from './fields.ts'

test('only own properties are fields', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(fieldOf({}, name), undefined, name)
    assert.equal(fieldOf(readJson('{}'), name), undefined, name)
  }
  assert.equal(textOf(readJson('{"__proto__":{"appid":"wx"}}'), 'appid'), undefined)
  assert.equal(fieldOf(undefined, 'a'), undefined)
})

test('only a JSON object is read', () => {
  for (const text of ['', 'null', '1', '"x"', '[]', '{', '{"a":1}x', '<xml></xml>', '['.repeat(200_000)]) assert.equal(readJson(text), undefined, text.slice(0, 10))
  assert.deepEqual(readJson('{"a":1}'), { a: 1 })
})

test('a number is whole and safe, also as digits', () => {
  const fields = { a: 1, b: '2', c: 1.5, d: '1.5', e: 2 ** 53, f: '9'.repeat(16), g: null, h: true, i: '', j: '-3', k: '0x1', l: Number.NaN, m: [1] }
  const read = Object.keys(fields).map((name) => wholeOf(fields, name))
  assert.deepEqual(read, [1, 2, undefined, undefined, undefined, undefined, undefined, undefined, undefined, -3, undefined, undefined, undefined])
  assert.equal(centsOf({ total: '9900' }, 'total'), 9900)
})

test('texts, lists and parts of another kind are nothing', () => {
  const fields = { text: 'x', empty: '', number: 1, list: [{ a: 1 }, null, 2, []], part: { a: 1 } }
  assert.equal(filledText(fields, 'empty'), undefined)
  assert.equal(filledText(fields, 'number'), undefined)
  assert.deepEqual(listOf(fields, 'list'), [{ a: 1 }])
  assert.deepEqual(listOf(fields, 'part'), [])
  assert.equal(fieldsOf(fields, 'list'), undefined)
  assert.deepEqual(fieldsOf(fields, 'part'), { a: 1 })
})

test('instants become ISO in UTC, or nothing', () => {
  assert.equal(instantOf({ at: '2026-11-21T11:00:00+08:00' }, 'at'), '2026-11-21T03:00:00.000Z')
  for (const at of ['', 'yesterday', 5, undefined]) assert.equal(instantOf({ at }, 'at'), undefined)
  assert.equal(instantOfSeconds({ at: 1795230000 }, 'at'), new Date(1795230000_000).toISOString())
  for (const at of [0, -1, '', 9e15]) assert.equal(instantOfSeconds({ at }, 'at'), undefined, String(at))
})
