// The roads of a payment as a patient buyer and an operator walk them, whatever dies on the way.
import type { Buyer } from '../shop.ts'
import type { Json } from '../sandbox.ts'
import { pause } from './fleet.ts'
import type { Lane } from './lane.ts'

/** `native`: a QR code and a notice. `asked`: the notice is lost and the buyer's client asks. `virtual`: WeChat's pay sheet and a push. `closed`: begun and given up. `overtaken`: paid, the notice lost, and then given up. */
export type Road = 'native' | 'asked' | 'virtual' | 'closed' | 'overtaken'
export type Sale = { road: Road; order: string; isReturned: boolean }

const inWechat = 'wechat/android/device-test'

/** Buys, and if `isReturned` gives back. Every request is repeated with its own key until it is answered. */
export async function walk(lane: Lane, road: Road, buyer: Buyer, key: string, isReturned: boolean): Promise<Sale> {
  const as = { token: buyer.token, ...(road === 'virtual' ? { client: inWechat } : {}) }
  const quote = await lane.ask('POST /quotes', { offer: lane.course.offer }, as)
  const order = await lane.ask('POST /orders', { offer: lane.course.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: key }, as)
  const action = await begin(lane, order.id, as)
  if (road !== 'closed') await pay(lane, road, buyer, action)
  if (road === 'closed' || road === 'overtaken') await lane.ask(`POST /orders/${order.id}/closings`, undefined, as, 'order.state_forbids')
  if (road === 'asked') while ((await lane.ask(`POST /orders/${order.id}/checks`, undefined, as)).state === 'placed') await pause(100)
  await becomes(lane, order.id, road === 'closed' ? 'closed' : 'paid')
  if (isReturned && road !== 'closed') {
    await lane.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: key }, { cookie: lane.owner })
    await becomes(lane, order.id, 'refunded')
  }
  return { road, order: order.id, isReturned: isReturned && road !== 'closed' }
}

async function begin(lane: Lane, order: string, as: object): Promise<Json> {
  for (;;) {
    const { action } = await lane.ask(`POST /orders/${order}/payments`, { wide: true }, as)
    if (action.kind !== 'wait') return action
    await pause(100)
  }
}

async function pay(lane: Lane, road: Road, { user }: Buyer, action: Json): Promise<void> {
  const { appid } = lane.tenant
  if (road === 'asked' || road === 'overtaken') await lane.sandbox.fault(lane.tenant, 'drop_notice', { api: 'wechatpay' })
  const { kind: _kind, ...sheet } = action
  const told = road === 'virtual' ? await lane.sandbox.ask('POST', '/__client/xpay/pay', { appid, user, ...sheet }) : await lane.sandbox.ask('POST', '/__client/cashier', { code_url: action.content, do: 'pay' })
  if (told.ok !== true && told.errCode !== 0) throw new Error(`the payer could not pay: ${JSON.stringify(told)}`)
}

async function becomes(lane: Lane, order: string, state: string): Promise<void> {
  for (const end = Date.now() + 150_000; Date.now() < end; await pause(40)) {
    const [row] = await lane.rows('select state from orders where id = $1', [order])
    if (row.state === state) return
  }
  throw new Error(`order ${order} never became ${state}`)
}
