// Reads message pushes in safe mode and writes their answers: signature, clock, decryption, receiver, then the content.
import { createHash } from 'node:crypto'
import { centsOf, fieldsOf, filledText, instantOfSeconds, readJson, textOf, wholeOf, type Fields } from '../fields.ts'
import { digestSorted, isSame } from './digest.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import type { Delivery, GoodPush, Push, PushAnswer, PushFormat, PushRefusal, Query, RefundAdvice, VirtualRefundNotice } from './shapes.ts'
import { readXml } from './xml.ts'

const SKEW_SECONDS = 300

export type PushKeys = { token: string; aesKey: Buffer; appid: string }

/** Never throws. Plain-mode pushes are refused: without msg_signature nothing in the body is proved. */
export function readPush(keys: PushKeys, query: Query, body: Buffer | string, now: Date): Push {
  const [timestamp, nonce, told] = ['timestamp', 'nonce', 'msg_signature'].map((name) => filledText(query, name))
  if (timestamp === undefined || nonce === undefined || told === undefined) return refused('query_missing')
  const read = readBody(body.toString())
  const sealed = textOf(read?.fields, 'Encrypt')
  if (read === undefined || sealed === undefined) return refused('body_malformed')
  if (!isSame(told, signPush(keys.token, timestamp, nonce, sealed))) return refused('signature_wrong')
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > SKEW_SECONDS) return refused('timestamp_skewed')
  return readSealed(keys, sealed, read.format)
}

export function signPush(token: string, timestamp: string, nonce: string, sealed: string): string {
  return digestSorted([token, timestamp, nonce, sealed])
}

function readSealed(keys: PushKeys, sealed: string, format: PushFormat): Push {
  const opened = openEnvelope(keys.aesKey, sealed)
  if (opened === undefined) return refused('cannot_decrypt', 'valid')
  if (!isSame(opened.receiver, keys.appid)) return refused('other_receiver', 'valid')
  const content = readBody(opened.plain)?.fields
  return (content === undefined ? undefined : readContent(content, { ...opened, format })) ?? refused('content_malformed', 'valid')
}

function refused(reason: PushRefusal, signature: 'valid' | 'invalid' = 'invalid'): Push {
  return { kind: 'refused', reason, signature }
}

/** The console's address check: plain query signature over token, timestamp and nonce. */
export function echoOf(token: string, query: Query): string | undefined {
  const [timestamp, nonce, signature, echo] = ['timestamp', 'nonce', 'signature', 'echostr'].map((name) => filledText(query, name))
  if (timestamp === undefined || nonce === undefined || signature === undefined) return undefined
  return token !== '' && isSame(signature, digestSorted([token, timestamp, nonce])) ? echo : undefined
}

function readBody(text: string): { format: PushFormat; fields: Fields } | undefined {
  const format = text.trimStart().startsWith('<') ? 'xml' : 'json'
  const fields = format === 'xml' ? readXml(text) : readJson(text)
  return fields && { format, fields }
}

type Told = { plain: string; receiver: string; format: PushFormat }

function readContent(content: Fields, told: Told): GoodPush | undefined {
  const event = textOf(content, 'Event') ?? textOf(content, 'MsgType')
  if (event === undefined) return undefined
  if (event === 'xpay_goods_deliver_notify' || event === 'xpay_coin_pay_notify') {
    const delivery = readDelivery(content, event === 'xpay_coin_pay_notify')
    return delivery && { kind: 'deliver', id: nameEvent(event, delivery.platformOrderNo ?? delivery.outTradeNo), event, ...told, delivery }
  }
  if (event === 'xpay_refund_notify') {
    const refund = readRefundNotice(content)
    return refund && { kind: 'refund', id: nameEvent(event, refund.platformRefundNo), event, ...told, refund }
  }
  if (event === 'xpay_subscribe_ios_refund_query_notify') {
    const payOrderNo = filledText(content, 'pay_order_id')
    const question = payOrderNo === undefined ? undefined : { payOrderNo, product: filledText(content, 'product_id'), provided: wholeOf(content, 'provide_status') === 1 }
    return question && { kind: 'question', id: nameEvent(event, `${question.payOrderNo}/${wholeOf(content, 'CreateTime') ?? ''}`), event, ...told, question }
  }
  // Told when something was shipped too; only with a time of receipt is it there.
  if (event === 'trade_manage_order_settlement' && (wholeOf(content, 'confirm_receive_time') ?? 0) > 0) {
    const outTradeNo = filledText(content, 'merchant_trade_no')
    return outTradeNo === undefined ? undefined : { kind: 'receipt', id: nameEvent(event, `${outTradeNo}/received`), event, ...told, receipt: { outTradeNo } }
  }
  return { kind: 'other', id: nameEvent(event, nameMessage(content)), event, ...told }
}

