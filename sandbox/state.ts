// The sandbox's memory: maps in the process, with an append-only log beside them when a folder is given, so that kill -9 loses nothing answered.
import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Tables } from './records.ts'

export type State = { tables: { [Name in keyof Tables]: Map<string, Tables[Name]> }; log?: number }

const NAMES: (keyof Tables)[] = [
  'tenants', 'orders', 'refunds', 'deliveries', 'faults', 'users', 'goods', 'virtualOrders', 'purses', 'coinMoves', 'texts', 'messages', 'consents', 'entries',
  'shareReceivers', 'shareOrders', 'shareReturns', 'transfers', 'complaints', 'complaintPictures',
  'shipments',
  'alipayTrades', 'douyinOrders', 'douyinRefunds', 'douyinSettlements', 'virtualWithdrawals',
]

export function openState(folder?: string): State {
  const state: State = { tables: Object.fromEntries(NAMES.map((name) => [name, new Map()])) as State['tables'] }
  if (folder === undefined) return state
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'sandbox.log')
  if (existsSync(path)) readLog(state, path)
  writeSnapshot(state, path)
  state.log = openSync(path, 'a')
  return state
}

/** Remembers a record under its id; it is on disk before the caller can answer anybody. */
export function put<Name extends keyof Tables>(state: State, name: Name, id: string, record: Tables[Name]): void {
  state.tables[name].set(id, record)
  if (state.log !== undefined) writeSync(state.log, `${JSON.stringify([name, id, record])}\n`)
}

export function forget(state: State, name: keyof Tables, id: string): void {
  state.tables[name].delete(id)
  if (state.log !== undefined) writeSync(state.log, `${JSON.stringify([name, id, null])}\n`)
}

export function closeState(state: State): void {
  if (state.log !== undefined) closeSync(state.log)
  delete state.log
}

function readLog(state: State, path: string): void {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const change = parseLine(line)
    if (change === undefined) continue
    const [name, id, record] = change
    const table = state.tables[name] as Map<string, unknown> | undefined
    if (record === null) table?.delete(id)
    else table?.set(id, record)
  }
}

/** A line torn by a kill is the last one and was never answered for; it is skipped. */
function parseLine(line: string): [keyof Tables, string, unknown] | undefined {
  if (line === '') return undefined
  try {
    return JSON.parse(line) as [keyof Tables, string, unknown]
  } catch {
    return undefined
  }
}

function writeSnapshot(state: State, path: string): void {
  const fresh = `${path}.new`
  const file = openSync(fresh, 'w')
  for (const name of NAMES) {
    for (const [id, record] of state.tables[name]) appendFileSync(file, `${JSON.stringify([name, id, record])}\n`)
  }
  fsyncSync(file)
  closeSync(file)
  renameSync(fresh, path)
}
