// Whole notifications: read by the gateway, judged against the order of the vector, answered as the product answers.
import { cents } from '#contracts/words/money.ts'
import { judgeDelivery } from '#gateways/wechat/judge.ts'
import { acceptPush, readPush } from '#gateways/wechat/push.ts'
import { readAesKey } from '#gateways/wechat/envelope.ts'
import type { GoodPush } from '#gateways/wechat/shapes.ts'
import { readApiv3Key } from '#gateways/wechatpay/cipher.ts'
import { judgeTransaction } from '#gateways/wechatpay/judge.ts'
import { readNotice } from '#gateways/wechatpay/notice.ts'
import type { Headers, Notice } from '#gateways/wechatpay/shapes.ts'
import type { Keyring } from '#gateways/wechatpay/verify.ts'
import { expectSame, objectOf, textOf, type Complaints, type Json, type Keys, type Vector } from './file.ts'

/** Attempts in these states have been settled: the same payment told again grants nothing more. */
const SETTLED = ['PAID', 'DELIVERED']

export function runNoticeFlow({ inputs, expected }: Vector, keys: Keys): Complaints {
  const [config, order, request] = ['config', 'order', 'request'].map((name) => objectOf(inputs[name]))
  const keyring: Keyring = new Map()
  for (const [serial, name] of Object.entries(objectOf(config?.['platform_keys']))) keyring.set(serial, { key: keys(String(name)), validUntil: Infinity })
  const now = new Date(Number(inputs['clock']) * 1000)
  const apiv3Keys = [config?.['apiv3_key'], config?.['apiv3_key_previous']].flatMap(readKeys)
  const notice = readNotice({ keyring, apiv3Keys }, objectOf(request?.['headers']) as Headers, textOf(request ?? {}, 'body'), now)
  return expectNotice(notice, decideOnNotice(notice, config ?? {}, order ?? {}), expected)
}

/** A key of another length opens nothing; the product refuses to start with it. */
function readKeys(text: unknown) {
  return typeof text === 'string' && Buffer.byteLength(text) === 32 ? [readApiv3Key(text)] : []
}

type Decision = { grant: boolean | 'policy'; revoke: boolean }

function expectNotice(notice: Notice, decision: Decision, expected: Json): Complaints {
  const isGood = notice.kind !== 'refused'
  return [
    ...expectSame('signature', isGood ? 'valid' : notice.signature, expected['signature']),
    ...expectSame('decrypts', notice.plain !== undefined, expected['decrypts']),
    ...expectSame('ack', isGood ? '2xx' : '4xx/5xx', expected['ack']),
    ...expectSame('grant', decision.grant, expected['grant']),
    ...expectSame('revoke', decision.revoke, expected['revoke']),
    ...expectSame('plaintext', notice.plain ?? null, expected['plaintext']),
    ...expectSame('refund_state', notice.kind === 'refund' ? notice.refund.state : null, expected['refund_state']),
    ...expectSame('transfer_state', notice.kind === 'transfer' ? notice.transfer.state : null, expected['transfer_state']),
  ]
}

function decideOnNotice(notice: Notice, config: Json, order: Json): Decision {
  if (notice.kind === 'refund') return { grant: false, revoke: notice.refund.state === 'SUCCESS' && SETTLED.includes(textOf(order, 'status')) }
  if (notice.kind !== 'transaction') return { grant: false, revoke: false }
  const judged = judgeTransaction(notice.transaction, {
    mchid: textOf(config, 'mchid'),
    appid: textOf(config, 'appid'),
    outTradeNo: textOf(order, 'out_trade_no'),
    total: cents(Number(order['amount_total'])),
    currency: 'CNY',
  })
  return { grant: judged.verdict === 'pays' && grantBy(textOf(order, 'status')), revoke: false }
}

function grantBy(status: string): boolean | 'policy' {
  if (status === 'CLOSED') return 'policy'
  return !SETTLED.includes(status)
}

/** The vectors carry no clock: the push is read in the second it was made. */
export function runPushFlow({ inputs, expected }: Vector): Complaints {
  const [config, order, request] = ['config', 'order', 'request'].map((name) => objectOf(inputs[name]))
  const query = objectOf(request?.['query'])
  const keys = { token: textOf(config ?? {}, 'token'), aesKey: readAesKey(textOf(config ?? {}, 'encoding_aes_key')), appid: textOf(config ?? {}, 'appid') }
  const push = readPush(keys, query, textOf(request ?? {}, 'body'), new Date(Number(query['timestamp']) * 1000))
  if (push.kind === 'refused') {
    return [...expectSame('msg_signature', push.signature, expected['msg_signature']), ...expectSame('grant', false, expected['grant']), ...expectSame('revoke', false, expected['revoke'])]
  }
  return expectPush(push, config ?? {}, order ?? {}, expected)
}

function expectPush(push: GoodPush, config: Json, order: Json, expected: Json): Complaints {
  const answer = acceptPush(push.format).body
  const isRevoked = push.kind === 'refund' && push.refund.succeeded && push.refund.outTradeNo === order['out_trade_no'] && SETTLED.includes(textOf(order, 'status'))
  return [
    ...expectSame('msg_signature', 'valid', expected['msg_signature']),
    ...expectSame('plaintext', push.plain, expected['plaintext']),
    ...expectSame('receiver', push.receiver, expected['receiver_tail']),
    ...expectSame('ack', push.format === 'json' ? (JSON.parse(answer) as unknown) : answer, expected['ack']),
    ...expectSame('grant', push.kind === 'deliver' && isGranted(push, config, order), expected['grant']),
    ...expectSame('revoke', isRevoked, expected['revoke']),
  ]
}

function isGranted(push: GoodPush & { kind: 'deliver' }, config: Json, order: Json): boolean {
  const judged = judgeDelivery(push.delivery, {
    env: Number(config['env']),
    openid: textOf(order, 'openid'),
    outTradeNo: textOf(order, 'out_trade_no'),
    product: textOf(order, 'product_id'),
    quantity: Number(order['quantity']),
    price: cents(Number(order['price'])),
  })
  return judged.verdict === 'pays' && !SETTLED.includes(textOf(order, 'status'))
}
