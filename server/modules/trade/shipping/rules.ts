// How the list of parcels is written as a file and read back, and what WeChat's word about a shipment means.
import type { ShipmentTold } from '#gateways/wechat/shapes.ts'
import type { DeskParcel, ParcelLabel } from '#contracts/parcels.ts'
import { carriers, type Carrier, type ParcelState } from '#contracts/words/parcels.ts'
import { csvCell } from '#kernel/csv.ts'
import type { Report } from './store.ts'

/** As they are written on the file; the first word of each is its name. */
const carrierWords: Record<Carrier, string[]> = {
  SF: ['顺丰', '顺丰速运', '顺丰快递'],
  ZTO: ['中通', '中通快递'],
  YTO: ['圆通', '圆通速递', '圆通快递'],
  STO: ['申通', '申通快递'],
  YUNDA: ['韵达', '韵达快递', '韵达速递'],
  JTSD: ['极兔', '极兔速递', '极兔快递'],
  JD: ['京东', '京东快递', '京东物流'],
  EMS: ['EMS', '邮政', '中国邮政', '邮政快递'],
  DBL: ['德邦', '德邦快递', '德邦物流'],
}

export function carrierName(carrier: Carrier): string {
  return carrierWords[carrier][0] ?? carrier
}

export function carrierOf(word: string): Carrier | undefined {
  const wanted = word.trim()
  return carriers.find((carrier) => carrier === wanted.toUpperCase() || carrierWords[carrier].includes(wanted))
}

const columns = ['编号', '订单号', '商品', '收件人', '电话', '地址', '快递公司', '快递单号'] as const

export function csvOf(labels: ParcelLabel[]): string {
  const lines = labels.map((one) => [one.order, one.number, one.goods, one.name, one.phone, one.address, '', ''])
  return `\ufeff${[[...columns], ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`
}

/** `key` is the order's handle or number. */
export type ShipmentLine = { line: number; key: string; carrier: string; trackingNo: string }

/** The filled rows of a file; undefined when it lacks a column. A row without a tracking number is not shipped yet. */
export function readShipments(csv: string): ShipmentLine[] | undefined {
  const [head = [], ...rows] = readCsv(csv.replace(/^\ufeff/, ''))
  const at = (name: (typeof columns)[number]) => head.findIndex((cell) => cell.trim() === name)
  const [id, number, carrier, trackingNo] = [at('编号'), at('订单号'), at('快递公司'), at('快递单号')]
  if ((id < 0 && number < 0) || carrier < 0 || trackingNo < 0) return undefined
  const cell = (row: string[], place: number) => (row[place] ?? '').trim().replace(/^'/, '')
  return rows
    .map((row, index) => ({ line: index + 2, key: cell(row, id) || cell(row, number), carrier: cell(row, carrier), trackingNo: cell(row, trackingNo) }))
    .filter((row) => row.trackingNo !== '')
}

/** RFC 4180, with commas or the tabs that some spreadsheets write; a quote may hold lines. */
export function readCsv(text: string): string[][] {
  const separator = text.split('\n', 1)[0]?.includes('\t') ? '\t' : ','
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'gy')
  const rows: string[][] = [[]]
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) break
    rows.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] !== separator) rows.push([])
    if (found[0] === '') break
  }
  return rows.filter((row) => row.some((one) => one.trim() !== ''))
}

export function isTrackingNo(text: string): boolean {
  return /^[A-Za-z0-9-]{6,30}$/.test(text)
}

/** What the desk may do: a paid order's parcel is shipped, a shipped one corrected and its buyer reminded where WeChat knows of it, what was sent taken back, a cancelled one taken up again, unless a refund ends the order. */
export function deskActionsOf(parcel: ParcelState, order: 'placed' | 'paid' | 'ending' | 'closed' | 'refunded', report?: Pick<Report, 'state' | 'remindedAt'>): DeskParcel['can'] {
  if (parcel === 'received') return ['return']
  if (order !== 'paid' && order !== 'ending') return parcel === 'shipped' ? ['return'] : []
  if (parcel === 'to_ship') return ['ship']
  if (parcel === 'shipped') return report?.state === 'told' && report.remindedAt === null ? ['correct', 'remind', 'return'] : ['correct', 'return']
  return parcel === 'cancelled' && order === 'paid' ? ['resume'] : []
}

/** True when WeChat has what we wanted to tell it; without a number nothing was sent, it was opened. */
export function hasTaken(told: ShipmentTold, trackingNo: string | null): boolean {
  return told.state !== 'to_ship' && told.state !== 'refunded' && (trackingNo === null || told.trackingNo === trackingNo)
}
