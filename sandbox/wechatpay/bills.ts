// The daily bills: trades and fund flow as files that equal the sandbox's own ledger, handed out once each by a token.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { randomWord } from '../keys.ts'
import type { Tenant } from '../records.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { writeFundFlow } from './fund-flow.ts'
import { refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'
import { writeTrades } from './trade-bill.ts'

export const BILL_FAULTS = ['bill_difference', 'bill_wrong_hash', 'bill_cut_short']

type Ticket = { mchid: string; bytes: Buffer; expiresAtMs: number }
const tickets = new WeakMap<World, Map<string, Ticket>>()

const DAY_MS = 86_400_000
const BEIJING_MS = 8 * 3_600_000
const READY_HOURS = 10
const KEPT_DAYS = 92
const TICKET_MS = 5 * 60_000

export function askTradeBill(world: World, tenant: Tenant, query: URLSearchParams): PayAnswer {
  const type = query.get('bill_type') ?? 'ALL'
  if (type !== 'ALL' && type !== 'SUCCESS' && type !== 'REFUND') return refuseQuery('bill_type', type, '值应为 ALL、SUCCESS 或 REFUND')
  return hand(world, tenant, query, 'trade', (day, spoils) => writeTrades(world, tenant, day, type, spoils))
}

export function askFundFlowBill(world: World, tenant: Tenant, query: URLSearchParams): PayAnswer {
  const account = query.get('account_type') ?? 'BASIC'
  if (account !== 'BASIC' && account !== 'OPERATION' && account !== 'FEES') return refuseQuery('account_type', account, '值应为 BASIC、OPERATION 或 FEES')
  return hand(world, tenant, query, 'fund_flow', (day, spoils) => (account === 'BASIC' ? writeFundFlow(world, tenant, day, spoils) : undefined))
}

/** What a test wants wrong in a bill: `how` is `missing`, `extra`, `amount` or `state`; `number` names the row, else the first one is meant. */
export type Spoil = { how: string; number?: string; amountCents?: number }

function hand(world: World, tenant: Tenant, query: URLSearchParams, bill: string, write: (day: string, spoils: Spoil[]) => string | undefined): PayAnswer {
  const day = query.get('bill_date') ?? ''
  const packing = query.get('tar_type')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return refuseQuery('bill_date', day, '格式应为 YYYY-MM-DD')
  if (packing !== null && packing !== 'GZIP') return refuseQuery('tar_type', packing, '值应为 GZIP')
  const now = clockOf(world, tenant.appid).now()
  const dayStart = Date.parse(day) - BEIJING_MS
  if (now < dayStart + DAY_MS) return refuseQuery('bill_date', day, '账单日期应早于今天')
  if (now < dayStart + DAY_MS + READY_HOURS * 3_600_000) return refusePay('STATEMENT_CREATING')
  if (now > dayStart + KEPT_DAYS * DAY_MS) return refuseQuery('bill_date', day, '只能查询三个月以内的账单')
  const text = write(day, listSpoils(world, tenant, bill))
  return text === undefined ? refusePay('NO_STATEMENT_EXIST') : { status: 200, body: giveTicket(world, tenant, bill, text, packing === 'GZIP') }
}

/** A bill is the same however often it is asked for: these faults last until they are taken away. */
export function listSpoils(world: World, tenant: Tenant, bill: string): Spoil[] {
  const armed = [...world.state.tables.faults.values()].filter((fault) => fault.kind === 'bill_difference' && fault.appid === tenant.appid && (fault.api ?? 'trade') === bill)
  return armed.map((fault) => ({
    how: String(fault['how'] ?? 'missing'),
    ...(typeof fault['number'] === 'string' ? { number: fault['number'] } : {}), ...(typeof fault['amountCents'] === 'number' ? { amountCents: fault['amountCents'] } : {}),
  }))
}

/** The hash is over the bytes before they are packed. */
function giveTicket(world: World, tenant: Tenant, bill: string, text: string, isPacked: boolean): Record<string, unknown> {
  const plain = Buffer.from(text, 'utf8')
  const packed = isPacked ? gzipSync(plain) : plain
  const isCut = takeFault(world, tenant.appid, ['bill_cut_short'], bill) !== undefined
  const bytes = isCut ? packed.subarray(0, Math.floor(packed.length / 2)) : packed
  const isWrong = takeFault(world, tenant.appid, ['bill_wrong_hash'], bill) !== undefined
  const token = randomWord(64)
  const known = tickets.get(world) ?? new Map<string, Ticket>()
  tickets.set(world, known.set(token, { mchid: tenant.mchid, bytes, expiresAtMs: clockOf(world, tenant.appid).now() + TICKET_MS }))
  return {
    hash_type: 'SHA1', hash_value: createHash('sha1').update(isWrong ? `${text} ` : plain).digest('hex'),
    download_url: `${world.url}/v3/billdownload/file?token=${token}`,
  }
}

/** A token opens once, for the merchant it was given to, for five minutes. */
export function takeBill(world: World, tenant: Tenant, token: string): Buffer | undefined {
  const ticket = tickets.get(world)?.get(token)
  tickets.get(world)?.delete(token)
  return ticket !== undefined && ticket.mchid === tenant.mchid && ticket.expiresAtMs >= clockOf(world, tenant.appid).now() ? ticket.bytes : undefined
}

function refuseQuery(field: string, value: string, issue: string): PayAnswer {
  return refusePay('PARAM_ERROR', `输入源“/query/${field}”规则校验失败，${issue}`, { location: 'query', field, value, issue })
}
