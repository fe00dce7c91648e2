// Which of the vendor's two hosts is asked: the near one, until it has fallen silent; then the far one for a while.
import type { Got, Unknown } from '../wire.ts'

export type Hosts = { url(): string; note(told: Got | Unknown): void }

/** Calls in a row that nobody answered. One alone says nothing: its own outcome is unknown, and it is asked about, whichever host hears. */
const SILENT = 3
const AWAY_MS = 300_000
/** A door that stands before the platform says that nobody is behind it. */
const NOBODY = new Set([502, 503, 504])

/** Without a far host it is always the near one. */
export function openHosts(near: string, far: string, now: () => Date): Hosts {
  let silent = 0
  let awayUntilMs = 0
  const isAway = () => now().getTime() < awayUntilMs
  return {
    url: () => (isAway() ? far : near).replace(/\/$/, ''),
    note(told) {
      silent = told.outcome === 'unknown' || NOBODY.has(told.status) ? silent + 1 : 0
      if (silent < SILENT || far === '') return
      silent = 0
      awayUntilMs = isAway() ? 0 : now().getTime() + AWAY_MS
    },
  }
}
