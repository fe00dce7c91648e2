// WeChat Pay's notices: the encrypted envelope, the signed headers, and the ways a test may have them spoilt.
import { randomUUID } from 'node:crypto'
import { sendNotice } from '../deliveries.ts'
import { randomDigits, randomWord, sealGcm, signText } from '../keys.ts'
import type { Delivery, Fault, Order, Refund, Tenant, Transfer } from '../records.ts'
import { beijing, takeFault } from '../world.ts'
import type { Carrier, World } from '../world.ts'
import { platformKeys, type PlatformKey } from './answer.ts'
import { describeOrder } from './describe.ts'

export const MISMATCHES = ['mismatch_amount', 'mismatch_currency', 'mismatch_mchid', 'mismatch_appid', 'mismatch_out_trade_no', 'mismatch_openid', 'mismatch_state', 'mismatch_transaction']

export function sendPaymentNotice(world: World, tenant: Tenant, order: Order): void {
  const told = spoil(describeOrder(order), takeFault(world, tenant.appid, MISMATCHES, 'wechatpay'))
  send(world, tenant, { event: 'TRANSACTION.SUCCESS', type: 'transaction', summary: '支付成功', url: order.notifyUrl, subject: order.outTradeNo, told })
}

export function sendRefundNotice(world: World, tenant: Tenant, refund: Refund, transactionId: string): void {
  if (refund.notifyUrl === '') return
  const told = {
    mchid: refund.mchid, out_trade_no: refund.outTradeNo, transaction_id: transactionId, out_refund_no: refund.outRefundNo, refund_id: refund.refundId,
    refund_status: refund.state, ...(refund.successTime === undefined ? {} : { success_time: refund.successTime }), user_received_account: refund.receivedBy ?? '支付用户零钱',
    amount: { total: refund.totalCents, refund: refund.refundCents, payer_total: refund.totalCents, payer_refund: refund.payerRefundCents },
  }
  const summary = { SUCCESS: '退款成功', ABNORMAL: '退款异常', CLOSED: '退款关闭', PROCESSING: '退款处理中' }[refund.state]
  send(world, tenant, { event: `REFUND.${refund.state}`, type: 'refund', summary, url: refund.notifyUrl, subject: refund.outTradeNo, told })
}

export function sendTransferNotice(world: World, tenant: Tenant, transfer: Transfer, told: Record<string, unknown>): void {
  if (transfer.notifyUrl === '') return
  send(world, tenant, { event: 'MCHTRANSFER.BILL.FINISHED', type: 'mch_payment', summary: '商家转账单据终态通知', url: transfer.notifyUrl, subject: transfer.outBillNo, told })
}

type ComplaintNews = { url: string; id: string; action: string; outTradeNo: string; isNew: boolean }

export function sendComplaintNotice(world: World, tenant: Tenant, { url, id, action, outTradeNo, isNew }: ComplaintNews): void {
  send(world, tenant, { event: isNew ? 'COMPLAINT.CREATE' : 'COMPLAINT.STATE_CHANGE', type: 'complaint', summary: isNew ? '产生新投诉' : '投诉单状态变化', url, subject: outTradeNo, told: { complaint_id: id, action_type: action } })
}

type Letter = { event: string; type: string; summary: string; url: string; subject: string; told: Record<string, unknown> }

function send(world: World, tenant: Tenant, letter: Letter): void {
  const plain = JSON.stringify(letter.told)
  const bare = takeFault(world, tenant.appid, ['empty_associated_data'], 'wechatpay') !== undefined
  const key = sealingKey(tenant, takeFault(world, tenant.appid, ['wrong_apiv3_key', 'previous_apiv3_key'], 'wechatpay'))
  const body = JSON.stringify({
    id: `EV-${beijing(Date.now()).replace(/\D/g, '').slice(0, 14)}${randomDigits(10)}`, create_time: beijing(Date.now()), resource_type: 'encrypt-resource', event_type: letter.event,
    summary: letter.summary, resource: { original_type: letter.type, ...sealGcm(key, plain, bare ? '' : letter.type) },
  })
  sendNotice(world, tenant, { kind: 'wechatpay', event: letter.event, subject: letter.subject, url: letter.url, body, plain })
}

