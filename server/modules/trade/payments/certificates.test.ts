// Merchants that still have platform certificates: each process fetches them when it starts and daily, so that a rotation is not noticed by any buyer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepHabits } from '#kernel/jobs.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { habits } from '#server/timetable.ts'
import { openShop } from '#server/test/shop.ts'
import { until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

for (const mode of ['certificate', 'gray'])
  test(`in ${mode} mode a certificate that was rotated after our settings were made is fetched at the start, and its notices are believed`, async (t) => {
    const shop = await openShop({ mode }, (sandbox, tenant) => sandbox.ask('POST', `/__sim/tenants/${tenant.appid}/rotate-certificate`))
    t.after(() => shop.stop())
    const requests = async (): Promise<Json[]> => (await shop.sim('GET', `/__sim/requests?tenant=${shop.app.tenant.appid}`)).items
    await until(async () => (await requests()).some((request) => request.url === '/v3/certificates' && request.status === 200))
    const buyer = await shop.buyer()
    const order = await shop.place(buyer, shop.course)
    const code = await shop.begin(buyer, order)
    await shop.fault('certificate_notice', { api: 'wechatpay' })
    await shop.cashier(code)
    await shop.becomes(buyer, order, 'paid')
    const [attempt] = await shop.attempts(order)
    assert.equal((await shop.deliveries(attempt.outTradeNo))[0].attempts[0].status, 200)
    await shop.soldOnce(buyer, order, shop.course)
    assert.equal((await requests()).filter((request) => request.url === '/v3/certificates').length, 1)
  })

test('in public-key mode nothing is fetched', async (t) => {
  const shop = await openShop()
  t.after(() => shop.stop())
  const { items } = await shop.sim('GET', `/__sim/requests?tenant=${shop.app.tenant.appid}`)
  assert.deepEqual(items.filter((request: Json) => request.url === '/v3/certificates'), [])
})

test('the timetable has every process refresh its certificates daily', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const own = habits.filter(({ job }) => job === 'payments.refresh_certificates')
  assert.deepEqual(own.map(({ everyHours }) => everyHours), [24])
  let times = 0
  const room = { name: 'trade/payments', jobs: { 'payments.refresh_certificates': async () => (times += 1) } }
  const stop = keepHabits([room], own, () => ({}) as Ctx)
  assert.equal(times, 1)
  t.mock.timers.tick(24 * 3_600_000)
  assert.equal(times, 2)
  t.mock.timers.tick(24 * 3_600_000)
  assert.equal(times, 3)
  stop()
  t.mock.timers.tick(48 * 3_600_000)
  assert.equal(times, 3)
})
