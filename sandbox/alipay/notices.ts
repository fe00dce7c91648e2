// Alipay's notices: a signed form, its own pauses between attempts, and `success` as the only good answer.
import { randomDigits } from '../keys.ts'
import { sendNotice } from '../deliveries.ts'
import { signText } from '../keys.ts'
import type { Delivery, Fault, Tenant } from '../records.ts'
import { clockOf, takeFault } from '../world.ts'
import type { Carrier, World } from '../world.ts'
import type { AlipayRefund, AlipayTrade } from './records.ts'
import { alipayTime, joinSorted, yuan } from './sign.ts'

export const ALIPAY_MISMATCHES = ['mismatch_amount', 'mismatch_mchid', 'mismatch_appid', 'mismatch_out_trade_no', 'mismatch_state']

/** A payment, or with `refund` the same state told again because money went back. */
export function sendTradeNotice(world: World, tenant: Tenant, trade: AlipayTrade, refund?: AlipayRefund): void {
  if (trade.notifyUrl === '' || tenant.alipay === undefined) return
  const now = alipayTime(clockOf(world, tenant.appid).now())
  const back = trade.refunds.filter((one) => one.isDone).reduce((sum, one) => sum + one.cents, 0)
  const params: Record<string, string> = {
    notify_time: now, notify_type: 'trade_status_sync', notify_id: `${now.replace(/\D/g, '')}${randomDigits(20)}`, charset: 'utf-8', version: '1.0',
    app_id: tenant.alipay.appid, auth_app_id: tenant.alipay.appid, seller_id: tenant.alipay.sellerId, trade_no: trade.tradeNo, out_trade_no: trade.outTradeNo,
    buyer_open_id: trade.buyerOpenid, trade_status: trade.state, subject: trade.subject, total_amount: yuan(trade.totalCents), receipt_amount: yuan(trade.totalCents),
    buyer_pay_amount: yuan(trade.totalCents), fund_bill_list: JSON.stringify([{ amount: yuan(trade.totalCents), fundChannel: 'ALIPAYACCOUNT' }]),
    gmt_create: now, ...(trade.paidAtMs === undefined ? {} : { gmt_payment: alipayTime(trade.paidAtMs) }),
    ...(refund === undefined ? {} : { gmt_refund: `${now}.000`, refund_fee: yuan(back), out_biz_no: refund.outRequestNo }),
  }
  const told = spoilTrade(params, takeFault(world, tenant.appid, ALIPAY_MISMATCHES, 'alipay'))
  const body = JSON.stringify(told)
  sendNotice(world, tenant, { kind: 'alipay', event: refund === undefined ? `trade.${trade.state}` : 'trade.refund', subject: trade.outTradeNo, url: trade.notifyUrl, body, plain: body })
}

/** Tells something else than what happened, rightly signed. */
export function spoilTrade(told: Record<string, string>, fault: Fault | undefined): Record<string, string> {
  if (fault === undefined) return told
  const value = fault['value'] === undefined ? undefined : String(fault['value'])
  const ways: Record<string, Record<string, string>> = {
    mismatch_amount: { total_amount: value ?? '0.01' },
    mismatch_mchid: { seller_id: value ?? '2088000000000001' },
    mismatch_appid: { app_id: value ?? '2021000000000001' },
    mismatch_out_trade_no: { out_trade_no: value ?? `X${randomDigits(20)}` },
    mismatch_state: { trade_status: value ?? 'WAIT_BUYER_PAY' },
  }
  return { ...told, ...ways[fault.kind] }
}

export const alipayCarrier: Carrier = {
  compose: composeNotice,
  accepts: (status, body) => status === 200 && body === 'success',
  retrySeconds: [240, 600, 600, 3600, 7200, 21_600, 54_000],
}

async function composeNotice(tenant: Tenant, delivery: Delivery, trick: string | undefined): Promise<{ url: string; headers: Record<string, string>; body: string }> {
  const params = JSON.parse(delivery.body) as Record<string, string>
  const key = trick === 'forge_notice' ? tenant.alipay?.appPrivateKey : tenant.alipay?.platformPrivateKey
  const sign = await signText(key ?? tenant.merchantPrivateKey, joinSorted(params, ['sign', 'sign_type']))
  const told = trick === 'tamper_notice' ? { ...params, total_amount: '0.01' } : params
  const form = new URLSearchParams({ ...told, ...(trick === 'unsigned_notice' ? {} : { sign_type: 'RSA2', sign }) })
  return { url: delivery.url, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', 'User-Agent': 'Mozilla/4.0' }, body: form.toString() }
}
