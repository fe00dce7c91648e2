// PostgreSQL: plain SQL with parameters, in named prepared statements; one transaction, one connection.
import { createHash } from 'node:crypto'
import pg from 'pg'

/** A piece of SQL with its parameters apart; made only by the `sql` tag. */
export type Sql = { readonly text: string; readonly values: readonly unknown[]; readonly __sql: true }

/** What a store speaks to: the pool, or the connection of a transaction. */
export type Db = { query<Row extends pg.QueryResultRow>(statement: Sql): Promise<{ rows: Row[]; count: number }> }

export type Pool = Db & {
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Grows with every write of this process, before its caller hears that it is done. */
  writes(): number
  end(): Promise<void>
}

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond the safe range')
  return value
})

/** The text of each place in the code that holds no other Sql: it never changes. */
const texts = new WeakMap<TemplateStringsArray, string>()

/** Builds SQL: values become parameters, nested Sql is spliced in. Lists go as arrays: `= any(${ids})`. */
export function sql(parts: TemplateStringsArray, ...holes: unknown[]): Sql {
  if (holes.some(isSql)) return spliced(parts, holes)
  const text = texts.get(parts) ?? parts.reduce((all, part, at) => `${all}$${at}${part}`)
  texts.set(parts, text)
  return { text, values: holes, __sql: true }
}

function spliced(parts: TemplateStringsArray, holes: unknown[]): Sql {
  let text = parts[0] ?? ''
  const values: unknown[] = []
  holes.forEach((hole, at) => {
    if (isSql(hole)) {
      text += hole.text.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + values.length}`)
      values.push(...hole.values)
    } else {
      values.push(hole)
      text += `$${values.length}`
    }
    text += parts[at + 1] ?? ''
  })
  return { text, values, __sql: true }
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && '__sql' in value
}

const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = `s${createHash('sha1').update(text).digest('base64url').slice(0, 20)}`
  names.set(text, name)
  return name
}

function over(client: pg.Pool | pg.PoolClient, onWrite: () => void = () => {}): Db {
  return {
    async query<Row extends pg.QueryResultRow>(statement: Sql) {
      const result = await client.query<Row>({ name: nameOf(statement.text), text: statement.text, values: [...statement.values] })
      if (!isRead(statement)) onWrite()
      return { rows: result.rows, count: result.rowCount ?? 0 }
    },
  }
}

/** What is asked for in the same instant leaves in one piece: a call to the system costs more than the statement in it. */
function gatherer(client: pg.PoolClient): () => void {
  const { stream } = client.connection
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    stream.cork()
    process.nextTick(() => {
      isGathering = false
      stream.uncork()
    })
  }
}

function isRead(statement: Sql): boolean {
  return /^\s*select\b/i.test(statement.text)
}

/**
 * The connection of one transaction. Statements asked for together travel together and run in the order they were asked for.
 * Reads may travel with the `begin`; a write waits for it, for without it the write would stand by itself. After the end nothing is sent any more.
 */
function within(client: pg.PoolClient): { db: Db; finish(how: 'commit' | 'rollback'): Promise<void> } {
  const connection = over(client)
  const gather = gatherer(client)
  gather()
  const begun = client.query('begin')
  let stage: 'beginning' | 'writing first' | 'begun' | 'over' = 'beginning'
  begun.then(() => (stage = stage === 'over' ? stage : 'begun'), () => {})
  return {
    db: {
      async query<Row extends pg.QueryResultRow>(statement: Sql) {
        if (stage === 'beginning' && !isRead(statement)) stage = 'writing first'
        if (stage === 'writing first') await begun
        if (stage === 'over') throw new Error('a statement came after the end of its transaction')
        gather()
        return connection.query<Row>(statement)
      },
    },
    async finish(how) {
      if (how === 'commit') await begun
      stage = 'over'
      const { command } = await client.query(how)
      if (how === 'commit' && command !== 'COMMIT') throw new Error('the transaction had failed before its commit')
    },
  }
}

/** Opens a pool. `onError` hears of connections lost while idle, which must not end the process. */
export function openPool(url: string, size: number, onError: (error: Error) => void): Pool {
  const pool = new pg.Pool({ connectionString: url, max: size, pipeline: true, statement_timeout: 30_000, idle_in_transaction_session_timeout: 30_000 })
  pool.on('error', onError)
  let writes = 0
  return {
    ...over(pool, () => (writes += 1)),
    writes: () => writes,
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      const lose = (error: Error) => void (broken = error)
      client.on('error', lose)
      const { db, finish } = within(client)
      try {
        const result = await work(db)
        await finish('commit')
        writes += 1
        return result
      } catch (error) {
        await finish('rollback').catch(lose)
        throw error
      } finally {
        client.off('error', lose)
        client.release(broken)
      }
    },
    end: () => pool.end(),
  }
}

const FOREIGN_KEY = '23503'

/** Runs a removal; true when the database kept the row because something still points at it. The transaction is lost then: refuse. */
export async function isReferenced(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove()
    return false
  } catch (error) {
    if ((error as { code?: string }).code === FOREIGN_KEY) return true
    throw error
  }
}

/** Ends well when the database answers, and throws when it does not. */
export async function hearDatabase(db: Db): Promise<void> {
  await db.query(sql`select 1`)
}
