// Opens the daily bills of WeChat Pay as a stream: hash over the uncompressed bytes, cells that start with a backtick, a summary at the end.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createGunzip } from 'node:zlib'

export type Row = Record<string, string>
/** A whole bill. Its lines can be read as often as needed, some hundred at a time, from the packed bytes. */
export type Bill<T> = Survey & { sha1: string; lines(): AsyncGenerator<T[], unknown> }
export type BillFile<T> = { kind: 'bill'; bill: Bill<T> } | { kind: 'refused'; reason: 'cannot_unpack' | 'hash_differs' | 'malformed' | 'row_malformed' }
type Survey = { columns: string[]; summary: Row; count: number }
type Packing = 'GZIP' | 'none'
/** A row in the caller's words; undefined when it is not as it must be. */
type Read<T> = (row: Row) => T | undefined

const MOST_BYTES = 1024 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024

/**
 * A bill that is cut short, altered or not a bill is refused whole: reconciling half a day is worse than waiting. Amounts stay the yuan texts they are.
 * One pass looks at every byte and every row before anybody acts on the first of them.
 */
export async function openBill<T>(bytes: Buffer, packing: Packing, sha1: string, read: Read<T>): Promise<BillFile<T>> {
  const looked = await lookThrough(bytes, packing, read)
  if (looked === undefined) return { kind: 'refused', reason: 'cannot_unpack' }
  const told = Buffer.from(sha1, 'hex')
  if (told.length !== looked.hash.length || !timingSafeEqual(told, looked.hash)) return { kind: 'refused', reason: 'hash_differs' }
  if (looked.survey === undefined) return { kind: 'refused', reason: 'malformed' }
  if (looked.isStrange) return { kind: 'refused', reason: 'row_malformed' }
  const lines = () => readAll(readRows(unpack(bytes, packing)), read)
  return { kind: 'bill', bill: { ...looked.survey, sha1: looked.hash.toString('hex'), lines } }
}

async function* readAll<T>(rows: AsyncGenerator<Row[], unknown>, read: Read<T>): AsyncGenerator<T[], void> {
  for await (const some of rows) yield some.map(read).filter((line) => line !== undefined)
}

/** Nothing when the bytes are not what they are packed as, or unpack to more than any day can hold. The first number of the summary is how many rows there are: what does not agree with it is not whole. */
async function lookThrough<T>(bytes: Buffer, packing: Packing, read: Read<T>): Promise<{ hash: Buffer; survey: Survey | undefined; isStrange: boolean } | undefined> {
  const hash = createHash('sha1')
  let isStrange = false
  try {
    const rows = readRows(weighed(unpack(bytes, packing), (chunk) => hash.update(chunk)))
    for (let step = await rows.next(); ; step = await rows.next()) {
      if (step.done) return { hash: hash.digest(), survey: step.value !== undefined && Number(Object.values(step.value.summary)[0]) === step.value.count ? step.value : undefined, isStrange }
      isStrange ||= step.value.some((row) => read(row) === undefined)
    }
  } catch {
    return undefined
  }
}

async function* weighed(chunks: AsyncIterable<Buffer>, see: (chunk: Buffer) => void): AsyncGenerator<Buffer, void> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > MOST_BYTES) throw new RangeError('a bill of more than any day can hold')
    see(chunk)
    yield chunk
  }
}

async function* unpack(bytes: Buffer, packing: Packing): AsyncGenerator<Buffer, void> {
  if (packing === 'GZIP') {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
    gunzip.end(bytes)
    yield* gunzip as AsyncIterable<Buffer>
  } else for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

/** Ends with what the bill says of itself, or with nothing when a line was not as it must be. Cells may hold commas: the separator is the comma before a backtick. */
async function* readRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row[], Survey | undefined> {
  const [columns, totals]: [string[], string[]] = [[], []]
  const ends: Row[] = []
  let count = 0
  let isBroken = false
  for await (const lines of linesOf(chunks)) {
    const rows: Row[] = []
    for (const line of lines) {
      const isData = line.startsWith('`')
      if (!isData && columns.length === 0) columns.push(...line.split(','))
      else if (!isData && totals.length === 0) totals.push(...line.split(','))
      else {
        const row = isData && ends.length === 0 ? readRow(totals.length > 0 ? totals : columns, line) : undefined
        if (row === undefined) isBroken = true
        else (totals.length > 0 ? ends : rows).push(row)
      }
    }
    count += rows.length
    if (rows.length > 0) yield rows
  }
  const [summary] = ends
  return summary && !isBroken ? { columns, summary, count } : undefined
}

function readRow(columns: string[], line: string): Row | undefined {
  const cells = line.slice(1).split(',`')
  if (cells.length !== columns.length) return undefined
  const row: Row = {}
  // One by one and always in the same order: rows of a bill share one shape, which a day of many rows feels.
  for (let at = 0; at < cells.length; at += 1) row[columns[at] ?? ''] = cells[at] ?? ''
  return row
}

/** The filled lines of each chunk, without their ends; the byte order mark is taken off. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[], void> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  const filled = (lines: string[]) => lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)).filter((line) => line !== '')
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield filled(lines)
  }
  yield filled([rest + decoder.decode()])
}
