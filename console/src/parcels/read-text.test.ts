// A file comes back whole from either encoding.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from './read-text.ts'

test('what Excel writes in Chinese is read as well as UTF-8, with its mark at the beginning or without', () => {
  const gbk = Uint8Array.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5])
  assert.equal(readText(gbk), '订单号')
  assert.equal(readText(new TextEncoder().encode('订单号')), '订单号')
  assert.equal(readText(new TextEncoder().encode('\ufeff订单号')), '订单号')
})
