// Reads the daily bills of WeChat Pay: hash over the uncompressed bytes, cells that start with a backtick, a summary at the end.
import { createHash, timingSafeEqual } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

export type Bill = { columns: string[]; rows: Record<string, string>[]; summary: Record<string, string> }
export type BillFile = { kind: 'bill'; bill: Bill; sha1: string } | { kind: 'refused'; reason: 'cannot_unpack' | 'hash_differs' | 'malformed' }

const MOST_BYTES = 512 * 1024 * 1024

/** A bill that is cut short, altered or not a bill is refused whole: reconciling half a day is worse than waiting. */
export function openBill(bytes: Buffer, packing: 'GZIP' | 'none', sha1: string): BillFile {
  const plain = packing === 'GZIP' ? unpack(bytes) : bytes
  if (plain === undefined) return { kind: 'refused', reason: 'cannot_unpack' }
  const found = createHash('sha1').update(plain).digest()
  const told = Buffer.from(sha1, 'hex')
  if (told.length !== found.length || !timingSafeEqual(told, found)) return { kind: 'refused', reason: 'hash_differs' }
  const bill = parseBill(plain.toString('utf8'))
  return bill === undefined ? { kind: 'refused', reason: 'malformed' } : { kind: 'bill', bill, sha1: found.toString('hex') }
}

/** Amounts stay the yuan texts they are; cells may contain commas, so the separator is the comma before a backtick. */
export function parseBill(text: string): Bill | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line !== '')
  const [header, ...rest] = lines
  const [summaryHeader, summaryLine] = rest.slice(-2)
  if (header === undefined || summaryHeader === undefined || summaryLine === undefined || !summaryLine.startsWith('`') || summaryHeader.startsWith('`')) return undefined
  const columns = header.split(',')
  const rows = rest.slice(0, -2).map((line) => readRow(columns, line))
  const summary = readRow(summaryHeader.split(','), summaryLine)
  if (summary === undefined || rows.includes(undefined)) return undefined
  return { columns, rows: rows.filter((row) => row !== undefined), summary }
}

function readRow(columns: string[], line: string): Record<string, string> | undefined {
  const cells = line.startsWith('`') ? line.slice(1).split(',`') : []
  return cells.length === columns.length ? Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) : undefined
}

function unpack(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES })
  } catch {
    return undefined
  }
}
