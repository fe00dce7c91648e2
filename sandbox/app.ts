// The assembly: one HTTP server that is every platform at once, with raw bodies kept for the signatures.
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { addAlipayClient } from './alipay/client.ts'
import { alipayCarrier } from './alipay/notices.ts'
import { addAlipayRoutes } from './alipay/routes.ts'
import { resumeAlipay } from './alipay/trades.ts'
import { addClientRoutes } from './client.ts'
import { addControlRoutes } from './control.ts'
import { resumeDeliveries } from './deliveries.ts'
import { addDouyinClient } from './douyin/client.ts'
import { makeDouyinCarrier } from './douyin/notices.ts'
import { hearAnswer } from './douyin/refunds.ts'
import { addDouyinRoutes, resumeDouyin } from './douyin/routes.ts'
import { addOtherCashiers } from './pages/others.ts'
import { addComplaints } from './pages/complaint.ts'
import { addPages } from './pages/routes.ts'
import { addSmsRoutes } from './sms.ts'
import { closeState, openState } from './state.ts'
import { openStock } from './stock.ts'
import { openTenant } from './tenants.ts'
import { addOfficialRoutes } from './wechat/official.ts'
import { addPlatformRoutes } from './wechat/platform.ts'
import { pushCarrier } from './wechat/push.ts'
import { addShipmentRoutes, resumeShipments } from './wechat/shipments.ts'
import { payCarrier } from './wechatpay/notices.ts'
import { resumeLatePayments } from './wechatpay/orders.ts'
import { resumeRefunds } from './wechatpay/refunds.ts'
import { resumeReturns } from './wechatpay/share-returns.ts'
import { resumeShares } from './wechatpay/sharing.ts'
import { resumeTransfers } from './wechatpay/transfers.ts'
import { addWechatPayRoutes } from './wechatpay/routes.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'
import { resumeVirtualRefunds } from './xpay/refunds.ts'
import { resumeSettlements } from './xpay/settlements.ts'
import { resumeWithdrawals } from './xpay/withdrawals.ts'
import { addXpayRoutes } from './xpay/routes.ts'

export type SandboxAsk = { host: string; port: number; folder?: string | undefined; publicUrl?: string | undefined; publishSeconds?: number | undefined; keys?: string | undefined }
export type Sandbox = { url: string; stop(): Promise<void> }

export async function startSandbox(ask: SandboxAsk): Promise<Sandbox> {
  const state = openState(ask.folder)
  const world = createWorld(state, openStock(ask.keys))
  world.carriers.set('wechatpay', payCarrier)
  world.carriers.set('push', pushCarrier)
  world.carriers.set('alipay', alipayCarrier)
  world.carriers.set('douyin', makeDouyinCarrier(hearAnswer))
  if (state.tables.tenants.size === 0) await openTenant(world, { name: '示例书院', publishSeconds: ask.publishSeconds ?? 20, also: ['alipay', 'douyin'] })
  const app = assemble(world)
  const address = await app.listen({ host: ask.host, port: ask.port })
  world.url = ask.publicUrl ?? address
  resumeDeliveries(world)
  resumeLatePayments(world)
  resumeRefunds(world)
  resumeAlipay(world)
  resumeDouyin(world)
  resumeVirtualRefunds(world)
  resumeSettlements(world)
  resumeWithdrawals(world)
  resumeShares(world)
  resumeTransfers(world)
  resumeReturns(world)
  resumeShipments(world)
  return { url: world.url, stop: () => stop(world, app) }
}

function assemble(world: World): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: 4_000_000, forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  addWechatPayRoutes(app, world)
  addXpayRoutes(app, world)
  addPlatformRoutes(app, world)
  addShipmentRoutes(app, world)
  addOfficialRoutes(app, world)
  addSmsRoutes(app, world)
  addAlipayRoutes(app, world)
  addDouyinRoutes(app, world)
  addClientRoutes(app, world)
  addAlipayClient(app, world)
  addDouyinClient(app, world)
  addControlRoutes(app, world)
  addPages(app, world)
  addComplaints(app, world)
  addOtherCashiers(app, world)
  return app
}

async function stop(world: World, app: FastifyInstance): Promise<void> {
  for (const clock of world.clocks.values()) clock.stop()
  await app.close()
  closeState(world.state)
}
