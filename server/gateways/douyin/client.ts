// Douyin's trade system for one app: signed orders, query, refund with audit, settlement and callbacks.
import type { Fields } from '../fields.ts'
import { done, notConfigured, unknown, type Answer, type Refused } from '../wire.ts'
import { readCallback } from './callback.ts'
import { openExchange, type Exchange } from './exchange.ts'
import { readOrder, readRefund, readSettlement } from './read.ts'
import type { Douyin, DouyinConfig, DouyinOrderAsk, DouyinRefundWish } from './shapes.ts'
import { makeNonce, readKeys, writeAuthorization, type Signer } from './sign.ts'

const OTHER_REASON = 999

/** Parses both keys once; throws when one is malformed. Without an app it opens a gateway that refuses. */
export function openDouyin(config: DouyinConfig, now: () => Date): Douyin {
  if (config.appid === '' || config.privateKey === '' || config.platformPublicKey === '') return openNothing(config)
  const { own, theirs } = readKeys(config)
  const exchange = openExchange(config, now)
  const signer: Signer = { appid: config.appid, keyVersion: config.keyVersion, key: own, quotes: config.quotesAuthorization }
  return {
    isReady: true,
    appid: config.appid,
    prepareOrder(ask) {
      const data = JSON.stringify(describeOrder(config, ask))
      const timestamp = String(Math.floor(now().getTime() / 1000))
      return { data, byteAuthorization: writeAuthorization(signer, { method: 'POST', uri: '/requestOrder', timestamp, nonce: makeNonce(), body: data }) }
    },
    findOrder: (outOrderNo) => ask(exchange, 'order_query', { out_order_no: outOrderNo }, (fields) => readOrder(fields, 'pay_status')),
    ...openRefunds(exchange),
    ...openSettlements(exchange),
    readCallback: (headers, body) => readCallback(theirs, headers, body, now()),
  }
}

/** Titles count in bytes: a Chinese sign is three. */
function describeOrder(config: DouyinConfig, ask: DouyinOrderAsk): Fields {
  const sku = { skuId: ask.sku, price: ask.total, quantity: 1, title: shorten(ask.title, 256), imageList: [ask.picture], type: config.skuType, tagGroupId: config.tagGroup }
  return {
    skuList: [sku],
    outOrderNo: ask.outOrderNo,
    totalAmount: ask.total,
    payExpireSeconds: ask.expiresInSeconds,
    payNotifyUrl: ask.notifyUrl,
    ...(config.merchantUid === '' ? {} : { merchantUid: config.merchantUid }),
    orderEntrySchema: schemaOf(ask.page),
  }
}

function schemaOf({ path, params }: DouyinOrderAsk['page']): Fields {
  return { path, params: JSON.stringify(params) }
}

function shorten(text: string, bytes: number): string {
  const signs = [...text]
  while (Buffer.byteLength(signs.join('')) > bytes) signs.pop()
  return signs.join('')
}

function openRefunds(exchange: Exchange): Pick<Douyin, 'refund' | 'findRefund' | 'auditRefund'> {
  return {
    refund: (wish) => ask(exchange, 'refund_create', describeRefund(wish), (fields) => {
      const refundId = fields['refund_id']
      return typeof refundId === 'string' && refundId !== '' ? { refundId } : undefined
    }),
    findRefund: (outRefundNo) => findListed(exchange, 'refund_query', { out_refund_no: outRefundNo }, 'refund_list', 'REFUND_NOT_EXIST', (fields) => readRefund(fields, outRefundNo)),
    auditRefund: (refundId, denial) =>
      ask(exchange, 'refund_audit_callback', { refund_id: refundId, refund_audit_status: denial === undefined ? 1 : 2, ...(denial === undefined ? {} : { deny_message: shorten(denial, 512) }) }, () => 'told' as const),
  }
}

/** A whole refund of an untouched order names no items; any other must name them. */
function describeRefund(wish: DouyinRefundWish): Fields {
  const parts = wish.refund === wish.total ? { refund_all: true } : { item_order_detail: [{ item_order_id: wish.itemOrderId, refund_amount: wish.refund }] }
  return {
    order_id: wish.orderId,
    out_refund_no: wish.outRefundNo,
    order_entry_schema: schemaOf(wish.page),
    notify_url: wish.notifyUrl,
    refund_reason: [{ code: OTHER_REASON, text: [...wish.reason].slice(0, 49).join('') }],
    refund_total_amount: wish.refund,
    ...parts,
  }
}

function openSettlements(exchange: Exchange): Pick<Douyin, 'settle' | 'findSettlement'> {
  return {
    settle: (wish) =>
      ask(exchange, 'settle_create', { out_order_no: wish.outOrderNo, out_settle_no: wish.outSettleNo, settle_desc: shorten(wish.description, 80), notify_url: wish.notifyUrl }, (fields) => {
        const settleId = fields['settle_id']
        return typeof settleId === 'string' && settleId !== '' ? { settleId } : undefined
      }),
    findSettlement: (outSettleNo) => findListed(exchange, 'settle_query', { out_settle_no: outSettleNo }, 'settle_list', 'SETTLEMENT_NOT_EXIST', (fields) => readSettlement(fields, outSettleNo)),
  }
}

/** An answer that lacks what it must have is unknown, not a failure. */
async function ask<T>(exchange: Exchange, name: string, body: Fields, read: (fields: Fields) => T | undefined): Promise<Answer<T>> {
  const answer = await exchange(name, body)
  if (answer.outcome !== 'done') return answer
  const value = read(answer.value)
  return value === undefined ? unknown('answer lacks a field') : done(value)
}

/** What Douyin answers with a list: an empty one says that nobody knows the number. */
async function findListed<T>(exchange: Exchange, name: string, body: Fields, list: string, absent: string, read: (fields: Fields) => T | undefined): Promise<Answer<T>> {
  const answer = await exchange(name, body)
  if (answer.outcome !== 'done') return answer
  const listed = answer.value[list]
  if (Array.isArray(listed) && listed.length === 0) return notExist(absent)
  const value = read(answer.value)
  return value === undefined ? unknown('answer lacks a field') : done(value)
}

function notExist(code: string): Refused {
  return { outcome: 'refused', code, message: '', status: 404 }
}

function openNothing({ appid }: DouyinConfig): Douyin {
  const refused = async () => notConfigured('Douyin')
  return {
    isReady: false,
    appid,
    prepareOrder: () => ({ data: '', byteAuthorization: '' }),
    findOrder: refused,
    refund: refused,
    findRefund: refused,
    auditRefund: refused,
    settle: refused,
    findSettlement: refused,
    readCallback: () => ({ kind: 'refused', reason: 'not_configured', signature: 'invalid' }),
  }
}
