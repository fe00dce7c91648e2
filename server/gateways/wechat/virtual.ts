// WeChat virtual payment: the signed request for the pay sheet, orders, the word that goods were given, and goods.
import { centsOf, fieldOf, filledText, instantOfSeconds, listOf, textOf, wholeOf, type Fields } from '../fields.ts'
import { cents, plus } from '#contracts/words/money.ts'
import { done, unknown, type Answer } from '../wire.ts'
import { digestKeyed } from './digest.ts'
import type { Platform } from './platform.ts'
import { openWithdrawals } from './withdrawals.ts'
import type { GoodsItem, GoodsState, GoodsTask, VirtualAsk, VirtualOrder, VirtualPayment, VirtualRequest, VirtualState, WechatConfig } from './shapes.ts'

const STATES: readonly VirtualState[] = ['initial', 'created', 'paid', 'delivering', 'delivered', 'refunded', 'closed', 'refund_failed']
const TASKS = ['none', 'running', 'failed', 'done'] as const
const GOODS: readonly GoodsState[] = ['running', 'exists', 'done', 'failed']
const APPLE = 7
const REPEATED = '268490004'
/** Said of a number that no sheet was ever confirmed for; every other refusal means that we were not heard. */
const NO_SUCH_ORDER = '268490002'

export function openVirtualPayment(config: WechatConfig, platform: Platform): VirtualPayment {
  const env = config.xpayEnv
  const call = (name: string, body: Fields) => callXpay(platform, config.xpayAppKey, name, { ...body, env })
  const start = async (name: string, body: Fields): Promise<Answer<'started'>> => {
    const answer = await call(name, body)
    return answer.outcome === 'done' ? done('started') : answer
  }
  const find = async (name: string, list: string, state: string) => {
    const answer = await call(name, {})
    return answer.outcome === 'done' ? readTask(answer.value, list, state) : answer
  }
  return {
    offerId: config.xpayOfferId,
    env,
    prepare: (ask) => prepareRequest(config, ask),
    async findOrder(openid, outTradeNo) {
      const answer = await call('query_order', { openid, order_id: outTradeNo })
      if (answer.outcome === 'refused' && answer.code === NO_SUCH_ORDER) return { ...answer, status: 404 }
      if (answer.outcome !== 'done') return answer
      const order = readOrder(answer.value)
      return order === undefined ? unknown('answer lacks a field') : done(order)
    },
    async noteProvided(_openid, outTradeNo) {
      const answer = await call('notify_provide_goods', { order_id: outTradeNo })
      if (answer.outcome === 'refused' && answer.code === REPEATED) return done('provided')
      return answer.outcome === 'done' ? done('provided') : answer
    },
    async refund({ openid, outTradeNo, outRefundNo, left, refund }) {
      const body = { openid, order_id: outTradeNo, refund_order_id: outRefundNo, left_fee: left, refund_fee: refund, biz_meta: '', refund_reason: '5', req_from: '3' }
      const answer = await call('refund_order', body)
      if (answer.outcome === 'refused' && answer.code === REPEATED) return done({ platformRefundNo: undefined })
      return answer.outcome === 'done' ? done({ platformRefundNo: filledText(answer.value, 'refund_wx_order_id') }) : answer
    },
    uploadGoods: (items) => start('start_upload_goods', { upload_item: items.map(describeGoods) }),
    findUpload: () => find('query_upload_goods', 'upload_item', 'upload_status'),
    publishGoods: (ids) => start('start_publish_goods', { publish_item: ids.map((id) => ({ id })) }),
    ...openWithdrawals(call),
    findPublish: () => find('query_publish_goods', 'publish_item', 'publish_status'),
  }
}

/** Both signatures are over the exact bytes of the body, so the text is made once and sent as it is. */
export async function callXpay(platform: Platform, appKey: string, name: string, body: Fields, sessionKey?: string): Promise<Answer<Fields>> {
  const text = JSON.stringify(body)
  const bySession = sessionKey === undefined ? '' : `&signature=${signSession(sessionKey, text)}`
  const answer = await platform.post(`/xpay/${name}`, text, `&pay_sig=${signPay(appKey, `/xpay/${name}`, text)}${bySession}`)
  if (answer.outcome !== 'done') return answer
  return answer.value.kind === 'fields' && wholeOf(answer.value.fields, 'errcode') === 0 ? done(answer.value.fields) : unknown('answer lacks errcode')
}

