// Alipay for one app: the payer's id, create, query, close, refund, refund query and notices.
import { filledText, type Fields } from '../fields.ts'
import { done, notConfigured, unknown, type Answer } from '../wire.ts'
import { fetchBill } from './bills.ts'
import { exchange, type Ask, type Line } from './exchange.ts'
import { readNotice } from './notice.ts'
import { beijingTime, readRefund, readRefundQuery, readTrade } from './read.ts'
import { yuanOf } from '../yuan.ts'
import type { Alipay, AlipayConfig, AlipayRefundAsk, TradeAsk } from './shapes.ts'
import { readKeys } from './sign.ts'

const TIMEOUT_MS = 8000

/** Parses both keys once; throws when one is malformed. Without an app it opens a gateway that refuses. */
export function openAlipay(config: AlipayConfig, now: () => Date, onDistrust: Line['onDistrust'] = () => undefined): Alipay {
  if (config.appid === '' || config.privateKey === '' || config.publicKey === '') return openNothing(config)
  const line: Line = { baseUrl: config.baseUrl, appid: config.appid, ...readKeys(config), now, timeoutMs: config.timeoutMs ?? TIMEOUT_MS, onDistrust }
  return {
    isReady: true,
    appid: config.appid,
    sellerId: config.sellerId,
    ...openTrades(config, line),
    ...openRefunds(line),
    exchangeCode: (code) => ask(line, { method: 'alipay.system.oauth.token', plain: { grant_type: 'authorization_code', code } }, (fields) => {
      const openid = filledText(fields, 'open_id') ?? filledText(fields, 'user_id')
      return openid === undefined ? undefined : { openid }
    }),
    fetchTradeBill: (day) => fetchBill(line, day),
    readNotice: (body) => readNotice(line.theirs, body),
  }
}

function openTrades(config: AlipayConfig, line: Line): Pick<Alipay, 'createTrade' | 'findTrade' | 'closeTrade'> {
  return {
    createTrade: (wish) => ask(line, { method: 'alipay.trade.create', plain: { notify_url: wish.notifyUrl }, content: describeTrade(config, wish) }, (fields) => {
      const tradeNo = filledText(fields, 'trade_no')
      return tradeNo === undefined ? undefined : { tradeNo }
    }),
    findTrade: (outTradeNo) => ask(line, { method: 'alipay.trade.query', content: { out_trade_no: outTradeNo } }, (fields) => readTrade(fields, config)),
    closeTrade: (outTradeNo) => ask(line, { method: 'alipay.trade.close', content: { out_trade_no: outTradeNo } }, () => 'closed' as const),
  }
}

/** A subject may not hold the signs that Alipay's own forms are made of. */
function describeTrade(config: AlipayConfig, wish: TradeAsk): Fields {
  return {
    out_trade_no: wish.outTradeNo,
    total_amount: yuanOf(wish.total),
    subject: wish.subject.replace(/[/=&]/g, ' ').slice(0, 128),
    product_code: 'JSAPI_PAY',
    op_app_id: config.appid,
    buyer_open_id: wish.buyerOpenid,
    time_expire: beijingTime(wish.expiresAt),
  }
}

function openRefunds(line: Line): Pick<Alipay, 'refund' | 'findRefund'> {
  return {
    refund: (wish) => ask(line, { method: 'alipay.trade.refund', content: describeRefund(wish) }, (fields) => readRefund(fields, wish.outRefundNo)),
    findRefund: (outTradeNo, outRefundNo) =>
      ask(line, { method: 'alipay.trade.fastpay.refund.query', content: { out_trade_no: outTradeNo, out_request_no: outRefundNo } }, (fields) => readRefundQuery(fields, outTradeNo, outRefundNo)),
  }
}

function describeRefund(wish: AlipayRefundAsk): Fields {
  return {
    out_trade_no: wish.outTradeNo,
    out_request_no: wish.outRefundNo,
    refund_amount: yuanOf(wish.refund),
    ...(wish.reason === undefined ? {} : { refund_reason: wish.reason.slice(0, 128) }),
  }
}

/** A verified answer that lacks what it must have is unknown, not a failure. */
async function ask<T>(line: Line, wish: Ask, read: (fields: Fields) => T | undefined): Promise<Answer<T>> {
  const answer = await exchange(line, wish)
  if (answer.outcome !== 'done') return answer
  const value = read(answer.value)
  return value === undefined ? unknown('answer lacks a field') : done(value)
}

function openNothing({ appid, sellerId }: AlipayConfig): Alipay {
  const refused = async () => notConfigured('Alipay')
  return {
    isReady: false,
    appid,
    sellerId,
    exchangeCode: refused,
    createTrade: refused,
    findTrade: refused,
    closeTrade: refused,
    refund: refused,
    findRefund: refused,
    fetchTradeBill: refused,
    readNotice: () => ({ kind: 'refused', reason: 'not_configured', signature: 'invalid' }),
  }
}
