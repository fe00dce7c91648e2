// The rows of finished orders, written once more by bare pg into tables of the same make: three transactions an order, each row as often as the product writes it.
import type pg from 'pg'

type Row = Record<string, unknown>
type Statement = { name: string; text: string; values: unknown[] }

/** How to find the rows of orders; `order` says whose a row is. */
const reads = {
  orders: 'select id as "order", * from orders where id = any($1)',
  order_events: 'select order_id as "order", * from order_events where order_id = any($1) order by position',
  payment_attempts: 'select order_id as "order", * from payment_attempts where order_id = any($1)',
  notices: 'select a.order_id as "order", n.* from notices n join payment_attempts a on a.out_trade_no = n.out_trade_no where a.order_id = any($1)',
  ledger_entries: 'select order_id as "order", * from ledger_entries where order_id = any($1)',
  ledger_lines: 'select e.order_id as "order", l.* from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.order_id = any($1)',
  ledger_links: 'select e.order_id as "order", k.* from ledger_links k join ledger_entries e on e.id = k.entry_id where e.order_id = any($1)',
  entitlements: 'select order_id as "order", * from entitlements where order_id = any($1)',
} as const
type Name = keyof typeof reads
const names = Object.keys(reads) as Name[]

/** What stood in a row before the payment settled it. */
const before = {
  orders: { state: 'placed', paid_at: null },
  payment_attempts: { state: 'begun', transaction_no: null, settled_at: null },
  notices: { outcome: null, handled_at: null },
} as const

export type Bare = { write(orders: string[], callers: number): Promise<number>; close(): Promise<void> }

/** Makes the tables, which `close` drops; `write` replies the seconds that the rows of these orders took over so many connections, in named statements. */
export async function openBare(pool: pg.Pool): Promise<Bare> {
  await pool.query('drop schema if exists bench cascade; create schema bench')
  for (const name of names) await pool.query(`create table bench.${name} (like public.${name} including all)`)
  const json = await jsonColumns(pool)
  return {
    async write(orders, callers) {
      const work = await readOrders(pool, orders, json)
      // Beginning a payment is not measured, so its row is there.
      for (const { begun } of work) for (const statement of begun) await pool.query(statement)
      const began = performance.now()
      let next = 0
      await Promise.all(Array.from({ length: callers }, async () => { for (let order = work[next++]; order !== undefined; order = work[next++]) await writeOrder(pool, order.transactions) }))
      return (performance.now() - began) / 1000
    },
    async close() {
      await pool.query('drop schema bench cascade')
    },
  }
}

type Work = { begun: Statement[]; transactions: Statement[][] }

async function readOrders(pool: pg.Pool, orders: string[], json: Set<string>): Promise<Work[]> {
  const all = new Map<Name, Map<unknown, Row[]>>()
  for (const name of names) all.set(name, Map.groupBy((await pool.query<Row>(reads[name], [orders])).rows.map((row) => textOf(name, row, json)), (row) => row['order']))
  return orders.map((order) => workOf((name) => all.get(name)?.get(order) ?? []))
}

/** What placing writes, what keeping the notice writes, what settling writes. */
function workOf(rows: (name: Name) => Row[]): Work {
  const all = (name: Name) => rows(name).map((row) => insert(name, row))
  const young = (name: keyof typeof before) => rows(name).map((row) => insert(name, { ...row, ...before[name] }))
  const grown = (name: keyof typeof before) => rows(name).map((row) => update(name, row, Object.keys(before[name])))
  const events = (isWanted: (what: unknown) => boolean) => rows('order_events').filter((row) => isWanted(row['what'])).map((row) => insert('order_events', row))
  return {
    begun: [...young('payment_attempts'), ...events((what) => what === 'payment_begun')],
    transactions: [
      [...young('orders'), ...events((what) => what === 'placed')],
      young('notices'),
      [...grown('payment_attempts'), ...grown('orders'), ...events((what) => what !== 'placed' && what !== 'payment_begun'), ...all('ledger_entries'), ...all('ledger_lines'), ...all('ledger_links'), ...all('entitlements'), ...grown('notices')],
    ],
  }
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

function insert(name: Name, { order: _order, ...row }: Row): Statement {
  const columns = Object.keys(row)
  return { name: `insert ${name}`, text: `insert into bench.${name} (${columns.map((column) => `"${column}"`).join(', ')}) overriding system value values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`, values: Object.values(row) }
}

function update(name: Name, row: Row, columns: string[]): Statement {
  return { name: `update ${name}`, text: `update bench.${name} set ${columns.map((column, at) => `"${column}" = $${at + 2}`).join(', ')} where id = $1`, values: [row['id'], ...columns.map((column) => row[column])] }
}

/** pg reads JSON into objects and takes it as text. */
function textOf(name: Name, row: Row, json: Set<string>): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, json.has(`${name}.${column}`) ? JSON.stringify(value) : value]))
}

async function jsonColumns(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ name: string }>("select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and data_type in ('json', 'jsonb')")
  return new Set(rows.map((row) => row.name))
}
