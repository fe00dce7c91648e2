// A day's bills of each rail of payment, fetched or asked together, in one set of words.
import type { CheckedRail } from '#contracts/reconciliation.ts'
import type { AlipayBillRow } from '#gateways/alipay/shapes.ts'
import { knowsNone } from '#gateways/douyin/judge.ts'
import type { VirtualOrder } from '#gateways/wechat/shapes.ts'
import type { FundLine, TradeLine } from '#gateways/wechatpay/shapes.ts'
import type { Answer } from '#gateways/wire.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { attemptByNumber, attemptsOn, triesBetween, type Attempt } from '#modules/trade/attempts/actions.ts'
import { repaidOf, repaymentsBetween, repaymentsOf, type Repayment } from '#modules/trade/refunds/actions.ts'
import { lineOf, lineOfDouyinRefund, lineOfRepaid, lineOfVirtual, type BillLine, type Told } from './rules.ts'

/** The hash is that of the file; what was asked together has none. */
type Trades<T> = { sha1: string | null; lines(): AsyncGenerator<T[], unknown> }
/** `trades` is null for a day of which the rail says that it has nothing to bill; `flow` also where the rail has no such bill. */
export type DayBills = { isHere: true; trades: Trades<BillLine> | null; flow: Trades<FundLine> | null } | { isHere: false; problem: string }

export type { BillLine, FundLine }

export const checkedRails: CheckedRail[] = ['wechat_pay', 'alipay', 'wechat_virtual', 'douyin']

/** These publish no form of a bill: what we know of a day is asked about. */
export function isAsked(rail: CheckedRail): rail is 'wechat_virtual' | 'douyin' {
  return rail === 'wechat_virtual' || rail === 'douyin'
}

export function isReady(ctx: Ctx, rail: CheckedRail): boolean {
  const { alipay, douyin, wechat, wechatPay } = ctx.gateways
  if (rail === 'wechat_virtual') return wechat.isReady && wechat.virtual.offerId !== ''
  return { alipay, douyin, wechat_pay: wechatPay }[rail].isReady
}

type Span = { from: Date; to: Date }

/** WeChat Pay bills its trades and the movements of the account apart; Alipay's trades tell the fee of each themselves. */
export async function fetchDay(ctx: Ctx, rail: CheckedRail, day: string, span: Span): Promise<DayBills> {
  if (isAsked(rail)) return askDay(ctx, rail, span)
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

function inOurWords<Theirs, Ours>(told: Answer<Trades<Theirs>>, read: (line: Theirs) => Ours): Trades<Ours> | null {
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

/** All that we know of the span is asked about an hour after its end, and the answers are its bill. Without an answer there is none. */
async function askDay(ctx: Ctx, rail: 'wechat_virtual' | 'douyin', span: Span): Promise<DayBills> {
  if (ctx.now().getTime() < span.to.getTime() + HOUR_MS) return { isHere: false, problem: 'not_over' }
  const lines: BillLine[] = []
  for (const ask of [() => askTries(ctx, rail, span), () => askRepayments(ctx, rail, span)]) {
    for await (const told of ask()) {
      if (told.includes('silent')) return { isHere: false, problem: 'silent' }
      lines.push(...told.filter((one) => typeof one !== 'string'))
    }
  }
  return { isHere: true, trades: lines.length === 0 ? null : { sha1: null, lines: () => inBatches(lines) }, flow: null }
}

async function* inBatches(lines: BillLine[]): AsyncGenerator<BillLine[], void> {
  yield* slicesOf(lines, BATCH)
}

function* slicesOf<T>(all: T[], size: number): Generator<T[], void> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size)
}

const HOUR_MS = 3_600_000
/** So many questions at once. */
const ABREAST = 8

async function* askTries(ctx: Ctx, rail: CheckedRail, span: Span): AsyncGenerator<Told[], void> {
  for (let last: Attempt | undefined; ; ) {
    const page = await triesBetween(ctx, rail, span, last?.id ?? null, BATCH)
    for (const few of slicesOf(page, ABREAST)) yield Promise.all(few.map((one) => askPayment(ctx, one)))
    last = page.at(-1)
    if (page.length < BATCH) return
  }
}

