// Merchant transfers of 2025: the person confirms within a day, or the money goes back; cancelled while nobody has confirmed.
import { randomDigits, randomWord } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant, Transfer, TransferState } from '../records.ts'
import { put } from '../state.ts'
import { beijing, clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { sendTransferNotice } from './notices.ts'
import { openPersonal } from './personal.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

type Body = Record<string, unknown>

const SCENES = ['1000', '1002', '1004', '1005', '1009', '1010', '1011', '1013']
const DAY_MS = 86_400_000
const NAMED_CENTS = 200_000
const OVER: TransferState[] = ['SUCCESS', 'FAIL', 'CANCELLED']

export function beginTransfer(world: World, tenant: Tenant, body: Body, serial: string): PayAnswer {
  const wrong = findWrongField(tenant, body)
  if (wrong !== undefined) return wrong
  const number = String(body['out_bill_no'])
  const params = JSON.stringify([body['openid'], body['transfer_amount'], body['transfer_scene_id'], body['transfer_remark']])
  const known = world.state.tables.transfers.get(transferId(tenant, number))
  if (known !== undefined) return known.params === params ? { status: 200, body: { ...summary(known), package_info: known.packageInfo } } : refusePay('INVALID_REQUEST', '商户单号已存在，参数与首次请求不一致')
  const cents = Number(body['transfer_amount'])
  const name = body['user_name'] === undefined ? undefined : openPersonal(tenant, serial, body['user_name'])
  if (body['user_name'] !== undefined && name === undefined) return refusePay('PARAM_ERROR', '敏感信息解密失败')
  if (cents >= NAMED_CENTS && name === undefined) return refusePay('PARAM_ERROR', '转账金额大于等于2000元时，收款用户姓名必填')
  const now = clockOf(world, tenant.appid).now()
  const outcome = takeFault(world, tenant.appid, ['transfer_outcome'])?.['value'] as string | undefined
  const transfer: Transfer = {
    id: transferId(tenant, number), appid: tenant.appid, mchid: tenant.mchid, outBillNo: number, transferBillNo: `13300${randomDigits(23)}`, params, openid: String(body['openid']), cents,
    scene: String(body['transfer_scene_id']), remark: String(body['transfer_remark']), notifyUrl: String(body['notify_url'] ?? ''), packageInfo: `mchtransfer${randomWord(40)}`, state: 'WAIT_USER_CONFIRM',
    expiresAtMs: now + DAY_MS, createTime: beijing(Date.now()), updateTime: beijing(Date.now()), ...(name === undefined ? {} : { name }), ...(outcome === undefined ? {} : { outcome }),
  }
  put(world.state, 'transfers', transfer.id, transfer)
  writeEntry(world, tenant.mchid, `transfer ${number}`, { merchant: -cents, transfers_under_way: cents })
  wait(world, tenant, transfer)
  return { status: 200, body: { ...summary(transfer), package_info: transfer.packageInfo } }
}

export function queryTransfer(world: World, tenant: Tenant, number: string): PayAnswer {
  const transfer = world.state.tables.transfers.get(transferId(tenant, number))
  return transfer === undefined ? refusePay('NOT_FOUND') : { status: 200, body: describeTransfer(transfer) }
}

export function cancelTransfer(world: World, tenant: Tenant, number: string): PayAnswer {
  const transfer = world.state.tables.transfers.get(transferId(tenant, number))
  if (transfer === undefined) return refusePay('NOT_FOUND')
  if (transfer.state === 'CANCELING' || transfer.state === 'CANCELLED') return { status: 200, body: summary(transfer) }
  if (transfer.state !== 'WAIT_USER_CONFIRM') return refusePay('INVALID_REQUEST', '当前单据状态不支持撤销')
  const canceling: Transfer = { ...transfer, state: 'CANCELING' }
  put(world.state, 'transfers', transfer.id, canceling)
  const clock = clockOf(world, tenant.appid)
  clock.at(clock.now() + tenant.refundSeconds * 1000, async () => finish(world, tenant, transfer.id, 'CANCELLED'))
  return { status: 200, body: summary(canceling) }
}

/** What the person does on the page that wx.requestMerchantTransfer opens. */
export function confirmTransfer(world: World, tenant: Tenant, transfer: Transfer): { ok: boolean; message: string } {
  if (transfer.state !== 'WAIT_USER_CONFIRM') return { ok: false, message: SAID[transfer.state] }
  put(world.state, 'transfers', transfer.id, { ...transfer, state: 'TRANSFERING' })
  const clock = clockOf(world, tenant.appid)
  clock.at(clock.now() + tenant.refundSeconds * 1000, async () => finish(world, tenant, transfer.id, transfer.outcome === undefined ? 'SUCCESS' : 'FAIL', transfer.outcome))
  return { ok: true, message: SAID.TRANSFERING }
}

export const SAID: Record<TransferState, string> = {
  ACCEPTED: '已受理', PROCESSING: '处理中', WAIT_USER_CONFIRM: '待你确认收款', TRANSFERING: '正在转入零钱', SUCCESS: '已收款', FAIL: '转账失败，款项退回商户', CANCELING: '商户正在撤销', CANCELLED: '商户已撤销',
}

export function resumeTransfers(world: World): void {
  for (const transfer of world.state.tables.transfers.values()) {
    const tenant = world.state.tables.tenants.get(transfer.appid)
    if (tenant === undefined || OVER.includes(transfer.state)) continue
    if (transfer.state === 'WAIT_USER_CONFIRM') wait(world, tenant, transfer)
    else finish(world, tenant, transfer.id, transfer.state === 'CANCELING' ? 'CANCELLED' : transfer.outcome === undefined ? 'SUCCESS' : 'FAIL', transfer.outcome)
  }
}

function wait(world: World, tenant: Tenant, transfer: Transfer): void {
  clockOf(world, tenant.appid).at(transfer.expiresAtMs, async () => {
    if (world.state.tables.transfers.get(transfer.id)?.state === 'WAIT_USER_CONFIRM') finish(world, tenant, transfer.id, 'FAIL', 'OVERDUE_CLOSE')
  })
}

function finish(world: World, tenant: Tenant, id: string, state: 'SUCCESS' | 'FAIL' | 'CANCELLED', failReason?: string): void {
  const transfer = world.state.tables.transfers.get(id)
  if (transfer === undefined || OVER.includes(transfer.state)) return
  const over: Transfer = { ...transfer, state, updateTime: beijing(Date.now()), ...(failReason === undefined ? {} : { failReason }) }
  put(world.state, 'transfers', id, over)
  const lines: Record<string, number> = state === 'SUCCESS' ? { transfers_under_way: -over.cents, [`payee:${over.openid}`]: over.cents } : { transfers_under_way: -over.cents, merchant: over.cents }
  writeEntry(world, tenant.mchid, `transfer ${over.outBillNo}`, lines)
  sendTransferNotice(world, tenant, over, describeTransfer(over))
}

function findWrongField(tenant: Tenant, body: Body): PayAnswer | undefined {
  if (body['appid'] !== tenant.appid) return refusePay('APPID_MCHID_NOT_MATCH')
  const rules: [string, string, RegExp, string][] = [
    ['out_bill_no', '商户单号', /^[0-9A-Za-z]{1,32}$/, '只能是数字、大小写字母，长度1到32'],
    ['openid', '收款用户OpenID', /^[\w-]{1,64}$/, '长度1到64'],
    ['transfer_remark', '转账备注', /^[\s\S]{1,32}$/, '长度1到32'],
  ]
  for (const [field, name, rule, words] of rules) {
    const value = body[field]
    if (typeof value !== 'string' || !rule.test(value)) return refuseField(`/${field}`, name, value, words)
  }
  const cents = body['transfer_amount']
  if (typeof cents !== 'number' || !Number.isInteger(cents) || cents < 10) return refuseField('/transfer_amount', '转账金额', cents, '应为不小于10的整数，单位为分')
  if (!SCENES.includes(String(body['transfer_scene_id']))) return refuseField('/transfer_scene_id', '转账场景ID', body['transfer_scene_id'], '没有开通的转账场景')
  const infos = body['transfer_scene_report_infos']
  const isReported = Array.isArray(infos) && infos.length > 0 && infos.every((info: Body) => typeof info['info_type'] === 'string' && typeof info['info_content'] === 'string')
  return isReported ? undefined : refuseField('/transfer_scene_report_infos', '转账场景报备信息', infos, '必填，每项要有info_type与info_content')
}

function summary(transfer: Transfer): Body {
  return { out_bill_no: transfer.outBillNo, transfer_bill_no: transfer.transferBillNo, create_time: transfer.createTime, state: transfer.state }
}

function describeTransfer(transfer: Transfer): Body {
  return {
    mch_id: transfer.mchid, ...summary(transfer), appid: transfer.appid, transfer_amount: transfer.cents, transfer_remark: transfer.remark, openid: transfer.openid, update_time: transfer.updateTime,
    ...(transfer.failReason === undefined ? {} : { fail_reason: transfer.failReason }),
  }
}

function transferId(tenant: Tenant, number: string): string {
  return `${tenant.mchid}/${number}`
}