function sealingKey(tenant: Tenant, fault: Fault | undefined): string {
  if (fault?.kind === 'previous_apiv3_key' && tenant.apiv3KeyPrevious !== undefined) return tenant.apiv3KeyPrevious
  return fault === undefined ? tenant.apiv3Key : randomWord(32)
}

/** Tells something else than what happened: the product must notice and grant nothing. */
export function spoil(told: Record<string, unknown>, fault: Fault | undefined): Record<string, unknown> {
  if (fault === undefined) return told
  const amount = told['amount'] as Record<string, unknown>
  const cents = Number(fault['value'] ?? 1)
  const ways: Record<string, Record<string, unknown>> = {
    mismatch_amount: { amount: { ...amount, total: cents, payer_total: cents } },
    mismatch_currency: { amount: { ...amount, currency: fault['value'] ?? 'USD' } },
    mismatch_mchid: { mchid: fault['value'] ?? '1900000001' },
    mismatch_appid: { appid: fault['value'] ?? 'wx0000000000000000' },
    mismatch_out_trade_no: { out_trade_no: fault['value'] ?? `X${randomDigits(20)}` },
    mismatch_openid: { payer: { openid: fault['value'] ?? `o${randomDigits(27)}` } },
    mismatch_state: { trade_state: fault['value'] ?? 'NOTPAY' },
    mismatch_transaction: { transaction_id: fault['value'] ?? `42000${randomDigits(23)}` },
  }
  return { ...told, ...ways[fault.kind] }
}

export const payCarrier: Carrier = {
  compose: composeNotice,
  accepts: (status) => status >= 200 && status < 300,
}

async function composeNotice(tenant: Tenant, delivery: Delivery, trick: string | undefined): Promise<{ url: string; headers: Record<string, string>; body: string }> {
  const keys = platformKeys(tenant)
  const key = chooseKey(keys, delivery.id, trick) ?? { serial: '', privateKey: tenant.merchantPrivateKey }
  const skew = trick === 'stale_notice' ? -3600 : trick === 'future_notice' ? 3600 : 0
  const timestamp = Math.floor(Date.now() / 1000) + skew
  const nonce = randomUUID().replaceAll('-', '')
  const body = trick === 'tamper_notice' ? tamper(delivery.body) : delivery.body
  const signer = trick === 'forge_notice' ? tenant.merchantPrivateKey : key.privateKey
  const signature = trick === 'signtest_notice' ? `WECHATPAY/SIGNTEST/${randomWord(128)}` : await signText(signer, `${timestamp}\n${nonce}\n${body}\n`)
  const headers: Record<string, string> = {
    'Content-Type': 'application/json', 'User-Agent': 'Mozilla/4.0', Accept: '*/*', 'Request-ID': randomUUID(),
  }
  if (trick === 'unsigned_notice') return { url: delivery.url, headers, body }
  return {
    url: delivery.url, body,
    headers: {
      ...headers, 'Wechatpay-Timestamp': String(timestamp), 'Wechatpay-Nonce': nonce, 'Wechatpay-Signature': signature,
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048', 'Wechatpay-Serial': trick === 'unknown_serial_notice' ? `PUB_KEY_ID_01${randomDigits(30)}` : key.serial,
    },
  }
}

/** Two keys sign in turn during a gray switch; a test may say which. */
function chooseKey(keys: PlatformKey[], id: string, trick: string | undefined): PlatformKey | undefined {
  if (trick === 'certificate_notice') return keys[0]
  return trick === 'public_key_notice' ? keys.at(-1) : keys[id.charCodeAt(id.length - 1) % keys.length]
}

/** Breaks one byte of the ciphertext and signs the result rightly: only the authentication tag can tell. */
function tamper(body: string): string {
  return body.replace(/"ciphertext":"(.)/, (_all, first: string) => `"ciphertext":"${first === 'A' ? 'B' : 'A'}`)
}
