// The goods of virtual payment: uploaded, published, and only some minutes later fit to be bought.
import type { Goods, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { refuseXpay } from './refusals.ts'

type Body = Record<string, unknown>
const UPLOAD_MS = 2000
const ITEM_STATUS = { running: 0, exists: 1, done: 2, failed: 3 }
const TASK_STATUS = { none: 0, running: 1, failed: 2, done: 3 }

export function startUpload(world: World, tenant: Tenant, body: Body): Body {
  const items = asList(body['upload_item'])
  const env = Number(body['env'])
  if (items.length === 0) return refuseXpay('params', 'upload_item is empty')
  if (isBusy(world, tenant, env)) return refuseXpay('busy')
  for (const item of items) {
    if (!/^[0-9A-Za-z_-]{1,50}$/.test(String(item['id'] ?? ''))) return refuseXpay('params', 'upload_item.id invalid')
    if (typeof item['name'] !== 'string' || item['name'] === '') return refuseXpay('params', 'upload_item.name empty')
    if (!Number.isInteger(item['price']) || Number(item['price']) < 1) return refuseXpay('params', 'upload_item.price invalid')
  }
  const uploadedAtMs = clockOf(world, tenant.appid).now() + UPLOAD_MS
  const refused = takeFault(world, tenant.appid, ['goods_outcome'])
  for (const [at, item] of items.entries()) {
    const id = goodsKey(tenant, env, String(item['id']))
    const before = world.state.tables.goods.get(id)
    const { refusedWhy: _before, ...kept } = before ?? {}
    const goods: Goods = {
      ...kept, id, appid: tenant.appid, env, goodsId: String(item['id']), name: String(item['name']), priceCents: Number(item['price']),
      remark: String(item['remark'] ?? ''), itemUrl: String(item['item_url'] ?? ''), uploadedAtMs,
      ...(refused && at === 0 ? { refusedWhy: String(refused['value']) } : {}),
    }
    put(world.state, 'goods', id, goods)
  }
  return { errcode: 0, errmsg: 'ok' }
}

export function queryUpload(world: World, tenant: Tenant, body: Body): Body {
  const now = clockOf(world, tenant.appid).now()
  const goods = goodsOf(world, tenant, Number(body['env']))
  const upload_item = goods.map((one) => ({
    id: one.goodsId, name: one.name, price: one.priceCents, remark: one.remark, item_url: one.itemUrl,
    upload_status: one.uploadedAtMs > now ? ITEM_STATUS.running : one.refusedWhy === undefined ? ITEM_STATUS.done : ITEM_STATUS.failed, errmsg: one.refusedWhy ?? '',
  }))
  return { errcode: 0, errmsg: 'ok', upload_item, status: taskStatus(goods.length, goods.some((one) => one.uploadedAtMs > now)) }
}

export function startPublish(world: World, tenant: Tenant, body: Body): Body {
  const env = Number(body['env'])
  const items = asList(body['publish_item'])
  const now = clockOf(world, tenant.appid).now()
  if (items.length === 0) return refuseXpay('params', 'publish_item is empty')
  if (isBusy(world, tenant, env)) return refuseXpay('busy')
  const chosen = items.map((item) => world.state.tables.goods.get(goodsKey(tenant, env, String(item['id'] ?? ''))))
  if (chosen.some((one) => one === undefined || one.refusedWhy !== undefined)) return refuseXpay('params', 'publish_item.id not uploaded')
  for (const one of chosen) {
    if (one === undefined) continue
    put(world.state, 'goods', one.id, { ...one, publishAskedAtMs: now + UPLOAD_MS, publishedAtMs: now + UPLOAD_MS + tenant.publishSeconds * 1000, publishedPriceCents: one.priceCents })
  }
  return { errcode: 0, errmsg: 'ok' }
}

export function queryPublish(world: World, tenant: Tenant, body: Body): Body {
  const now = clockOf(world, tenant.appid).now()
  const goods = goodsOf(world, tenant, Number(body['env'])).filter((one) => one.publishAskedAtMs !== undefined)
  const isRunning = (one: Goods) => (one.publishAskedAtMs ?? 0) > now
  const publish_item = goods.map((one) => ({ id: one.goodsId, publish_status: isRunning(one) ? ITEM_STATUS.running : ITEM_STATUS.done, errmsg: '' }))
  return { errcode: 0, errmsg: 'ok', publish_item, status: taskStatus(goods.length, goods.some(isRunning)) }
}

/** Whether an item may be sold now, and at which price. Publishing is "done" minutes before selling works. */
export function findOnSale(world: World, tenant: Tenant, env: number, goodsId: string): { priceCents: number } | 'unpublished' | 'too_new' {
  const goods = world.state.tables.goods.get(goodsKey(tenant, env, goodsId))
  if (goods?.publishedAtMs === undefined || goods.publishedPriceCents === undefined) return 'unpublished'
  if (goods.publishedAtMs > clockOf(world, tenant.appid).now()) return 'too_new'
  return { priceCents: goods.publishedPriceCents }
}

function isBusy(world: World, tenant: Tenant, env: number): boolean {
  const now = clockOf(world, tenant.appid).now()
  return goodsOf(world, tenant, env).some((one) => one.uploadedAtMs > now || (one.publishAskedAtMs ?? 0) > now)
}

function goodsOf(world: World, tenant: Tenant, env: number): Goods[] {
  return [...world.state.tables.goods.values()].filter((one) => one.appid === tenant.appid && one.env === env)
}

function goodsKey(tenant: Tenant, env: number, goodsId: string): string {
  return `${tenant.appid}/${env}/${goodsId}`
}

function taskStatus(count: number, isRunning: boolean): number {
  if (count === 0) return TASK_STATUS.none
  return isRunning ? TASK_STATUS.running : TASK_STATUS.done
}

function asList(value: unknown): Body[] {
  return Array.isArray(value) ? value.filter((one): one is Body => typeof one === 'object' && one !== null) : []
}
