// Cells of an exported file are text, whatever somebody called themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvCell } from './csv.ts'

test('what a spreadsheet would take for a formula stays text', () => {
  for (const value of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '　=1', '＝1', '＋1', '－1', '＠a']) assert.equal(csvCell(value), `"'${value}"`, JSON.stringify(value))
})

test('commas, quotes and lines stay inside their cell, and plain words as they are', () => {
  assert.equal(csvCell('a,"b"\n=c'), '"a,""b""\n=c"')
  for (const value of ['', '书', '1-2', 'a=b', '138****0001', '99.00']) assert.equal(csvCell(value), `"${value}"`)
})
