// Money that comes back from a receiver: merchants only, for half a year, with a result of its own.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { ShareReturn, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { beijing, clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'
import { shareId } from './sharing.ts'

type Body = Record<string, unknown>
const HALF_YEAR_MS = 180 * 86_400_000

export function returnShare(world: World, tenant: Tenant, body: Body): PayAnswer {
  const share = world.state.tables.shareOrders.get(shareId(tenant, String(body['out_order_no'])))
  if (share === undefined) return refusePay('RESOURCE_NOT_EXISTS', '分账单不存在')
  const number = String(body['out_return_no'] ?? '')
  const cents = body['amount']
  if (number === '') return refuseField('/out_return_no', '商户回退单号', undefined, '')
  if (typeof cents !== 'number' || !Number.isInteger(cents) || cents < 1) return refuseField('/amount', '回退金额', cents, '应为不小于1的整数')
  if (typeof body['description'] !== 'string') return refuseField('/description', '回退描述', undefined, '')
  const params = JSON.stringify([share.id, body['return_mchid'], cents])
  const known = world.state.tables.shareReturns.get(shareId(tenant, number))
  if (known !== undefined) return known.params === params ? answer(known) : refusePay('INVALID_REQUEST', '回退单号重复，参数与首次请求不一致')
  const part = share.parts.find((one) => one.type === 'MERCHANT_ID' && one.account === body['return_mchid'] && one.result === 'SUCCESS')
  if (part === undefined) return refusePay('INVALID_REQUEST', '该接收方没有可回退的分账，个人接收方不支持回退')
  const now = clockOf(world, tenant.appid).now()
  if (now - share.createdAtMs > HALF_YEAR_MS) return refusePay('RULE_LIMIT', '超过180天，不能回退')
  const before = [...world.state.tables.shareReturns.values()].filter((one) => one.shareId === share.id && one.account === part.account && one.result !== 'FAILED').reduce((sum, one) => sum + one.cents, 0)
  if (before + cents > part.cents) return refusePay('INVALID_REQUEST', '回退金额超过可回退金额')
  const fault = takeFault(world, tenant.appid, ['return_outcome'])?.['value'] as string | undefined
  const fresh: ShareReturn = {
    id: shareId(tenant, number), appid: tenant.appid, mchid: tenant.mchid, shareId: share.id, shareNo: share.shareNo, outOrderNo: share.outOrderNo, outReturnNo: number, returnNo: `50${randomDigits(26)}`,
    account: part.account, cents, params, result: 'PROCESSING', settleAtMs: now + tenant.refundSeconds * 1000, createTime: beijing(Date.now()), ...(fault === undefined ? {} : { failReason: fault }),
  }
  put(world.state, 'shareReturns', fresh.id, fresh)
  wait(world, tenant, fresh)
  return answer(fresh)
}

export function queryReturn(world: World, tenant: Tenant, number: string, outOrderNo: string | null): PayAnswer {
  const known = world.state.tables.shareReturns.get(shareId(tenant, number))
  return known === undefined || known.outOrderNo !== outOrderNo ? refusePay('RESOURCE_NOT_EXISTS', '回退单不存在') : answer(known)
}

export function resumeReturns(world: World): void {
  for (const one of world.state.tables.shareReturns.values()) {
    const tenant = world.state.tables.tenants.get(one.appid)
    if (one.result === 'PROCESSING' && tenant !== undefined) wait(world, tenant, one)
  }
}

function wait(world: World, tenant: Tenant, one: ShareReturn): void {
  clockOf(world, tenant.appid).at(one.settleAtMs, async () => {
    const isDone = one.failReason === undefined
    put(world.state, 'shareReturns', one.id, { ...one, result: isDone ? 'SUCCESS' : 'FAILED' })
    if (isDone) writeEntry(world, tenant.mchid, `return ${one.outReturnNo}`, { merchant: one.cents, [`receiver:${one.account}`]: -one.cents })
  })
}

function answer(one: ShareReturn): PayAnswer {
  return {
    status: 200,
    body: {
      order_id: one.shareNo, out_order_no: one.outOrderNo, out_return_no: one.outReturnNo, return_id: one.returnNo, return_mchid: one.account, amount: one.cents, result: one.result,
      create_time: one.createTime, ...(one.result === 'FAILED' ? { fail_reason: one.failReason } : {}), ...(one.result === 'PROCESSING' ? {} : { finish_time: one.createTime }),
    },
  }
}
