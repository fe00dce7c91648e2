// `npm run ledger:check` agrees with honest books and finds every way of breaking them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { openShop, type Shop } from '#server/test/shop.ts'
import { until } from '#server/test/server.ts'

let shop: Shop
let client: pg.Client
const orders: Record<'paid' | 'refunded', string> = { paid: '', refunded: '' }

before(async () => {
  shop = await openShop()
  for (const state of ['refunded', 'paid'] as const) {
    const buyer = await shop.buyer()
    const order = await shop.place(buyer, shop.course)
    await shop.cashier(await shop.begin(buyer, order))
    await shop.becomes(buyer, order, 'paid')
    orders[state] = order.id
    if (state === 'paid') continue
    await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
    await until(async () => (await shop.detail(order)).refunds[0].state === 'processing')
    await shop.advance(5)
    await shop.becomes(buyer, order, 'refunded')
  }
  client = new pg.Client({ connectionString: shop.app.databaseUrl })
  await client.connect()
})
after(async () => {
  await client.end()
  await shop.stop()
})

function check(): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', 'ledger:check'], { env: { ...process.env, DATABASE_URL: shop.app.databaseUrl } }, (error, out, told) => resolve({ code: error === null ? 0 : Number(error.code), out: out + told }))
  })
}

test('honest books balance, account by account', async () => {
  const { code, out } = await check()
  assert.equal(code, 0, out)
  assert.match(out, /asset:wechat_pay +99\.00/)
  assert.match(out, /income:courses +-198\.00/)
  assert.match(out, /income:refunds +99\.00/)
  assert.match(out, /the ledger balances/)
})

test('the database itself refuses to change a line, or to take an entry that does not sum to zero', async () => {
  await assert.rejects(client.query('update ledger_lines set amount = amount + 1'), /never changed/)
  await assert.rejects(client.query('delete from ledger_entries'), /never changed/)
  await assert.rejects(client.query("with e as (insert into ledger_entries (id, what, cause, at) values ('ldg_x', 'x', 'x', now()) returning id) insert into ledger_lines select id, 0, 'income:courses', 1 from e"), /does not sum to zero/)
})

/** Breaks the books with the guards switched off, looks, and mends them. */
async function broken(breakIt: string, mendIt: string) {
  await client.query(`set session_replication_role = replica; ${breakIt}`)
  const seen = await check()
  await client.query(`${mendIt}; set session_replication_role = origin`)
  assert.equal((await check()).code, 0, 'mended')
  return seen
}

const saleLine = (account: string) => `entry_id = (select e.id from ledger_entries e where e.what = 'sale' and e.order_id = '${orders.paid}') and account = '${account}'`

for (const [name, breakIt, mendIt, says] of [
  ['one fen too many on one line', () => `update ledger_lines set amount = amount + 1 where ${saleLine('asset:wechat_pay')}`, () => `update ledger_lines set amount = amount - 1 where ${saleLine('asset:wechat_pay')}`, /is off by 1 fen[\s\S]*the ledger received 9901/],
  ['an entry that sums to zero but is of another amount', () => `update ledger_lines set amount = amount * 2 where ${saleLine('asset:wechat_pay')} or ${saleLine('income:courses')}`, () => `update ledger_lines set amount = amount / 2 where ${saleLine('asset:wechat_pay')} or ${saleLine('income:courses')}`, /over 9900 fen, but the ledger received 19800/],
  ['a paid attempt that is called unpaid', () => `update payment_attempts set state = 'closed' where order_id = '${orders.paid}'`, () => `update payment_attempts set state = 'paid' where order_id = '${orders.paid}'`, /is closed over 9900 fen, but the ledger received 9900/],
  ['a refund that is called under way', () => "update refunds set state = 'processing'", () => "update refunds set state = 'done'", /is processing over 9900 fen, but the ledger sent 9900 and owes 0/],
  ['an order that says nothing went back', () => `update orders set refunded = 0 where id = '${orders.refunded}'`, () => `update orders set refunded = total where id = '${orders.refunded}'`, /says 0 fen went back, its refunds say 9900/],
  ['a paid order whose right is gone', () => `update entitlements set order_id = 'ord_gone' where order_id = '${orders.paid}'`, () => `update entitlements set order_id = '${orders.paid}' where order_id = 'ord_gone'`, /is paid but opens nothing/],
] as const)
  test(`${name} is found and told, and the command fails`, async () => {
    const { code, out } = await broken(breakIt(), mendIt())
    assert.equal(code, 1)
    assert.match(out, says)
    assert.match(out, /\d+ differences/)
  })
