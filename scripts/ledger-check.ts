// Recomputes every balance of the ledger and fails on any difference: `npm run ledger:check`.
import pg from 'pg'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is missing: name the database whose ledger is to be checked.')
  process.exit(2)
}

const client = new pg.Client({ connectionString: url })
await client.connect()
const unbalanced = await client.query<{ id: string; amount: string }>(
  'select e.id, coalesce(sum(l.amount), 0)::text as amount from ledger_entries e left join ledger_lines l on l.entry_id = e.id group by e.id having coalesce(sum(l.amount), 0) <> 0 or count(l.*) < 2',
)
const unpaid = await client.query<{ id: string }>(
  "select a.id from payment_attempts a left join ledger_entries e on e.cause in ('sale:' || a.id, 'surplus:' || a.id) where (a.state in ('paid', 'surplus')) <> (e.id is not null)",
)
const unopened = await client.query<{ id: string }>(
  "select o.id from orders o where o.state = 'paid' and not exists (select 1 from entitlements t where t.order_id = o.id)",
)
const accounts = await client.query<{ account: string; amount: string }>('select account, sum(amount)::text as amount from ledger_lines group by account order by account')
await client.end()

for (const { account, amount } of accounts.rows) console.log(`${account.padEnd(32)} ${(Number(amount) / 100).toFixed(2).padStart(16)}`)
for (const { id, amount } of unbalanced.rows) console.error(`entry ${id} is off by ${amount} fen`)
for (const { id } of unpaid.rows) console.error(`attempt ${id} and the ledger disagree on whether it was paid`)
for (const { id } of unopened.rows) console.error(`order ${id} is paid but opens nothing`)
const wrong = unbalanced.rows.length + unpaid.rows.length + unopened.rows.length
console.log(wrong === 0 ? 'the ledger balances' : `${wrong} differences`)
process.exitCode = wrong === 0 ? 0 : 1
