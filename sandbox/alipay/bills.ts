// The daily bill of Alipay's trades: a zip with the details and their sums, in GBK, handed out by an address that works for half a minute.
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import type { FastifyInstance } from 'fastify'
import iconv from 'iconv-lite'
import { randomWord } from '../keys.ts'
import type { Tenant } from '../records.ts'
import { listSpoils, type Spoil } from '../wechatpay/bills.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { feeOf } from '../wechatpay/fees.ts'
import type { AlipayRefund, AlipayTrade } from './records.ts'
import { alipayTime, yuan } from './sign.ts'
import { refuse, type Content, type Node } from './trades.ts'

const HEAD = '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'
const SUM_HEAD = '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）'
const BEIJING_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const READY_HOURS = 9
const TICKET_MS = 30_000

/** One row of the bill; a refund's sums are negative, and so is the fee of a payment. */
type Row = { trade: AlipayTrade; refund?: AlipayRefund; atMs: number; cents: number; feeCents: number }
type Ticket = { bytes: Promise<Buffer>; appid: string; expiresAtMs: number }

const tickets = new WeakMap<World, Map<string, Ticket>>()

export function askBill(world: World, tenant: Tenant, content: Content): Node {
  const day = String(content['bill_date'] ?? '')
  if (content['bill_type'] !== 'trade' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return refuse('isv.invalid-arguments', '入参不合法')
  const start = Date.parse(day) - BEIJING_MS
  const now = clockOf(world, tenant.appid).now()
  if (!(now >= start + DAY_MS + READY_HOURS * 3_600_000)) return refuse('isp.bill_not_exist', '账单不存在')
  const rows = listSpoils(world, tenant, 'alipay').reduce(spoilRows, listRows(world, tenant, start))
  if (rows.length === 0) return refuse('isp.bill_not_exist', '账单不存在')
  const fileId = randomWord(40)
  const isCut = takeFault(world, tenant.appid, ['bill_cut_short'], 'alipay') !== undefined
  const bytes = writeBill(tenant, day, rows).then((whole) => (isCut ? whole.subarray(0, Math.floor(whole.length / 2)) : whole))
  const known = tickets.get(world) ?? new Map<string, Ticket>()
  tickets.set(world, known.set(fileId, { bytes, appid: tenant.appid, expiresAtMs: now + TICKET_MS }))
  return { code: '10000', msg: 'Success', bill_download_url: `${world.url}/downloadBillFile.resource?bizType=trade&fileType=csv.zip&bizDates=${day.replaceAll('-', '')}&fileId=${fileId}` }
}

/** The address asks for no signature: whoever knows it in time has the file. */
export function addAlipayBills(app: FastifyInstance, world: World): void {
  app.get('/downloadBillFile.resource', async (request, reply) => {
    const ticket = tickets.get(world)?.get(String((request.query as { fileId?: string }).fileId ?? ''))
    if (ticket === undefined || clockOf(world, ticket.appid).now() > ticket.expiresAtMs) return reply.code(404).type('text/html;charset=GBK').send('')
    return reply.type('application/octet-stream').send(await ticket.bytes)
  })
}

function listRows(world: World, tenant: Tenant, start: number): Row[] {
  const rows: Row[] = []
  const isOn = (atMs: number) => atMs >= start && atMs < start + DAY_MS
  for (const trade of world.state.tables.alipayTrades.values()) {
    if (trade.appid !== tenant.appid) continue
    if (trade.paidAtMs !== undefined && isOn(trade.paidAtMs)) rows.push({ trade, atMs: trade.paidAtMs, cents: trade.totalCents, feeCents: -feeOf(trade.totalCents) })
    for (const refund of trade.refunds) if (refund.isDone && isOn(refund.settleAtMs)) rows.push({ trade, refund, atMs: refund.settleAtMs, cents: -refund.cents, feeCents: feeOf(refund.cents) })
  }
  return rows.sort((one, other) => one.atMs - other.atMs)
}

/** Every cell that looks like a number ends in a tab, as the real file has it, so that Excel leaves it alone. */
function writeRow({ trade, refund, atMs, cents, feeCents }: Row): string {
  const subject = trade.subject.replace(/[,\r\n]/g, ' ')
  const times = [alipayTime(atMs), alipayTime(atMs)]
  return [`${trade.tradeNo}\t`, `${trade.outTradeNo}\t`, refund === undefined ? '交易' : '退款', subject, ...times, '', '', '', '', '示例(189****0000)', yuan(cents), yuan(cents), '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00', refund === undefined ? '' : `${refund.outRequestNo}\t`, yuan(feeCents), '0.00', ''].join(',')
}

async function writeBill(tenant: Tenant, day: string, rows: Row[]): Promise<Buffer> {
  const [year, month, date] = day.split('-')
  const span = `#起始日期：[${year}年${month}月${date}日 00:00:00]   终止日期：[${year}年${month}月${date}日 23:59:59]`
  const top = (title: string) => [`#支付宝${title}查询`, `#账号：[${tenant.alipay?.sellerId ?? ''}0156]`, span]
  const [paid, back] = [rows.filter((row) => row.refund === undefined), rows.filter((row) => row.refund !== undefined)]
  const sum = (some: Row[], of: (row: Row) => number) => yuan(some.reduce((all, row) => all + of(row), 0))
  const total = (name: string, some: Row[]) => `#${name}合计：${some.length}笔，商家实收共${sum(some, (row) => row.cents)}元，商家优惠共0.00元`
  const detail = [...top('业务明细'), `#${'-'.repeat(41)}业务明细列表${'-'.repeat(36)}`, HEAD, ...rows.map(writeRow), `#${'-'.repeat(41)}业务明细列表结束${'-'.repeat(36)}`, total('交易', paid), total('退款', back), `#导出时间：[${alipayTime(Date.now())}]`]
  const all = ['', '合计', String(paid.length), String(back.length), sum(rows, (row) => row.cents), sum(rows, (row) => row.cents), '0.00', '0.00', '0.00', sum(rows, (row) => row.feeCents), '0.00', sum(rows, (row) => row.cents + row.feeCents)].join(',')
  const sums = [...top('业务汇总'), SUM_HEAD, all, `#导出时间：[${alipayTime(Date.now())}]`]
  const name = `${tenant.alipay?.sellerId ?? ''}0156_${day.replaceAll('-', '')}_业务明细`
  return pack([[`${name}.csv`, detail], [`${name}(汇总).csv`, sums]])
}

/** As Windows programs write it: names and lines in GBK, and nothing that says so. */
async function pack(files: [name: string, lines: string[]][]): Promise<Buffer> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { encodeText: (text) => iconv.encode(text, 'gbk'), useUnicodeFileNames: false, extendedTimestamp: false, useWebWorkers: false })
  for (const [name, lines] of files) await zip.add(name, new Uint8ArrayReader(iconv.encode(`${lines.join('\r\n')}\r\n`, 'gbk')))
  return Buffer.from(await zip.close())
}

function spoilRows(rows: Row[], spoil: Spoil): Row[] {
  const isMeant = (row: Row) => spoil.number === undefined || spoil.number === (row.refund?.outRequestNo ?? row.trade.outTradeNo)
  const target = rows.find(isMeant)
  if (target === undefined) return rows
  if (spoil.how === 'missing') return rows.filter((row) => row !== target)
  const cents = spoil.amountCents ?? Math.abs(target.cents) + 1
  if (spoil.how === 'amount') return rows.map((row) => (row === target ? { ...row, cents: Math.sign(row.cents) * cents } : row))
  const { refund: _refund, ...rest } = target
  return [...rows, { ...rest, cents, feeCents: -feeOf(cents), trade: { ...target.trade, outTradeNo: `STRANGER${target.trade.outTradeNo}`.slice(0, 64), tradeNo: `9${target.trade.tradeNo.slice(1)}` } }]
}
