// WeChat Pay APIv3 for one merchant: prepay, query, close, refund, bills, certificates and notices.
import type { KeyObject } from 'node:crypto'
import type { Fields } from '../fields.ts'
import { done, notConfigured, unknown, type Answer } from '../wire.ts'
import { openRefresher } from './certificates.ts'
import { readApiv3Key } from './cipher.ts'
import { openComplaints } from './complaints.ts'
import { openBills } from './fetch-bills.ts'
import { askFor, exchange, sealFor, type Distrust, type Line } from './exchange.ts'
import { openHosts } from './hosts.ts'
import { readNotice } from './notice.ts'
import { readRefund, readTransaction } from './read.ts'
import type { Prepay, RefundAsk, WechatPay, WechatPayConfig } from './shapes.ts'
import { openTransfers } from './transfers.ts'
import { openSharing } from './sharing.ts'
import { makeNonce, readPrivateKey, secondsOf, signJsapi } from './sign.ts'
import { openKeyring } from './verify.ts'

const TIMEOUT_MS = 8000
const BEIJING_MS = 8 * 3_600_000

/** Parses every key once; throws when one is malformed. Without a merchant number it opens a gateway that refuses. */
export function openWechatPay(config: WechatPayConfig, now: () => Date, onDistrust: (distrust: Distrust) => void = () => undefined): WechatPay {
  if (config.mchid === '' || config.privateKey === '' || config.apiv3Key === '') return openNothing(config)
  const line = openLine(config, now, onDistrust)
  const apiv3Keys = readApiv3Keys(config)
  return {
    isReady: true,
    hasCertificates: config.platformCerts !== '' || config.publicKeyId === '',
    mchid: config.mchid,
    appid: config.appid,
    ...openOrders(config, line),
    ...openRefunds(line),
    ...openBills(line),
    sharing: openSharing(config.appid, line),
    transfers: openTransfers(line),
    complaints: openComplaints(line),
    signJsapi: (prepayId, appid = config.appid) => signJsapi(line.merchant.key, appid, prepayId, secondsOf(now()), makeNonce()),
    refreshCertificates: openRefresher(line, apiv3Keys),
    readNotice: (headers, body) => readNotice({ keyring: line.keyring, apiv3Keys }, headers, body, now()),
  }
}

function openLine(config: WechatPayConfig, now: () => Date, onDistrust: Line['onDistrust']): Line {
  const keyring = openKeyring(config)
  return {
    hosts: openHosts(config.baseUrl, config.farUrl ?? '', now),
    merchant: { mchid: config.mchid, serial: config.serial, key: readPrivateKey(config.privateKey) },
    keyring,
    wantedSerial: () => config.publicKeyId || newestSerial(keyring),
    now,
    timeoutMs: config.timeoutMs ?? TIMEOUT_MS,
    onDistrust,
  }
}

function newestSerial(keyring: Line['keyring']): string | undefined {
  return [...keyring].toSorted(([, a], [, b]) => b.validUntil - a.validUntil)[0]?.[0]
}

export function readApiv3Keys(config: { apiv3Key: string; apiv3KeyPrevious: string }): KeyObject[] {
  return [config.apiv3Key, config.apiv3KeyPrevious].filter((key) => key !== '').map(readApiv3Key)
}

type Orders = Pick<WechatPay, 'prepayH5' | 'prepayNative' | 'prepayJsapi' | 'findByOutTradeNo' | 'findByTransactionId' | 'close'>