async function askPayment(ctx: Ctx, { channel, outTradeNo, expected, settledAt, begunAt }: Attempt): Promise<Told> {
  const asked = { number: outTradeNo, tradeNumber: outTradeNo, at: settledAt ?? begunAt }
  if (channel === 'douyin') {
    const told = await ctx.gateways.douyin.findOrder(outTradeNo)
    if (told.outcome !== 'done') return told.outcome === 'refused' && knowsNone(told) ? 'nothing' : 'silent'
    return told.value.state === 'SUCCESS' && told.value.currency === 'CNY' ? lineOf('payment', asked, told.value.orderId, told.value.total) : 'nothing'
  }
  const told = await askVirtual(ctx, expected.openid, outTradeNo)
  return typeof told === 'string' ? told : lineOfVirtual(asked, told, ctx.knobs.xpayEnv)
}

/** Only of a number that was never paid does WeChat say that there is none; with every other refusal it has not heard us. */
async function askVirtual(ctx: Ctx, openid: string | undefined, outTradeNo: string): Promise<VirtualOrder | 'nothing' | 'silent'> {
  const told = await ctx.gateways.wechat.virtual.findOrder(openid ?? '', outTradeNo)
  if (told.outcome === 'done') return told.value
  return told.outcome === 'refused' && told.status === 404 ? 'nothing' : 'silent'
}

async function* askRepayments(ctx: Ctx, rail: CheckedRail, span: Span): AsyncGenerator<Told[], void> {
  for (let last: Repayment | null = null; ; ) {
    const page: Repayment[] = await repaymentsBetween(ctx, span, last, BATCH)
    for (const few of slicesOf(await onRail(ctx, rail, page), ABREAST)) yield Promise.all(few.map((one) => askRepayment(ctx, one)))
    last = page.at(-1) ?? null
    if (page.length < BATCH) return
  }
}

/** What went back on one rail, each with the payment it is of and all that went back of that. */
type OfPayment = { repayment: Repayment; attempt: Attempt; all: Repayment[] }

async function onRail(ctx: Ctx, rail: CheckedRail, repayments: Repayment[]): Promise<OfPayment[]> {
  const attempts = await attemptsOn(ctx, rail, repayments.map((one) => one.attempt))
  const repaid = Map.groupBy(await repaidOf(ctx, [...attempts.keys()]), (one) => one.attempt)
  return repayments.flatMap((repayment) => {
    const attempt = attempts.get(repayment.attempt)
    return attempt ? [{ repayment, attempt, all: repaid.get(attempt.id) ?? [] }] : []
  })
}

async function askRepayment(ctx: Ctx, { repayment: { number, settledAt }, attempt: { channel, outTradeNo, expected }, all }: OfPayment): Promise<Told> {
  const asked = { number, tradeNumber: outTradeNo, at: settledAt ?? ctx.now() }
  if (channel === 'douyin') {
    const told = await ctx.gateways.douyin.findRefund(number)
    if (told.outcome !== 'done') return told.outcome === 'refused' && knowsNone(told) ? 'nothing' : 'silent'
    return lineOfDouyinRefund(asked, told.value)
  }
  const told = await askVirtual(ctx, expected.openid, outTradeNo)
  return typeof told === 'string' ? told : lineOfRepaid(asked, told.refunded, all)
}

/** One number that its day's answers did not know, asked about once more; undefined when there is still no word of it. */
export async function askAgain(ctx: Ctx, rail: CheckedRail, subject: string, number: string): Promise<BillLine | undefined> {
  const told = await askAbout(ctx, rail, subject, number)
  return typeof told === 'string' ? undefined : told
}

async function askAbout(ctx: Ctx, rail: CheckedRail, subject: string, number: string): Promise<Told> {
  if (subject === 'payment') {
    const attempt = await attemptByNumber(ctx, number)
    return attempt ? askPayment(ctx, attempt) : 'nothing'
  }
  const [one] = await onRail(ctx, rail, await repaymentsOf(ctx, [number]))
  return one ? askRepayment(ctx, one) : 'nothing'
}
