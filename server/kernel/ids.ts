// Fresh handles: a prefix and a UUIDv7 in base 36, so that they sort by when they were made.
import { uuidv7obj } from 'uuidv7'
import type { Id, Prefix } from '#contracts/words/id.ts'

export function newId<P extends Prefix>(prefix: P): Id<P> {
  const number = BigInt(`0x${uuidv7obj().toHex()}`)
  return `${prefix}_${number.toString(36).padStart(25, '0')}` as Id<P>
}
