// Fetches a day's bills of WeChat Pay and reads their rows in our own words.
import { cents, type Cents } from '#contracts/words/money.ts'
import { textOf } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import { openBill, type Row } from './bills.ts'
import { exchange, readDistrust, readRefusal, sendSigned, type Line } from './exchange.ts'
import type { DayBill, FundLine, TradeLine, WechatPay } from './shapes.ts'

const FILE_TIMEOUT_MS = 120_000

/** Refused with STATEMENT_CREATING before ten of the next day, with NO_STATEMENT_EXIST for a day without trades. */
export function openBills(line: Line): Pick<WechatPay, 'fetchTradeBill' | 'fetchFundFlow'> {
  return {
    fetchTradeBill: (day) => fetchBill(line, `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`, readTrade),
    fetchFundFlow: (day) => fetchBill(line, `/v3/bill/fundflowbill?bill_date=${day}&account_type=BASIC&tar_type=GZIP`, readMovement),
  }
}

/** Only what is whole is done: a file that is not what was told is unknown, and fetched again later. */
async function fetchBill<T>(line: Line, path: string, read: (row: Row) => T | undefined): Promise<Answer<DayBill<T>>> {
  const patient = { ...line, timeoutMs: FILE_TIMEOUT_MS }
  const told = await exchange(patient, { method: 'GET', path })
  if (told.outcome !== 'told') return told
  const [address, sha1] = [URL.parse(textOf(told.fields, 'download_url') ?? ''), textOf(told.fields, 'hash_value')]
  if (address === null || sha1 === undefined || textOf(told.fields, 'hash_type') !== 'SHA1') return unknown('answer lacks a field')
  // Only the path is theirs to tell: a signed request goes nowhere but to WeChat Pay.
  const got = await sendSigned(patient, { method: 'GET', path: `${address.pathname}${address.search}` })
  if (got.outcome !== 'got') return got
  if (got.status === 401) return readDistrust(line, got)
  if (got.status !== 200) return readRefusal(got, false)
  const file = await openBill(got.bytes, 'GZIP', sha1, read)
  return file.kind === 'bill' ? done(file.bill) : unknown(`bill: ${file.reason}`)
}

/** A row of the trade bill. Bills before 2019 have no order amount of their own. */
export function readTrade(row: Row): TradeLine | undefined {
  const isRefund = row['交易状态'] === 'REFUND' || row['交易状态'] === 'REVOKED'
  const at = instantOf(row['交易时间'])
  const [total, settled, fee] = [row[isRefund ? '申请退款金额' : '订单金额'] ?? row[isRefund ? '退款金额' : '应结订单金额'], row[isRefund ? '退款金额' : '应结订单金额'], row['手续费'] ?? '0'].map(centsOf)
  const [transactionNo, outTradeNo] = [row['微信订单号'], row['商户订单号']]
  if (at === undefined || total === undefined || settled === undefined || fee === undefined || !transactionNo || !outTradeNo) return undefined
  const payment = { transactionNo, outTradeNo, at, total, settled, fee, currency: row['货币种类'] ?? '' }
  if (!isRefund) return { kind: 'payment', ...payment, state: row['交易状态'] ?? '' }
  const [refundNo, outRefundNo] = [row['微信退款单号'], row['商户退款单号']]
  return refundNo && outRefundNo ? { kind: 'refund', ...payment, refundNo, outRefundNo, state: row['退款状态'] ?? '' } : undefined
}

/** A row of the fund flow: what came is positive, what went negative. */
export function readMovement(row: Row): FundLine | undefined {
  const at = instantOf(row['记账时间'])
  const [amount, balance] = [centsOf(row['收支金额（元）']), centsOf(row['账户结余（元）'])]
  const [flowNo, direction] = [row['资金流水单号'], row['收支类型']]
  if (at === undefined || amount === undefined || balance === undefined || !flowNo || (direction !== '收入' && direction !== '支出')) return undefined
  return { flowNo, businessNo: row['微信支付业务单号'] ?? '', evidence: row['业务凭证号'] ?? '', type: row['业务类型'] ?? '', amount: direction === '收入' ? amount : cents(0 - amount), balance, at }
}

/** Fen from a text of yuan with up to five decimals, half a fen away from zero; fees have five. */
export function centsOf(yuan: string | undefined): Cents | undefined {
  const read = /^(-?)(\d{1,11})(?:\.(\d{1,5}))?$/.exec(yuan ?? '')
  if (read === null) return undefined
  const [, sign, whole = '0', decimals = ''] = read
  const exact = Number(whole) * 100_000 + Number(decimals.padEnd(5, '0'))
  const fen = Math.round(exact / 1000)
  return cents(sign === '-' && fen > 0 ? -fen : fen)
}

/** Bills speak Beijing time without saying so. */
function instantOf(text: string | undefined): string | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text ?? '') ? Date.parse(`${text?.replace(' ', 'T')}+08:00`) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString()
}
