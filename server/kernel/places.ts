// Where a page of a list begins; a cursor that no list has given out is refused.
import { isId, type Id, type Prefix } from '#contracts/words/id.ts'
import { refuse } from './refuse.ts'

/** How many rows a cursor stands behind. */
export function rowsBefore(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^\d{1,9}$/.test(cursor)) return refuseCursor()
  return Number(cursor)
}

/** The last thing of the page before, in a list that goes by ids; null at its beginning. */
export function idBefore<P extends Prefix>(prefix: P, cursor: string | undefined): Id<P> | null {
  if (cursor === undefined) return null
  return isId(prefix, cursor) ? cursor : refuseCursor()
}

function refuseCursor(): never {
  return refuse('request.invalid', { in: 'query', field: 'cursor', problem: 'is no place of this list' })
}
