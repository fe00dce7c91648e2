// Later work: a job is a row in the caller's transaction; a fact becomes one job for each room that listens.
import { PgBoss, type Job, type JobResult } from 'pg-boss'
import type { Ctx, Facts, Jobs } from './ctx.ts'
import { setWriters } from './ctx.ts'
import { sql, type Db } from './db.ts'
import type { Log } from './log.ts'

export type JobTable = { [name: string]: (ctx: Ctx, carries: never) => Promise<unknown> }
export type Room = { name: string; jobs?: JobTable; listens?: JobTable }
export type Timetable = { job: string; cron: string }[]
export type Habits = { job: string; everyHours: number }[]

export type Queue = { work(makeCtx: (job: string) => Ctx): Promise<void>; stop(): Promise<void> }

const queueOptions = { retryLimit: 12, retryDelay: 2, retryBackoff: true, retryDelayMax: 600, heartbeatSeconds: 10, deleteAfterSeconds: 7 * 86_400 } as const
const workOptions = { batchSize: 100, burstWhenBatchFull: true, pollingIntervalSeconds: 30, perJobResults: true } as const
const LOOK_EVERY_MS = 200

/** So many jobs of a queue run side by side here, as they do anyway where several processes work. */
const AT_ONCE = 6

/** Opens the queue on a database and gives `tell` and `later` their meaning in this process. */
export async function openQueue(url: string, rooms: Room[], timetable: Timetable, log: Log): Promise<Queue> {
  const boss = new PgBoss({ connectionString: url, max: 4, monitorIntervalSeconds: 5, superviseIntervalSeconds: 5 })
  boss.on('error', (error) => log.warn({ error: String(error) }, 'job queue'))
  await boss.start()
  const handlers = handlersOf(rooms)
  for (const name of handlers.keys()) await boss.createQueue(name, queueOptions)
  const listeners = listenersOf(rooms)
  setWriters((db) => ({
    async tell<F extends keyof Facts>(fact: F, carries: Facts[F]) {
      for (const queue of listeners.get(String(fact)) ?? []) await boss.send(queue, carries as object, { db: over(db) })
    },
    async later<J extends keyof Jobs>(job: J, carries: Jobs[J], when: { afterSeconds?: number; key?: string } = {}) {
      if (when.key && (await isWaiting(db, String(job), when.key))) return
      const options = { db: over(db), ...(when.afterSeconds ? { startAfter: when.afterSeconds } : {}), ...(when.key ? { singletonKey: when.key } : {}) }
      await boss.send(String(job), carries as object, options)
    },
  }))
  let stopLooking = async () => {}
  return {
    async work(makeCtx) {
      const workers = await startWork(boss, handlers, timetable, makeCtx)
      stopLooking = keepLooking(makeCtx('look for jobs'), boss, workers)
    },
    async stop() {
      await stopLooking()
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

/** One question for all queues, where the library would ask for each: seventy queues asked twice a second would keep a database busy that has nothing to do. */
function keepLooking({ db, log }: Ctx, boss: PgBoss, workers: Map<string, string>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const look = async () => {
    try {
      for (const name of await listReady(db, [...workers.keys()])) boss.notifyWorker(workers.get(name) ?? '')
    } catch (error) {
      log.warn({ error: String(error) }, 'job queue')
    }
    if (!isStopped) timer = setTimeout(() => (looking = look()), LOOK_EVERY_MS)
  }
  let looking = look()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await looking
  }
}

async function listReady(db: Db, names: string[]): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select queue.name from unnest(${names}::text[]) as queue (name)
    where exists (select 1 from pgboss.job j where j.name = queue.name and j.state < 'active' and not j.blocked and j.start_after <= now())`)
  return rows.map((row) => row.name)
}

/** The library keeps one copy a key only in queues that have nothing else. */
async function isWaiting(db: Db, job: string, key: string): Promise<boolean> {
  const { count } = await db.query(sql`select 1 from pgboss.job where name = ${job} and singleton_key = ${key} and state in ('created', 'retry') limit 1`)
  return count > 0
}

/** Replies the worker of each queue. */
async function startWork(boss: PgBoss, handlers: Map<string, JobTable[string]>, timetable: Timetable, makeCtx: (job: string) => Ctx): Promise<Map<string, string>> {
  const workers = new Map<string, string>()
  for (const [name, handle] of handlers) {
    const worker = await boss.work(name, workOptions, async (jobs) => {
      const ended: JobResult[] = []
      let next = 0
      const runOn = async () => { for (let job = jobs[next++]; job; job = jobs[next++]) ended.push(await runOne(handle, makeCtx(name), job)) }
      await Promise.all(Array.from({ length: AT_ONCE }, runOn))
      return ended
    })
    workers.set(name, worker)
  }
  for (const { job, cron } of timetable) await boss.schedule(job, cron, {}, { tz: 'UTC' })
  return workers
}

/** Runs jobs in this very process, now and again and again; replies how to stop. One that fails is logged and waits for its next turn. */
export function keepHabits(rooms: Room[], habits: Habits, makeCtx: (job: string) => Ctx): () => void {
  const handlers = handlersOf(rooms)
  const timers = habits.map(({ job, everyHours }) => {
    const handle = handlers.get(job)
    if (!handle) throw new Error(`no room does ${job}`)
    const run = () => void runOne(handle, makeCtx(job), { id: 'habit', name: job, data: {} })
    run()
    return setInterval(run, everyHours * 3_600_000).unref()
  })
  return () => timers.forEach(clearInterval)
}

/** Each job of a batch ends by itself: one that keeps failing must not take its neighbours along. */
async function runOne(handle: JobTable[string], ctx: Ctx, job: Pick<Job<unknown>, 'id' | 'name' | 'data'>): Promise<JobResult> {
  try {
    await handle(ctx, job.data as never)
    return { id: job.id, status: 'completed' }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    ctx.log.error({ job: job.name, id: job.id, message, stack: error instanceof Error ? error.stack : undefined }, 'a job failed and will be tried again')
    return { id: job.id, status: 'failed', output: { message } }
  }
}

function handlersOf(rooms: Room[]): Map<string, JobTable[string]> {
  const all = new Map<string, JobTable[string]>()
  for (const room of rooms) {
    for (const [name, handle] of Object.entries(room.jobs ?? {})) all.set(name, handle)
    for (const [fact, handle] of Object.entries(room.listens ?? {})) all.set(listenerQueue(room, fact), handle)
  }
  return all
}

function listenersOf(rooms: Room[]): Map<string, string[]> {
  const all = new Map<string, string[]>()
  for (const room of rooms) for (const fact of Object.keys(room.listens ?? {})) all.set(fact, [...(all.get(fact) ?? []), listenerQueue(room, fact)])
  return all
}

function listenerQueue(room: Room, fact: string): string {
  return `${room.name.replace('/', '.')}-${fact}`
}

function over(db: Db) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      const { rows } = await db.query<Record<string, unknown>>({ text, values, __sql: true })
      return { rows }
    },
  }
}
