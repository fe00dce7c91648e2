// Answers kept in memory while an edition stands: looked up again after every write of this process, and twice a second for those of others.

export type Kept<T> = {
  /** The answer under a name, made now when there is none of the standing edition. */
  answer(name: string, make: () => Promise<T>): Promise<T>
}

type Answer<T> = { edition: string; atMs: number; told: Promise<T> }

const LOOK_AGAIN_MS = 500
const MOST_ANSWERS = 1000

/**
 * `edition` asks the database which edition stands; `writes` counts the writes of this process; `forMs` ends an answer whatever the edition.
 * The edition is read before an answer is made, so an answer is never older than the edition it is kept under.
 */
export function keepAnswers<T>(edition: () => Promise<string>, writes: () => number, nowMs: () => number, forMs: number): Kept<T> {
  const answers = new Map<string, Answer<T>>()
  let looked: { atMs: number; writes: number; edition: Promise<string> } | undefined
  const look = () => {
    const atMs = nowMs()
    if (looked && looked.writes === writes() && Math.abs(atMs - looked.atMs) < LOOK_AGAIN_MS) return looked.edition
    const mine = { atMs, writes: writes(), edition: edition() }
    looked = mine
    mine.edition.catch(() => { if (looked === mine) looked = undefined })
    return mine.edition
  }
  return {
    async answer(name, make) {
      const standing = await look()
      const known = answers.get(name)
      const atMs = nowMs()
      if (known?.edition === standing && Math.abs(atMs - known.atMs) < forMs) return known.told
      const fresh = { edition: standing, atMs, told: make() }
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
