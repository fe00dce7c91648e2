// The rows of finished orders, written once more by bare pg into tables of the same make: three transactions an order, as the product has them.
import type pg from 'pg'

type Row = Record<string, unknown>
type Table = { name: string; read: string }

/** What placing writes, what keeping a notice writes, what settling writes; the attempt is there because settling writes it, and what only the beginning of a payment wrote is not. */
const steps: Table[][] = [
  [{ name: 'orders', read: 'select * from orders where id = $1' }, { name: 'order_events', read: "select * from order_events where order_id = $1 and what = 'placed'" }],
  [{ name: 'notices', read: 'select n.* from notices n join payment_attempts a on a.out_trade_no = n.out_trade_no where a.order_id = $1' }],
  [
    { name: 'order_events', read: "select * from order_events where order_id = $1 and what not in ('placed', 'payment_begun')" },
    { name: 'payment_attempts', read: 'select * from payment_attempts where order_id = $1' },
    { name: 'ledger_entries', read: 'select * from ledger_entries where order_id = $1' },
    { name: 'ledger_lines', read: 'select l.* from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.order_id = $1' },
    { name: 'ledger_links', read: 'select k.* from ledger_links k join ledger_entries e on e.id = k.entry_id where e.order_id = $1' },
    { name: 'entitlements', read: 'select * from entitlements where order_id = $1' },
  ],
]

type Statement = { name: string; text: string; values: unknown[] }

/** Seconds that writing them took, over so many connections, in named statements. The copies are dropped afterwards. */
export async function writeBare(pool: pg.Pool, orders: string[], callers: number): Promise<number> {
  const names = [...new Set(steps.flat().map((table) => table.name))]
  await pool.query('drop schema if exists bench cascade; create schema bench')
  for (const name of names) await pool.query(`create table bench.${name} (like public.${name} including all)`)
  const json = await jsonColumns(pool)
  const work = await Promise.all(orders.map(async (order) => Promise.all(steps.map(async (tables) => (await Promise.all(tables.map((table) => statementsOf(pool, table, order, json)))).flat()))))
  const began = performance.now()
  let next = 0
  await Promise.all(Array.from({ length: callers }, async () => { for (let order = work[next++]; order !== undefined; order = work[next++]) await writeOrder(pool, order) }))
  const seconds = (performance.now() - began) / 1000
  await pool.query('drop schema bench cascade')
  return seconds
}

async function writeOrder(pool: pg.Pool, transactions: Statement[][]): Promise<void> {
  const client = await pool.connect()
  for (const statements of transactions) {
    await client.query('begin')
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  }
  client.release()
}

async function statementsOf(pool: pg.Pool, table: Table, order: string, json: Set<string>): Promise<Statement[]> {
  const { rows } = await pool.query<Row>(table.read, [order])
  return rows.map((row) => {
    const columns = Object.keys(row)
    const values = columns.map((column) => (json.has(`${table.name}.${column}`) ? JSON.stringify(row[column]) : row[column]))
    return { name: `bench ${table.name}`, text: `insert into bench.${table.name} (${columns.map((column) => `"${column}"`).join(', ')}) overriding system value values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`, values }
  })
}

async function jsonColumns(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ name: string }>("select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and data_type in ('json', 'jsonb')")
  return new Set(rows.map((row) => row.name))
}
