// 发货信息管理: WeChat is told how what a mini program sold by ordinary WeChat Pay reached its buyer, or it keeps the money back.
import { fieldsOf, filledText, listOf, wholeOf, type Fields } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import type { Platform } from './platform.ts'
import type { ShipmentAsk, ShipmentTold, Shipments } from './shapes.ts'

const BEIJING_MS = 8 * 3_600_000
const LONGEST_ITEM = 120
const EXPRESS = 1
const VIRTUAL = 3
/** One number for all of it; the vendor wants the number, and refuses the word for it. */
const TOGETHER = 1

export function openShipments(platform: Platform, appid: string): Shipments {
  return {
    async report(ask) {
      const answer = await platform.post('/wxa/sec/order/upload_shipping_info', JSON.stringify(describe(ask)))
      return answer.outcome === 'done' ? done('told') : answer
    },
    async find({ mchid, outTradeNo }) {
      const answer = await platform.post('/wxa/sec/order/get_order', JSON.stringify({ merchant_id: mchid, merchant_trade_no: outTradeNo }))
      if (answer.outcome !== 'done') return answer
      return answer.value.kind === 'fields' ? readOrder(fieldsOf(answer.value.fields, 'order')) : unknown('answer is not JSON')
    },
    async remind({ mchid, outTradeNo }, at) {
      const answer = await platform.post('/wxa/sec/order/notify_confirm_receive', JSON.stringify({ merchant_id: mchid, merchant_trade_no: outTradeNo, received_time: Math.floor(at.getTime() / 1000) }))
      return answer.outcome === 'done' ? done('told') : answer
    },
    async isManaged() {
      const answer = await platform.post('/wxa/sec/order/is_trade_managed', JSON.stringify({ appid }))
      if (answer.outcome !== 'done') return answer
      const isManaged = answer.value.kind === 'fields' ? answer.value.fields['is_trade_managed'] : undefined
      return typeof isManaged === 'boolean' ? done(isManaged) : unknown('answer lacks a field')
    },
  }
}

function describe({ mchid, outTradeNo, openid, item, parcel, at }: ShipmentAsk): Fields {
  const contact = parcel === undefined ? {} : { tracking_no: parcel.trackingNo, express_company: parcel.carrier, contact: { receiver_contact: parcel.phoneMasked } }
  return {
    order_key: { order_number_type: 1, mchid, out_trade_no: outTradeNo },
    logistics_type: parcel === undefined ? VIRTUAL : EXPRESS,
    delivery_mode: TOGETHER,
    shipping_list: [{ ...contact, item_desc: item.slice(0, LONGEST_ITEM).replace(/[\uD800-\uDBFF]$/, '') }],
    upload_time: `${new Date(at.getTime() + BEIJING_MS).toISOString().slice(0, 23)}+08:00`,
    payer: { openid },
  }
}

const STATES: ShipmentTold['state'][] = ['to_ship', 'shipped', 'received', 'finished', 'refunded', 'settling']

function readOrder(order: Fields | undefined): Answer<ShipmentTold> {
  const state = STATES[(wholeOf(order, 'order_state') ?? 0) - 1]
  if (state === undefined) return unknown('answer lacks a state')
  const [first] = listOf(fieldsOf(order, 'shipping'), 'shipping_list')
  return done({ state, trackingNo: filledText(first, 'tracking_no'), carrier: filledText(first, 'express_company') })
}
