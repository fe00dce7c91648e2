// The assembly: kernel, gateways and rooms, nothing else.
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import { openAlipay } from '#gateways/alipay/client.ts'
import { openDouyin } from '#gateways/douyin/client.ts'
import { openFfmpeg } from '#gateways/ffmpeg/ffmpeg.ts'
import { openPictures } from '#gateways/pictures/pictures.ts'
import { openScanner } from '#gateways/scanner/scanner.ts'
import { openStorage } from '#gateways/storage/storage.ts'
import { openSms } from '#gateways/tencentcloud/sms.ts'
import { openIntake } from '#gateways/tus/intake.ts'
import { openWechat } from '#gateways/wechat/client.ts'
import { openOfficial } from '#gateways/wechat/official.ts'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { writersOf, type Ctx, type Gateways, type Knobs } from '#kernel/ctx.ts'
import { hearDatabase, openPool } from '#kernel/db.ts'
import { keepHabits, openQueue } from '#kernel/jobs.ts'
import { openLimits } from '#kernel/limits.ts'
import { logOf, openLog } from '#kernel/log.ts'
import { gatewaysDistrusting, metrics, writeMetrics } from '#kernel/metrics.ts'
import { migrate } from '#kernel/migrate.ts'
import { newRequestId, readJsonBodies, refuseOnTheWire, type Serving } from '#kernel/serve.ts'
import { hashToken } from '#kernel/seal.ts'
import { checkQuestions, writeAnswers } from '#kernel/validate.ts'
import { timeAnswers, watchRequests } from '#kernel/watch.ts'
import type { Config } from './config.ts'
import { guardAnswers } from './headers.ts'
import { mountRooms, rooms } from './modules.ts'
import { findOperator } from '#modules/academy/staff/actions.ts'
import { findSignedIn } from '#modules/people/members/actions.ts'
import { mountStatic } from './static.ts'
import { habits, timetable } from './timetable.ts'

export type App = { http: FastifyInstance; ctx: Ctx; work(): Promise<void>; close(): Promise<void> }

/** Migrates, opens everything and mounts the rooms; listening and working are the caller's to start. */
export async function openApp(config: Config, now: () => Date = () => new Date()): Promise<App> {
  const log = openLog(config.logLevel)
  await migrate(config.databaseUrl)
  const pool = openPool(config.databaseUrl, config.databasePool, (error) => log.warn({ error: String(error) }, 'an idle database connection was lost'))
  const queue = await openQueue(config.databaseUrl, rooms, timetable, log)
  const gateways = await openGateways(config, now, log)
  const knobs = knobsOf(config)
  const { tell, later } = writersOf(pool)
  // Named one by one: a spread would cost every request a slow object.
  const baseCtx: Serving['baseCtx'] = ({ requestId, address, actor, client }) => ({ db: pool, pool, now, knobs, gateways, tell, later, requestId, address, actor, client, log: logOf(log, requestId) })
  const system = (requestId: string) => baseCtx({ requestId, address: '', actor: { kind: 'system' }, client: { platform: 'h5', system: 'other', device: 'server' } })
  const http = await openHttp(config, log)
  const serving: Serving = { baseCtx, doors: { member: findSignedIn, operator: findOperator }, limits: openLimits(), prefix: '/api' }
  mountHealth(http, system('health'), config.metricsKey)
  await mountRooms(http, serving)
  await mountStatic(http, serving, config.publicUrl)
  const leaveHabits = keepHabits(rooms, habits, (job) => system(`habit:${job}`))
  return {
    http,
    ctx: system('app'),
    work: () => queue.work((job) => system(`job:${job}`)),
    async close() {
      leaveHabits()
      await http.close()
      await queue.stop()
      await pool.end()
    },
  }
}

async function openGateways(config: Config, now: () => Date, log: ReturnType<typeof openLog>): Promise<Gateways> {
  const storage = await openStorage(config.storage)
  return {
    wechatPay: openWechatPay(config.wechatPay, now, ({ code, aheadSeconds, message }) => {
      gatewaysDistrusting.inc({ vendor: 'wechat_pay', reason: code })
      log.error({ reason: code, aheadSeconds, message }, code === 'CLOCK_OFF' ? 'WeChat Pay refuses every request: set the clock of this machine' : 'WeChat Pay refuses our signature: check the merchant serial and the private key')
    }),
    wechat: openWechat(config.wechat, now),
    official: openOfficial(config.official),
    sms: openSms(config.sms, now),
    alipay: openAlipay(config.alipay, now, ({ code, message }) => {
      gatewaysDistrusting.inc({ vendor: 'alipay', reason: code })
      log.error({ reason: code, message }, 'Alipay refuses our requests: check the clock of this machine, the app and its private key')
    }),
    douyin: openDouyin(config.douyin, now),
    storage,
    hotFiles: storage,
    ffmpeg: openFfmpeg(config.ffmpegPath),
    pictures: openPictures(),
    intake: openIntake('/api/console/uploads', join(config.dataDir, 'uploads'), config.uploadLimitBytes),
    scanner: openScanner(config.virusScanCommand),
  }
}

function knobsOf(config: Config): Knobs {
  return {
    secret: config.secret,
    publicUrl: config.publicUrl,
    dataDir: config.dataDir,
    setupKey: config.setupKey,
    demo: config.seed === 'demo',
    nginxAccel: config.nginxAccel,
    mchid: config.wechatPay.mchid,
    payAppid: config.wechatPay.appid,
    wechatAppid: config.wechat.appid,
    officialAppid: config.official.appid,
    xpayOfferId: config.wechat.xpayOfferId,
    xpayEnv: config.wechat.xpayEnv,
    xpayApple: config.xpayApple,
    sandboxUrl: config.sandboxUrl,
    alipayAppid: config.alipay.appid,
    douyinAppid: config.douyin.appid,
    douyinMerchantUid: config.douyin.merchantUid,
  }
}

async function openHttp(config: Config, log: ReturnType<typeof openLog>): Promise<FastifyInstance> {
  const http = Fastify({
    logController: watchRequests(log),
    genReqId: newRequestId,
    trustProxy: config.trustProxy,
    bodyLimit: 1_048_576,
    // The signed token of a play is one part of its address.
    routerOptions: { maxParamLength: 600 },
  })
  checkQuestions(http)
  writeAnswers(http)
  await http.register(cookie, { hook: false })
  await http.register(swagger, { openapi: { info: { title: 'Shuyuan', version: '0.1.0' } } })
  guardAnswers(http, config.publicUrl)
  timeAnswers(http)
  readJsonBodies(http)
  refuseOnTheWire(http, log)
  return http
}

/** The counters are for whoever holds their key; without one they are at no address. */
function mountHealth(http: FastifyInstance, ctx: Ctx, metricsKey: string | undefined): void {
  http.get('/api/health', { schema: { hide: true } }, async (_request, reply) => {
    await hearDatabase(ctx.db)
    return reply.send({ ok: true })
  })
  http.get('/api/document', { schema: { hide: true } }, async () => http.swagger())
  if (metricsKey === undefined) return
  const expected = hashToken(`Bearer ${metricsKey}`)
  http.get('/api/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (hashToken(request.headers.authorization ?? '') !== expected) return reply.callNotFound()
    return reply.type(metrics.contentType).send(await writeMetrics())
  })
}
