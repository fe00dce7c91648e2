// Where a page of a list begins, when its cursor counts rows.
import { refuse } from './refuse.ts'

/** How many rows a cursor stands behind; refuses what no list has given out. */
export function rowsBefore(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^\d{1,9}$/.test(cursor)) refuse('request.invalid', { in: 'query', field: 'cursor', problem: 'is no place of this list' })
  return Number(cursor)
}
