// A day's bills of each rail of payment, fetched and read in one set of words.
import type { BilledRail } from '#contracts/reconciliation.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { AlipayBillRow } from '#gateways/alipay/shapes.ts'
import type { FundLine, TradeLine } from '#gateways/wechatpay/shapes.ts'
import type { Answer } from '#gateways/wire.ts'
import type { Ctx } from '#kernel/ctx.ts'

/** A line of a bill of trades. `total` is what was agreed or asked back, `settled` what of it reached the merchant or left him; a fee that came back is negative. */
export type BillLine = { kind: 'payment' | 'refund'; number: string; vendorNumber: string; tradeNumber: string; at: string; state: string; total: Cents; settled: Cents; fee: Cents }
type Told<T> = { sha1: string; lines(): AsyncGenerator<T[], unknown> }
/** `trades` is null for a day of which the rail says that it has nothing to bill; `flow` also where the rail has no such bill. */
export type DayBills = { isHere: true; trades: Told<BillLine> | null; flow: Told<FundLine> | null } | { isHere: false; problem: string }

export type { FundLine }

/** The rails that tell their trades line by line. */
export const billedRails: BilledRail[] = ['wechat_pay', 'alipay']

export type { BilledRail }

export function isReady(ctx: Ctx, rail: BilledRail): boolean {
  return rail === 'alipay' ? ctx.gateways.alipay.isReady : ctx.gateways.wechatPay.isReady
}

/** WeChat Pay bills its trades and the movements of the account apart; Alipay's trades tell the fee of each themselves. */
export async function fetchDay(ctx: Ctx, rail: BilledRail, day: string): Promise<DayBills> {
  if (rail === 'alipay') {
    const trades = await ctx.gateways.alipay.fetchTradeBill(day)
    return isTold(trades) ? { isHere: true, trades: inOurWords(trades, lineOfAlipay), flow: null } : { isHere: false, problem: problemOf(trades) }
  }
  const trades = await ctx.gateways.wechatPay.fetchTradeBill(day)
  if (!isTold(trades)) return { isHere: false, problem: problemOf(trades) }
  const flow = await ctx.gateways.wechatPay.fetchFundFlow(day)
  return isTold(flow) ? { isHere: true, trades: inOurWords(trades, lineOfWechatPay), flow: inOurWords(flow, (line) => line) } : { isHere: false, problem: problemOf(flow) }
}

const nothingToBill = ['NO_STATEMENT_EXIST', 'isp.bill_not_exist']

/** A bill, or the word that the day had nothing to bill. */
function isTold(told: Answer<unknown>): boolean {
  return told.outcome === 'done' || (told.outcome === 'refused' && nothingToBill.includes(told.code))
}

function problemOf(told: Answer<unknown>): string {
  return told.outcome === 'refused' ? told.code : told.outcome === 'unknown' ? told.why : ''
}

function inOurWords<Theirs, Ours>(told: Answer<Told<Theirs>>, read: (line: Theirs) => Ours): Told<Ours> | null {
  if (told.outcome !== 'done') return null
  const { sha1, lines } = told.value
  return { sha1, lines: () => readAll(lines(), read) }
}

/** So many lines or more at once, that each batch costs one look into the books. */
const BATCH = 2000

async function* readAll<Theirs, Ours>(parts: AsyncIterable<Theirs[]>, read: (line: Theirs) => Ours): AsyncGenerator<Ours[], void> {
  let waiting: Ours[] = []
  for await (const part of parts) {
    waiting = [...waiting, ...part.map(read)]
    if (waiting.length < BATCH) continue
    yield waiting
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

function lineOfWechatPay(line: TradeLine): BillLine {
  const { outTradeNo, transactionNo, at, state, total, settled, fee } = line
  const numbers = line.kind === 'payment' ? { number: outTradeNo, vendorNumber: transactionNo } : { number: line.outRefundNo, vendorNumber: line.refundNo }
  return { kind: line.kind, ...numbers, tradeNumber: outTradeNo, at, state, total, settled, fee }
}

/** A row of Alipay's stands there only once its money moved. */
function lineOfAlipay({ kind, tradeNo, outTradeNo, outRefundNo, at, total, settled, fee }: AlipayBillRow): BillLine {
  return { kind, number: kind === 'payment' ? outTradeNo : outRefundNo, vendorNumber: tradeNo, tradeNumber: outTradeNo, at, state: 'SUCCESS', total, settled, fee }
}
