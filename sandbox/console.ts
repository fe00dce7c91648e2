// What a merchant does in a platform's own console, past the product: money that is given back there, under a number that nobody else chose.
import { yuan } from './alipay/sign.ts'
import { refundTrade } from './alipay/trades.ts'
import { createRefund } from './douyin/refunds.ts'
import { randomDigits } from './keys.ts'
import type { Tenant } from './records.ts'
import { orderId } from './wechatpay/orders.ts'
import { requestRefund } from './wechatpay/refunds.ts'
import type { World } from './world.ts'
import { findOrder as findVirtual, leftOf, STATUS } from './xpay/orders.ts'
import { begin } from './xpay/refunds.ts'

/** `notifyUrl`: where WeChat Pay tells of it; without one its bill alone does. The other platforms tell it where they tell everything. */
type Ask = { number: string; cents: number; notifyUrl: string | undefined }

/** Replies the number by which the platform knows the refund, or nothing when it refused. */
export function giveBackInConsole(world: World, tenant: Tenant, ask: Ask): string | undefined {
  const number = `CONSOLE${randomDigits(16)}`
  if (world.state.tables.orders.has(orderId(tenant.mchid, ask.number))) return atWechatPay(world, tenant, ask, number)
  const virtual = findVirtual(world, tenant, { order_id: ask.number })
  if (virtual !== undefined) return virtual.status >= STATUS.paid && ask.cents <= leftOf(virtual) ? begin(world, tenant, virtual, '', ask.cents).wxNumber : undefined
  return atAlipay(world, tenant, ask, number) ?? atDouyin(world, tenant, ask, number)
}

function atWechatPay(world: World, tenant: Tenant, { number, cents, notifyUrl }: Ask, refund: string): string | undefined {
  const total = world.state.tables.orders.get(orderId(tenant.mchid, number))?.totalCents
  const told = requestRefund(world, tenant, { out_trade_no: number, out_refund_no: refund, amount: { refund: cents, total, currency: 'CNY' }, ...(notifyUrl === undefined ? {} : { notify_url: notifyUrl }) })
  return told.status === 200 ? refund : undefined
}

function atAlipay(world: World, tenant: Tenant, { number, cents }: Ask, refund: string): string | undefined {
  return refundTrade(world, tenant, { out_trade_no: number, refund_amount: yuan(cents), out_request_no: refund }).code === '10000' ? refund : undefined
}

function atDouyin(world: World, tenant: Tenant, { number, cents }: Ask, refund: string): string | undefined {
  const order = [...world.state.tables.douyinOrders.values()].find((one) => one.appid === tenant.appid && one.outOrderNo === number)
  if (order === undefined) return undefined
  const told = createRefund(world, tenant, {
    order_id: order.orderId, out_refund_no: refund, refund_total_amount: cents, refund_reason: [], order_entry_schema: {}, item_order_detail: [{ item_order_id: order.itemOrderId, refund_amount: cents }],
  })
  return told.err_no === 0 ? refund : undefined
}
