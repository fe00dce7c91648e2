// RSA pairs that outlive a process: one takes a tenth of a second to make, and tests start a sandbox a hundred times.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeRsaPair } from './keys.ts'
import type { RsaPair } from './keys.ts'

export type MakePair = () => Promise<RsaPair>

/** Each process takes the pairs of the file in their order, none twice, and adds what it finds missing; without a file every pair is new. */
export function openStock(path: string | undefined): MakePair {
  if (path === undefined) return makeRsaPair
  mkdirSync(dirname(path), { recursive: true })
  const kept = existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(readPair) : []
  let taken = 0
  return async () => {
    const known = kept[taken++]
    if (known !== undefined) return known
    const pair = await makeRsaPair()
    appendFileSync(path, `${JSON.stringify(pair)}\n`)
    return pair
  }
}

/** A line torn by a kill holds no pair. */
function readPair(line: string): RsaPair[] {
  try {
    return [JSON.parse(line) as RsaPair]
  } catch {
    return []
  }
}
