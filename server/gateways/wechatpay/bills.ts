// Opens the daily bills of WeChat Pay as a stream: hash over the uncompressed bytes, cells that start with a backtick, a summary at the end.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createGunzip } from 'node:zlib'

export type Row = Record<string, string>
/** A whole bill. Its rows can be read as often as needed, some hundred at a time, from the packed bytes. */
export type Bill = Survey & { sha1: string; rows(): AsyncGenerator<Row[], unknown> }
export type BillFile = { kind: 'bill'; bill: Bill } | { kind: 'refused'; reason: 'cannot_unpack' | 'hash_differs' | 'malformed' }
type Survey = { columns: string[]; summary: Row; count: number }
type Packing = 'GZIP' | 'none'

const MOST_BYTES = 1024 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024

/** A bill that is cut short, altered or not a bill is refused whole: reconciling half a day is worse than waiting. Amounts stay the yuan texts they are. */
export async function openBill(bytes: Buffer, packing: Packing, sha1: string): Promise<BillFile> {
  const found = await hashOf(bytes, packing)
  if (found === undefined) return { kind: 'refused', reason: 'cannot_unpack' }
  const told = Buffer.from(sha1, 'hex')
  if (told.length !== found.length || !timingSafeEqual(told, found)) return { kind: 'refused', reason: 'hash_differs' }
  const read = () => readRows(unpack(bytes, packing))
  const survey = await surveyOf(read())
  return survey === undefined ? { kind: 'refused', reason: 'malformed' } : { kind: 'bill', bill: { ...survey, sha1: found.toString('hex'), rows: read } }
}

/** Nothing when the bytes are not what they are packed as, or unpack to more than any day can hold. */
async function hashOf(bytes: Buffer, packing: Packing): Promise<Buffer | undefined> {
  const hash = createHash('sha1')
  let length = 0
  try {
    for await (const chunk of unpack(bytes, packing)) {
      length += chunk.length
      if (length > MOST_BYTES) return undefined
      hash.update(chunk)
    }
    return hash.digest()
  } catch {
    return undefined
  }
}

/** The first number of the summary is how many rows there are: what does not agree with it is not whole. */
async function surveyOf(rows: AsyncGenerator<Row[], Survey | undefined>): Promise<Survey | undefined> {
  for (;;) {
    const step = await rows.next()
    if (step.done) return step.value !== undefined && Number(Object.values(step.value.summary)[0]) === step.value.count ? step.value : undefined
  }
}

async function* unpack(bytes: Buffer, packing: Packing): AsyncGenerator<Buffer, void> {
  if (packing === 'GZIP') {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
    gunzip.end(bytes)
    yield* gunzip as AsyncIterable<Buffer>
  } else for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

/** Ends with what the bill says of itself, or with nothing when a line is not as it must be. Cells may hold commas: the separator is the comma before a backtick. */
async function* readRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row[], Survey | undefined> {
  const [columns, totals]: [string[], string[]] = [[], []]
  const ends: Row[] = []
  let count = 0
  for await (const lines of linesOf(chunks)) {
    const rows: Row[] = []
    for (const line of lines) {
      const isData = line.startsWith('`')
      if (!isData && columns.length === 0) columns.push(...line.split(','))
      else if (!isData && totals.length === 0) totals.push(...line.split(','))
      else {
        const row = isData && ends.length === 0 ? readRow(totals.length > 0 ? totals : columns, line) : undefined
        if (row === undefined) return undefined
        ;(totals.length > 0 ? ends : rows).push(row)
      }
    }
    count += rows.length
    if (rows.length > 0) yield rows
  }
  const [summary] = ends
  return summary && { columns, summary, count }
}

function readRow(columns: string[], line: string): Row | undefined {
  const cells = line.slice(1).split(',`')
  return cells.length === columns.length ? Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) : undefined
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
