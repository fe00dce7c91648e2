// A shop that also sells a book: tests buy it with an address, ship it, and look at parcel and stock.
import type { Json } from './sandbox.ts'
import { openShop, termsOf, type Buyer, type Shop } from './shop.ts'

export type GoodsShop = Awaited<ReturnType<typeof openGoodsShop>>

const place = { name: '林知夏', phone: '13800138000', province: '北京市', city: '北京市', district: '海淀区', detail: '学院路 1 号 2 单元 301' }

export async function openGoodsShop() {
  const shop = await openShop()
  const goods = goodsOf(shop)
  return { ...shop, ...goods, ...buyersOf(shop, goods, await goods.newBook({ seats: 50 })) }
}

function goodsOf(shop: Shop) {
  return {
    newBook: async (more: object = {}): Promise<string> => (await shop.desk('POST /console/offers', { kind: 'goods', ...termsOf(shop.course.id, 4900), title: '手帐本', parcel: { goods: '手帐本一册', fee: 800, freeFrom: 9900 }, vat: 'books', ...more })).id,
    addressOf: async (who: Buyer, more: object = {}): Promise<string> => (await shop.asBuyer(who, 'POST /me/addresses', { ...place, isDefault: false, ...more })).id,
    seatsTaken: async (offer: string): Promise<number> => (await shop.desk('GET /console/offers')).items.find((one: Json) => one.id === offer).seatsTaken,
    ship: (order: { id: string }, trackingNo = 'SF1234567890', carrier = 'SF') => shop.app.ask(`PUT /console/parcels/${order.id}/shipment`, { carrier, trackingNo }, { cookie: shop.owner }),
    rowOf: async (order: { id: string }, state: string): Promise<Json> => (await shop.desk(`GET /console/parcels?limit=100&state=${state}`)).items.find((one: Json) => one.order === order.id),
  }
}

function buyersOf(shop: Shop, { addressOf }: ReturnType<typeof goodsOf>, book: string) {
  const order = async (who: Buyer, offer = book, client?: string, pieces?: number): Promise<Json> => {
    const { total, agreementVersion, policy } = await shop.asBuyer(who, 'POST /quotes', { offer, ...(pieces ? { pieces } : {}) }, client)
    return shop.asBuyer(who, 'POST /orders', { offer, ...(pieces ? { pieces } : {}), total, agreementVersion, policy, requestKey: `key-${Math.random().toString(36).slice(2, 12)}`, address: await addressOf(who) }, client)
  }
  const buy = async (who: Buyer, offer = book, pieces?: number): Promise<Json> => {
    const placed = await order(who, offer, undefined, pieces)
    await shop.cashier(await shop.begin(who, placed))
    return shop.becomes(who, placed, 'paid')
  }
  return { book, order, buy }
}
