// How an exported file is written: its columns, the words for states and channels, and cells that stay text.
import type { Channel } from '#contracts/channels.ts'
import type { OrderRow } from '#contracts/orders.ts'
import { showMoney } from '#contracts/words/money.ts'
import type { VatClass } from '#contracts/words/parcels.ts'
import { showTime } from '#contracts/words/time.ts'
import { csvCell } from '#kernel/csv.ts'

const columns = ['订单号', '状态', '课程', '学员', '手机', '金额（元）', '已退（元）', '渠道', '税目', '下单时间', '支付时间']
const states: Record<OrderRow['state'], string> = { placed: '待支付', paid: '已支付', closed: '已关闭', refunded: '已退款' }
const channels: Record<string, string> = { wechat_pay_h5: '微信支付（手机网页）', wechat_pay_native: '微信支付（扫码）', wechat_pay_jsapi: '微信支付（微信内）', wechat_virtual: '微信虚拟支付', wechat_coins: '微信代币', alipay: '支付宝', douyin: '抖音支付' } satisfies Record<Channel, string>

const vats: Record<VatClass, string> = { goods: '货物 13%', books: '图书 9%', services: '服务 6%', exempt: '免税' }

export function csvHead(): string {
  return columns.map(csvCell).join(',')
}

export function csvLine(row: OrderRow, vat: VatClass | undefined, zone: string): string {
  const yuan = (amount: OrderRow['total']) => showMoney(amount).replace(/[¥,]/g, '')
  const time = (at: string | null) => (at ? showTime(at, zone) : '')
  const cells = [row.number, states[row.state], row.title, row.member.nickname, row.member.phone ?? '', yuan(row.total), yuan(row.refunded), row.channel ? (channels[row.channel] ?? row.channel) : '', vat ? vats[vat] : '', time(row.placedAt), time(row.paidAt)]
  return cells.map(csvCell).join(',')
}

/** When virtual payment's money reaches the merchant: three working days after a payment, through Apple 45 to 60 days. Days are counted from the day of payment. */
export function settlementOf(paidAt: Date, system: string): { from: Date; by: Date } {
  const after = (days: number) => new Date(paidAt.getTime() + days * 86_400_000)
  return system === 'ios' ? { from: after(45), by: after(60) } : { from: after(3), by: after(7) }
}
