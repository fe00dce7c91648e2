// Recomputes every balance and every hash of the ledger and fails on any difference: `npm run ledger:check`.
import pg from 'pg'
import { findLedgerFaults } from './ledger/check.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is missing: name the database whose ledger is to be checked.')
  process.exit(2)
}

const client = new pg.Client({ connectionString: url })
await client.connect()
await client.query('begin isolation level repeatable read read only')
const differences = await findLedgerFaults(client)
const { rows: [chain] } = await client.query<{ links: string; lanes: string }>('select coalesce(sum(position), 0)::text as links, count(*) filter (where position > 0)::text as lanes from ledger_lanes')
const accounts = await client.query<{ account: string; amount: string }>('select account, sum(amount)::text as amount from ledger_lines group by account order by account')
await client.end()

for (const { account, amount } of accounts.rows) console.log(`${account.padEnd(32)} ${(Number(amount) / 100).toFixed(2).padStart(16)}`)
console.log(`${chain?.links} entries chained in ${chain?.lanes} lanes`)
for (const difference of differences) console.error(difference)
console.log(differences.length === 0 ? 'the ledger balances' : `${differences.length} differences`)
process.exitCode = differences.length === 0 ? 0 : 1