function openOrders({ mchid, appid }: WechatPayConfig, line: Line): Orders {
  const prepay = async <K extends string>(kind: string, field: string, name: K, ask: Prepay, more: Fields): Promise<Answer<Record<K, string>>> =>
    askFor(line, { method: 'POST', path: `/v3/pay/transactions/${kind}`, body: { ...describeOrder(mchid, appid, ask), ...more } }, (fields) => {
      const value = fields?.[field]
      return typeof value === 'string' && value !== '' ? ({ [name]: value } as Record<K, string>) : undefined
    })
  const find = (path: string) => askFor(line, { method: 'GET', path: `/v3/pay/transactions/${path}?mchid=${mchid}` }, readTransaction)
  return {
    prepayH5: (ask) => prepay('h5', 'h5_url', 'url', ask, { scene_info: { payer_client_ip: ask.payerAddress, h5_info: { type: 'Wap' } } }),
    prepayNative: (ask) => prepay('native', 'code_url', 'codeUrl', ask, {}),
    prepayJsapi: (ask) => prepay('jsapi', 'prepay_id', 'prepayId', ask, { ...(ask.appid === undefined ? {} : { appid: ask.appid }), payer: { openid: ask.openid } }),
    findByOutTradeNo: (outTradeNo) => find(`out-trade-no/${encodeURIComponent(outTradeNo)}`),
    findByTransactionId: (transactionId) => find(`id/${encodeURIComponent(transactionId)}`),
    async close(outTradeNo) {
      const told = await exchange(line, { method: 'POST', path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(outTradeNo)}/close`, body: { mchid } })
      if (told.outcome !== 'told') return told
      return told.status === 204 ? done('closed') : unknown(`close answered ${told.status}`)
    },
  }
}

function describeOrder(mchid: string, appid: string, ask: Prepay): Fields {
  return {
    appid,
    mchid,
    description: shorten(ask.description, 127),
    out_trade_no: ask.outTradeNo,
    time_expire: beijingTime(ask.expiresAt),
    notify_url: ask.notifyUrl,
    amount: { total: ask.total, currency: 'CNY' },
    ...(ask.attach === undefined ? {} : { attach: ask.attach }),
    ...(ask.isShared ? { settle_info: { profit_sharing: true } } : {}),
  }
}

function openRefunds(line: Line): Pick<WechatPay, 'refund' | 'findRefund' | 'redirectRefund'> {
  const path = '/v3/refund/domestic/refunds'
  const readStatus = (fields: Fields | undefined) => readRefund(fields, 'status')
  return {
    refund: (ask) => askFor(line, { method: 'POST', path, body: describeRefund(ask) }, readStatus),
    findRefund: (outRefundNo) => askFor(line, { method: 'GET', path: `${path}/${encodeURIComponent(outRefundNo)}` }, readStatus),
    redirectRefund: ({ refundId, outRefundNo, bank, account, name }) => {
      const body = { out_refund_no: outRefundNo, type: 'USER_BANK_CARD', bank_type: bank, bank_account: sealFor(line, account), real_name: sealFor(line, name) }
      return askFor(line, { method: 'POST', path: `${path}/${encodeURIComponent(refundId)}/apply-abnormal-refund`, body }, readStatus)
    },
  }
}

function describeRefund(ask: RefundAsk): Fields {
  return {
    out_trade_no: ask.outTradeNo,
    out_refund_no: ask.outRefundNo,
    amount: { refund: ask.refund, total: ask.total, currency: 'CNY' },
    ...(ask.reason === undefined ? {} : { reason: shorten(ask.reason, 80) }),
    ...(ask.notifyUrl === undefined ? {} : { notify_url: ask.notifyUrl }),
  }
}

/** WeChat Pay wants RFC 3339 without fractions. */
function beijingTime(at: Date): string {
  return `${new Date(at.getTime() + BEIJING_MS).toISOString().slice(0, 19)}+08:00`
}

/** Cuts at the vendor's limit without leaving half of a character. */
function shorten(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}

function openNothing({ mchid, appid }: WechatPayConfig): WechatPay {
  const refuse = async () => notConfigured('WeChat Pay')
  return {
    isReady: false,
    hasCertificates: false,
    mchid,
    appid,
    prepayH5: refuse,
    prepayNative: refuse,
    prepayJsapi: refuse,
    findByOutTradeNo: refuse,
    findByTransactionId: refuse,
    close: refuse,
    refund: refuse,
    findRefund: refuse,
    redirectRefund: refuse,
    transfers: { begin: refuse, find: refuse, cancel: refuse },
    complaints: { list: refuse, find: refuse, history: refuse, picture: refuse, reply: refuse, complete: refuse, decideRefund: refuse, findAddress: refuse, setAddress: refuse },
    sharing: { addReceiver: refuse, removeReceiver: refuse, share: refuse, findShare: refuse, unfreeze: refuse, takeBack: refuse, findReturn: refuse, findUnsplit: refuse },
    fetchTradeBill: refuse,
    fetchFundFlow: refuse,
    refreshCertificates: refuse,
    signJsapi() {
      throw new Error('WeChat Pay has no keys in the configuration')
    },
    readNotice: () => ({ kind: 'refused', reason: 'not_configured', signature: 'invalid' }),
  }
}
