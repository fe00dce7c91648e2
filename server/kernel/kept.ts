// Answers kept in memory while an edition stands: looked up again after every write of this process, and twice a second for those of others.
import { sql, type Db } from './db.ts'

/** Answers by name, each made once for an edition; `forMs` ends one whatever the edition. */
export type Shelf<T> = { answer(name: string, edition: string, atMs: number, make: () => Promise<T>): Promise<T> }

export type Kept<T> = {
  /** The answer under a name, made now when there is none of the standing edition. */
  answer(name: string, make: () => Promise<T>): Promise<T>
}

type Answer<T> = { edition: string; atMs: number; told: Promise<T> }

const LOOK_AGAIN_MS = 500
const MOST_ANSWERS = 1000

/** Which edition of what every visitor may read stands: it grows in the transaction of whatever changes that. */
export async function standingEdition(db: Db): Promise<string> {
  const { rows } = await db.query<{ edition: number }>(sql`select edition from page_editions`)
  return String(rows[0]?.edition ?? '')
}

/** The edition must be read before an answer is made, so that an answer is never older than the edition it is kept under. */
export function openShelf<T>(forMs: number): Shelf<T> {
  const answers = new Map<string, Answer<T>>()
  return {
    answer(name, edition, atMs, make) {
      const known = answers.get(name)
      if (known?.edition === edition && Math.abs(atMs - known.atMs) < forMs) return known.told
      const fresh = { edition, atMs, told: make() }
      answers.delete(name)
      answers.set(name, fresh)
      fresh.told.catch(() => { if (answers.get(name) === fresh) answers.delete(name) })
      for (const oldest of answers.keys()) {
        if (answers.size <= MOST_ANSWERS) break
        answers.delete(oldest)
      }
      return fresh.told
    },
  }
}

/** `edition` asks the database which edition stands; `writes` counts the writes of this process. */
export function keepAnswers<T>(edition: () => Promise<string>, writes: () => number, nowMs: () => number, forMs: number): Kept<T> {
  const shelf = openShelf<T>(forMs)
  let looked: { atMs: number; writes: number; edition: string | Promise<string> } | undefined
  // Once it is known it is told at once: every hop of a promise is felt in an answer that is made of nothing else.
  const look = (atMs: number): string | Promise<string> => {
    if (looked && looked.writes === writes() && Math.abs(atMs - looked.atMs) < LOOK_AGAIN_MS) return looked.edition
    const asked = edition()
    const mine: NonNullable<typeof looked> = { atMs, writes: writes(), edition: asked }
    looked = mine
    asked.then((told) => (mine.edition = told), () => { if (looked === mine) looked = undefined })
    return asked
  }
  return {
    answer(name, make) {
      const atMs = nowMs()
      const standing = look(atMs)
      return typeof standing === 'string' ? shelf.answer(name, standing, atMs, make) : standing.then((told) => shelf.answer(name, told, atMs, make))
    },
  }
}
