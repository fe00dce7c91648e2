// An academy that the product itself furnishes, in this process, before its server runs apart.
import { syncItems } from '#modules/trade/offers/actions.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import type { SandboxProcess, Tenant } from '../sandbox.ts'
import { askerAt } from '../server.ts'
import { setUpShop, type Shop } from '../shop.ts'

/** Fills a shop with one course by `fill`, and has every price that can be charged published as an item of virtual payment. */
export async function furnish<T>(environment: Record<string, string>, sandbox: SandboxProcess, tenant: Tenant, fill: (shop: Omit<Shop, 'stop'>) => Promise<T>): Promise<T> {
  const app = await openApp(readConfig(environment))
  try {
    const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
    const filled = await fill(await setUpShop({ app, url, databaseUrl: environment['DATABASE_URL'] ?? '', sandbox, tenant, ask: askerAt(url) }))
    for (let round = 0; round < 5; round += 1) {
      await syncItems(app.ctx)
      await sandbox.ask('POST', '/__sim/clock', { tenant: tenant.appid, advanceSeconds: 3 })
    }
    return filled
  } finally {
    await app.close()
  }
}
