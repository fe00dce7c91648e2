// Fetches a day's bill of Alipay: a zip with the details in GBK, told by an address that works for half a minute.
import { createHash } from 'node:crypto'
import { cents, type Cents } from '#contracts/words/money.ts'
import { filledText } from '../fields.ts'
import { done, sendParcel, unknown, type Answer } from '../wire.ts'
import { openZip, type ZipFile } from '../zip.ts'
import { exchange, type Line } from './exchange.ts'
import { centsOfYuan } from '../yuan.ts'
import { instantOf } from './read.ts'
import type { AlipayBill, AlipayBillRow } from './shapes.ts'

const FILE_TIMEOUT_MS = 120_000
const MOST_BYTES = 1024 * 1024 * 1024
const DETAILS = '业务明细.csv'
const COLUMNS = 25

type Cells = (column: string) => string
/** What the end of the file says of the day: how many payments, how many refunds, and what they came to. */
type Totals = { payments: number; refunds: number }

/** Only what is whole is done: a file that does not agree with its own sums is unknown, and fetched again later. */
export async function fetchBill(line: Line, day: string): Promise<Answer<AlipayBill>> {
  const told = await exchange(line, { method: 'alipay.data.dataservice.bill.downloadurl.query', content: { bill_type: 'trade', bill_date: day } })
  if (told.outcome !== 'done') return told
  const address = URL.parse(filledText(told.value, 'bill_download_url') ?? '')
  if (address === null || !isAlipays(line, address)) return unknown('answer lacks a field')
  const got = await sendParcel({ method: 'GET', url: address.href, headers: { 'user-agent': 'shuyuan' }, timeoutMs: FILE_TIMEOUT_MS })
  if (got.outcome !== 'got') return got
  if (got.status !== 200) return unknown(`status ${got.status}`)
  const file = (await openZip(got.bytes, 'gbk'))?.find((one) => one.name.endsWith(DETAILS))
  if (file === undefined || file.sizeBytes > MOST_BYTES) return unknown('bill: cannot_unpack')
  return open(file, createHash('sha1').update(got.bytes).digest('hex'))
}

/** The address comes in a signed answer, and leads to Alipay all the same. */
function isAlipays(line: Line, address: URL): boolean {
  return address.origin === new URL(line.baseUrl).origin || (address.hostname.endsWith('.alipay.com') && /^https?:$/.test(address.protocol))
}

async function open(file: ZipFile, sha1: string): Promise<Answer<AlipayBill>> {
  const count = { payment: 0, refund: 0 }
  try {
    for (let rows = readRows(file), step = await rows.next(); ; step = await rows.next()) {
      if (step.done) return isWhole(step.value, count) ? done({ sha1, count: count.payment + count.refund, lines: () => readRows(file) }) : unknown('bill: malformed')
      for (const row of step.value) count[row.kind] += 1
    }
  } catch {
    return unknown('bill: cannot_unpack')
  }
}

function isWhole(told: Totals | undefined, count: { payment: number; refund: number }): boolean {
  return told !== undefined && told.payments === count.payment && told.refunds === count.refund
}

/** Ends with the totals, or with nothing when a line is not as it must be. Lines that begin with # are words about the file. */
async function* readRows(file: ZipFile): AsyncGenerator<AlipayBillRow[], Totals | undefined> {
  let columns: Map<string, number> | undefined
  const totals = { payments: -1, refunds: -1 }
  let isBroken = false
  for await (const lines of linesOf(file.unpack())) {
    const rows: AlipayBillRow[] = []
    for (const line of lines) {
      if (line.startsWith('#')) readTotal(line, totals)
      else if (columns === undefined) columns = new Map(line.split(',').map((name, at) => [name.trim(), at]))
      else {
        const row = readRow(columns, line)
        if (row === undefined) isBroken = true
        else rows.push(row)
      }
    }
    if (rows.length > 0) yield rows
  }
  return isBroken || totals.payments < 0 || totals.refunds < 0 ? undefined : totals
}

function readTotal(line: string, totals: Totals): void {
  const found = /^#(交易|退款)合计：(\d+)笔/.exec(line)
  if (found?.[1] === '交易') totals.payments = Number(found[2])
  if (found?.[1] === '退款') totals.refunds = Number(found[2])
}

function readRow(columns: Map<string, number>, line: string): AlipayBillRow | undefined {
  const all = line.split(',')
  return all.length === COLUMNS ? readTrade((column) => (all[columns.get(column) ?? -1] ?? '').trim()) : undefined
}

/** Alipay writes what leaves the merchant with a minus: refunds, and the fee of a payment. */
export function readTrade(cell: Cells): AlipayBillRow | undefined {
  const kind = cell('业务类型') === '交易' ? 'payment' : cell('业务类型') === '退款' ? 'refund' : undefined
  const [tradeNo, outTradeNo, outRefundNo, at] = [cell('支付宝交易号'), cell('商户订单号'), cell('退款批次号/请求号'), instantOf(cell('完成时间'))]
  const [total, settled, fee] = [signed(cell('订单金额（元）')), signed(cell('商家实收（元）')), signed(cell('服务费（元）') || '0')]
  if (kind === undefined || tradeNo === '' || outTradeNo === '' || at === undefined || total === undefined || settled === undefined || fee === undefined) return undefined
  if (kind === 'refund' && (outRefundNo === '' || total > 0)) return undefined
  const sign = kind === 'refund' ? -1 : 1
  return { kind, tradeNo, outTradeNo, outRefundNo, at, total: cents(0 + sign * total), settled: cents(0 + sign * settled), fee: cents(0 - fee) }
}

function signed(yuan: string): Cents | undefined {
  const isMinus = yuan.startsWith('-')
  const sum = centsOfYuan(isMinus ? yuan.slice(1) : yuan)
  return sum === undefined || !isMinus ? sum : cents(0 - sum)
}

/** The filled lines of each chunk, from GBK. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[], void> {
  const decoder = new TextDecoder('gbk')
  let rest = ''
  const filled = (lines: string[]) => lines.map((line) => line.trimEnd()).filter((line) => line !== '')
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield filled(lines)
  }
  yield filled([rest + decoder.decode()])
}
