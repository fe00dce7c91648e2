// A shop whose day is held against its bills, for tests of reconciliation: sales, the bills of that day, and what both ledgers say.
import assert from 'node:assert/strict'
import { dayOf } from '#contracts/words/time.ts'
import type { Json } from './sandbox.ts'
import { until } from './server.ts'
import { openShop, type Buyer, type Shop } from './shop.ts'

export type Sold = { buyer: Buyer; order: Json; number: string }
export type Books = Shop & ReturnType<typeof booksOf>

const beijingDay = () => dayOf(new Date(), 'Asia/Shanghai')

/** Each story has a shop of its own: a day is reconciled once. One that failed while midnight of Beijing went by is told again. */
export async function inBooks(story: (books: Books) => Promise<void>, wish: object = { refundSeconds: 1 }): Promise<void> {
  const today = beijingDay()
  const told = await tell(story, wish, today)
  if (told.failed && beijingDay() !== today) return inBooks(story, wish)
  if (told.failed) throw told.why
}

async function tell(story: (books: Books) => Promise<void>, wish: object, today: string): Promise<{ failed: boolean; why?: unknown }> {
  const shop = await openShop(wish)
  const told = await story({ ...shop, ...booksOf(shop, today) }).then(() => ({ failed: false }), (why: unknown) => ({ failed: true, why }))
  await shop.stop()
  return told
}

function booksOf(shop: Shop, today: string) {
  const monthOf = (rail = 'wechat_pay') => shop.desk(`GET /console/reconciliation/months/${today.slice(0, 7)}?rail=${rail}`)
  const dayNow = async (rail?: string): Promise<Json> => (await monthOf(rail)).days.find((day: Json) => day.day === today)
  return {
    today,
    monthOf,
    dayNow,
    ...tradesOf(shop),
    differences: async (query = ''): Promise<Json[]> => (await shop.desk(`GET /console/differences${query}`)).items,
    spoil: (fault: object) => shop.fault('bill_difference', fault),
    /** Our clock so many days on. */
    later: (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) }),
    /** Asks for the bills of the day when the sandbox's clock has gone on so far that they are there. */
    async reconcile(seconds = 36 * 3600): Promise<Json> {
      if (seconds > 0) await shop.advance(seconds)
      assert.deepEqual(await shop.desk('POST /console/reconciliation/days', { day: today }), { begun: true })
      return until(async () => {
        const day = await dayNow()
        return day && day.state !== 'waiting' && day
      })
    },
    /** What the sandbox's own ledger holds for us at WeChat Pay, and what ours says of it. */
    async bothSides(): Promise<[number, number]> {
      const { balances } = await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)
      const { items, balanced } = await shop.desk('GET /console/ledger/accounts')
      assert.equal(balanced, true)
      return [balances.merchant + balances.merchant_fees, items.find((one: Json) => one.account === 'asset:wechat_pay').balance]
    },
  }
}

function tradesOf(shop: Shop) {
  async function payAtAlipay(): Promise<Pick<Sold, 'buyer' | 'order'>> {
    const client = 'alipay/android/device-test'
    const buyer = await shop.buyer()
    const order = await shop.place(buyer, shop.course, client)
    const atPhone = (path: string, body: object): Promise<Json> => shop.sim('POST', `/__client/alipay/${path}`, { appid: shop.app.tenant.appid, user: buyer.user, ...body })
    const { authCode } = await atPhone('auth-code', {})
    const { action } = await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false, payerCode: authCode }, client)
    await atPhone('pay', { tradeNO: action.tradeNo })
    return { buyer, order }
  }
  return {
    payAtAlipay,
    async sellAtAlipay(): Promise<Sold> {
      const { buyer, order } = await payAtAlipay()
      await shop.becomes(buyer, order, 'paid')
      return { buyer, order, number: (await shop.attempts(order))[0]?.outTradeNo }
    },
    async sell(how = 'pay'): Promise<Sold> {
      const buyer = await shop.buyer()
      const order = await shop.place(buyer, shop.course)
      await shop.cashier(await shop.begin(buyer, order), how)
      await shop.becomes(buyer, order, 'paid')
      return { buyer, order, number: (await shop.attempts(order))[0]?.outTradeNo }
    },
    /** Replies the number of the refund. */
    async giveBack({ buyer, order }: Sold): Promise<string> {
      await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `refund-${order.id.slice(-6)}` })
      await until(async () => (await shop.detail(order)).refunds[0].state === 'processing')
      await shop.advance(5)
      await shop.becomes(buyer, order, 'refunded')
      return (await shop.detail(order)).refunds[0].outRefundNo
    },
  }
}
