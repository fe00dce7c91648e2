// Later work: a job is a row in the caller's transaction; a fact becomes one job for each room that listens.
import { PgBoss, type Job, type JobResult } from 'pg-boss'
import type { Ctx, Facts, Jobs } from './ctx.ts'
import { setWriters } from './ctx.ts'
import { sql, type Db } from './db.ts'
import type { Log } from './log.ts'

type Handle = (ctx: Ctx, carries: never) => Promise<unknown>
/** What may take hours says so: `{ long: … }`. */
export type JobTable = { [name: string]: Handle | { long: Handle } }
export type Room = { name: string; jobs?: JobTable; listens?: JobTable }
export type Timetable = { job: string; cron: string }[]
export type Habits = { job: string; everyHours: number }[]

export type Queue = { work(makeCtx: (job: string) => Ctx): Promise<void>; stop(): Promise<void> }

const queueOptions = { retryLimit: 12, retryDelay: 2, retryBackoff: true, retryDelayMax: 600, heartbeatSeconds: 10, deleteAfterSeconds: 7 * 86_400 } as const
const workOptions = { burstWhenBatchFull: true, pollingIntervalSeconds: 30, perJobResults: true } as const
/** A batch is lost as a whole when its time is over: what may take hours comes by itself, and two at once so that the next need not wait for the end of the first. */
const paces = { short: { expireInSeconds: 900, batchSize: 100, workers: 1 }, long: { expireInSeconds: 12 * 3600, batchSize: 1, workers: 2 } } as const
const LOOK_EVERY_MS = 200

/** So many jobs of a queue run side by side here, as they do anyway where several processes work. */
const AT_ONCE = 6

/** Opens the queue on a database and gives `tell` and `later` their meaning in this process. */
export async function openQueue(url: string, rooms: Room[], timetable: Timetable, log: Log): Promise<Queue> {
  const boss = new PgBoss({ connectionString: url, max: 4, monitorIntervalSeconds: 5, superviseIntervalSeconds: 5 })
  boss.on('error', (error) => log.warn({ error: String(error) }, 'job queue'))
  await boss.start()
  const handlers = handlersOf(rooms)
  await keepQueues(boss, handlers)
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

/** Makes the queues that are missing; one of an earlier version is given the time it has now. */
async function keepQueues(boss: PgBoss, handlers: Handlers): Promise<void> {
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue.expireInSeconds]))
  for (const [name, { pace: { expireInSeconds } }] of handlers) {
    if (!known.has(name)) await boss.createQueue(name, { ...queueOptions, expireInSeconds })
    else if (known.get(name) !== expireInSeconds) await boss.updateQueue(name, { expireInSeconds })
  }
}

/** One question for all queues, where the library would ask for each: seventy queues asked twice a second would keep a database busy that has nothing to do. */
function keepLooking({ db, log }: Ctx, boss: PgBoss, workers: Map<string, string[]>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const look = async () => {
    try {
      for (const name of await listReady(db, [...workers.keys()])) workers.get(name)?.forEach((worker) => boss.notifyWorker(worker))
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

/** Replies the workers of each queue. */
async function startWork(boss: PgBoss, handlers: Handlers, timetable: Timetable, makeCtx: (job: string) => Ctx): Promise<Map<string, string[]>> {
  const workers = new Map<string, string[]>()
  for (const [name, { handle, pace }] of handlers) {
    const work = async (jobs: Job<unknown>[]) => {
      const ended: JobResult[] = []
      let next = 0
      const runOn = async () => { for (let job = jobs[next++]; job; job = jobs[next++]) ended.push(await runOne(handle, makeCtx(name), job)) }
      await Promise.all(Array.from({ length: AT_ONCE }, runOn))
      return ended
    }
    const start = () => boss.work(name, { ...workOptions, batchSize: pace.batchSize }, work)
    workers.set(name, await Promise.all(Array.from({ length: pace.workers }, start)))
  }
  for (const { job, cron } of timetable) await boss.schedule(job, cron, {}, { tz: 'UTC' })
  return workers
}

/** Runs jobs in this very process, now and again and again; replies how to stop. One that fails is logged and waits for its next turn. */
export function keepHabits(rooms: Room[], habits: Habits, makeCtx: (job: string) => Ctx): () => void {
  const handlers = handlersOf(rooms)
  const timers = habits.map(({ job, everyHours }) => {
    const handle = handlers.get(job)?.handle
    if (!handle) throw new Error(`no room does ${job}`)
    const run = () => void runOne(handle, makeCtx(job), { id: 'habit', name: job, data: {} })
    run()
    return setInterval(run, everyHours * 3_600_000).unref()
  })
  return () => timers.forEach(clearInterval)
}

/** Each job of a batch ends by itself: one that keeps failing must not take its neighbours along. */
async function runOne(handle: Handle, ctx: Ctx, job: Pick<Job<unknown>, 'id' | 'name' | 'data'>): Promise<JobResult> {
  try {
    await handle(ctx, job.data as never)
    return { id: job.id, status: 'completed' }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    ctx.log.error({ job: job.name, id: job.id, message, stack: error instanceof Error ? error.stack : undefined }, 'a job failed and will be tried again')
    return { id: job.id, status: 'failed', output: { message } }
  }
}

type Handlers = Map<string, { handle: Handle; pace: (typeof paces)[keyof typeof paces] }>

function handlersOf(rooms: Room[]): Handlers {
  const all: Handlers = new Map()
  const add = (name: string, entry: JobTable[string]) => all.set(name, 'long' in entry ? { handle: entry.long, pace: paces.long } : { handle: entry, pace: paces.short })
  for (const room of rooms) {
    for (const [name, entry] of Object.entries(room.jobs ?? {})) add(name, entry)
    for (const [fact, entry] of Object.entries(room.listens ?? {})) add(listenerQueue(room, fact), entry)
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
