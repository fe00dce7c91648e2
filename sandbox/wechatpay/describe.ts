// An order in the words of WeChat Pay.
import type { Order, TradeState } from '../records.ts'

export const SAID: Record<TradeState, string> = {
  SUCCESS: '支付成功', REFUND: '转入退款', NOTPAY: '订单未支付', CLOSED: '订单已关闭', USERPAYING: '用户支付中', PAYERROR: '支付失败(其他原因，如银行返回失败)',
}

export function describeOrder(order: Order): Record<string, unknown> {
  const open = { appid: order.payAppid ?? order.appid, mchid: order.mchid, out_trade_no: order.outTradeNo, trade_state: order.state, trade_state_desc: SAID[order.state], attach: order.attach }
  const amount = { total: order.totalCents, currency: order.currency }
  if (order.transactionId === undefined) return { ...open, amount, promotion_detail: [], ...(order.openid === '' ? {} : { payer: { openid: order.openid } }) }
  const coupon = order.totalCents - order.payerCents
  return {
    ...open, transaction_id: order.transactionId, trade_type: order.tradeType, bank_type: 'OTHERS', success_time: order.successTime,
    payer: { openid: order.openid }, amount: { ...amount, payer_total: order.payerCents, payer_currency: order.currency },
    ...(coupon === 0 ? {} : { promotion_detail: [describeCoupon(order, coupon)] }),
  }
}

function describeCoupon(order: Order, cents: number): Record<string, unknown> {
  return {
    coupon_id: `10${order.prepayId.slice(-8)}`, name: '沙箱代金券', scope: 'GLOBAL', type: 'CASH', amount: cents, stock_id: '9000001', wechatpay_contribute: cents,
    merchant_contribute: 0, other_contribute: 0, currency: order.currency, goods_detail: [],
  }
}