export function signPay(appKey: string, uri: string, text: string): string {
  return digestKeyed(appKey, `${uri}&${text}`)
}

export function signSession(sessionKey: string, text: string): string {
  return digestKeyed(sessionKey, text)
}

function prepareRequest(config: WechatConfig, ask: VirtualAsk): VirtualRequest {
  if (!/^(?!_)[0-9A-Za-z_\-|*@]{8,32}$/.test(ask.outTradeNo)) throw new TypeError(`not a number for virtual payment: ${ask.outTradeNo}`)
  const bought = 'coins' in ask ? { buyQuantity: ask.coins } : { buyQuantity: ask.quantity, productId: ask.product, goodsPrice: ask.price }
  const signData = JSON.stringify({ offerId: config.xpayOfferId, env: config.xpayEnv, currencyType: 'CNY', ...bought, outTradeNo: ask.outTradeNo, attach: ask.attach ?? '' })
  const mode = 'coins' in ask ? 'short_series_coin' : 'short_series_goods'
  return { mode, signData, paySig: signPay(config.xpayAppKey, 'requestVirtualPayment', signData), signature: signSession(ask.sessionKey, signData) }
}

function describeGoods({ id, name, price, remark, pictureUrl }: GoodsItem): Fields {
  return { id, name, price, remark: remark ?? name, item_url: pictureUrl ?? '' }
}

/** `env_type` counts from one where `env` counts from zero. */
function readOrder(answer: Fields): VirtualOrder | undefined {
  const order = fieldOf(answer, 'order')
  const fields = typeof order === 'object' && order !== null ? (order as Fields) : undefined
  const [outTradeNo, state, env] = [filledText(fields, 'order_id'), STATES[wholeOf(fields, 'status') ?? -1], wholeOf(fields, 'env_type')]
  const [fee, paid] = [centsOf(fields, 'order_fee'), centsOf(fields, 'paid_fee')]
  if (outTradeNo === undefined || state === undefined || env === undefined || fee === undefined || paid === undefined) return undefined
  const refunded = centsOf(fields, 'refund_fee') ?? cents(0)
  return {
    outTradeNo,
    state,
    fee,
    paid,
    refunded,
    left: centsOf(fields, 'left_fee') ?? cents(paid - refunded),
    env: env - 1,
    isApple: wholeOf(fields, 'order_type') === APPLE,
    wxOrderId: filledText(fields, 'wx_order_id'),
    platformOrderNo: filledText(fields, 'channel_order_id'),
    transactionId: filledText(fields, 'wxpay_order_id'),
    paidAt: instantOfSeconds(fields, 'paid_time'),
    settled: readSettlement(fields),
  }
}

const SETTLED = 2

function readSettlement(fields: Fields | undefined): VirtualOrder['settled'] {
  const [at, fee] = [instantOfSeconds(fields, 'sett_time'), centsOf(fields, 'platform_fee_fen')]
  if (wholeOf(fields, 'sett_state') !== SETTLED || at === undefined || fee === undefined) return undefined
  return { at, fee: plus(fee, centsOf(fields, 'cps_fee_fen') ?? cents(0)) }
}

function readTask(answer: Fields, list: string, stateField: string): Answer<GoodsTask> {
  const state = TASKS[wholeOf(answer, 'status') ?? -1]
  const items = listOf(answer, list).map((item) => {
    const [id, itemState] = [textOf(item, 'id'), GOODS[wholeOf(item, stateField) ?? -1]]
    return id === undefined || itemState === undefined ? undefined : { id, state: itemState, why: filledText(item, 'errmsg') }
  })
  if (state === undefined || items.includes(undefined)) return unknown('answer lacks a field')
  return done({ state, items: items.filter((item) => item !== undefined) })
}