/** Ordinary messages have a number; events are known by who, when and what, as the platform advises. */
function nameMessage(content: Fields): string {
  const number = textOf(content, 'MsgId') ?? wholeOf(content, 'MsgId')
  return number === undefined ? `${textOf(content, 'FromUserName') ?? ''}/${wholeOf(content, 'CreateTime') ?? ''}` : String(number)
}

/** Short enough for a unique column, whatever the platform puts into its numbers. */
function nameEvent(event: string, subject: string): string {
  return createHash('sha256').update(`${event}/${subject}`).digest('hex').slice(0, 40)
}

function readDelivery(content: Fields, ofCoins: boolean): Delivery | undefined {
  const [paid, goods] = [fieldsOf(content, 'WeChatPayInfo'), fieldsOf(content, ofCoins ? 'CoinInfo' : 'GoodsInfo')]
  const [openid, outTradeNo, product] = [filledText(content, 'OpenId'), filledText(content, 'OutTradeNo'), filledText(goods, 'ProductId')]
  const [env, quantity, originalPrice] = [wholeOf(content, 'Env'), wholeOf(goods, 'Quantity'), centsOf(goods, 'OrigPrice')]
  if (openid === undefined || outTradeNo === undefined || (product === undefined) !== ofCoins) return undefined
  if (env === undefined || quantity === undefined || originalPrice === undefined) return undefined
  return {
    openid,
    outTradeNo,
    env,
    product,
    quantity,
    originalPrice,
    actualPrice: centsOf(goods, 'ActualPrice'),
    platformOrderNo: filledText(paid, 'MchOrderNo'),
    transactionId: filledText(paid, 'TransactionId'),
    paidAt: instantOfSeconds(paid, 'PaidTime'),
  }
}

function readRefundNotice(content: Fields): VirtualRefundNotice | undefined {
  const [openid, outTradeNo, platformRefundNo] = ['OpenId', 'MchOrderId', 'WxRefundId'].map((name) => filledText(content, name))
  const refund = centsOf(content, 'RefundFee')
  if (openid === undefined || outTradeNo === undefined || platformRefundNo === undefined || refund === undefined) return undefined
  return { openid, outTradeNo, platformRefundNo, outRefundNo: filledText(content, 'MchRefundId'), refund, succeeded: wholeOf(content, 'RetCode') === 0 }
}

/** Stops the platform's retries: say it only when the push is stored. */
export function acceptPush(format: PushFormat): PushAnswer {
  return writeAnswer(format, 0, 'success')
}

export function declinePush(format: PushFormat): PushAnswer {
  return writeAnswer(format, 1, 'refused')
}

function writeAnswer(format: PushFormat, code: number, message: string): PushAnswer {
  if (format === 'json') return { type: 'application/json', body: JSON.stringify({ ErrCode: code, ErrMsg: message }) }
  return { type: 'text/xml', body: `<xml><ErrCode>${code}</ErrCode><ErrMsg><![CDATA[${message}]]></ErrMsg></xml>` }
}

/** An answer that the platform opens again, for events that want content in safe mode; in the format that the push came in. */
export function sealAnswer(keys: PushKeys, format: PushFormat, plain: string, timestamp: string, nonce: string): PushAnswer {
  const sealed = sealEnvelope(keys.aesKey, { plain, receiver: keys.appid })
  const signature = signPush(keys.token, timestamp, nonce, sealed)
  if (format === 'json') return { type: 'application/json', body: JSON.stringify({ Encrypt: sealed, MsgSignature: signature, TimeStamp: Number(timestamp), Nonce: nonce }) }
  return { type: 'text/xml', body: `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>` }
}

/** The platform's own names: 0 advises to give the money back, 1 not to. */
export function writeAdvice(format: PushFormat, { refund, info, evidence }: RefundAdvice): string {
  const code = refund ? 0 : 1
  if (format === 'json') return JSON.stringify({ result_code: code, result_info: info, evidence })
  const quoted = (text: string) => `<![CDATA[${text.replaceAll(']]>', '')}]]>`
  return `<xml><result_code>${code}</result_code><result_info>${quoted(info)}</result_info><evidence>${quoted(evidence)}</evidence></xml>`
}
