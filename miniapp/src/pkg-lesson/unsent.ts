// What was watched while the network was away: kept on the device, sent when it is back.
import type { Id } from '../../../contracts/words/id.ts'
import type { Instant } from '../../../contracts/words/time.ts'
import { call, codeOf } from '../call'
import { member } from '../session'

export type Watched = { ranges: [number, number][]; positionSeconds: number; at: Instant }
type Kept = Record<string, Watched>

const MOST_RANGES = 200
// Another member on this device must not get these.
const key = () => `unsent:${member()?.id ?? ''}`

function read(): Kept {
  const kept: unknown = uni.getStorageSync(key())
  return kept && typeof kept === 'object' ? (kept as Kept) : {}
}

/** Sends what a lesson has to tell, with what was kept of it before; keeps all of it when the network is away. */
export async function tell(lesson: string, watched: Watched): Promise<void> {
  if (!member()) return
  const { [lesson]: earlier, ...others } = read()
  const ranges = [...(earlier?.ranges ?? []), ...watched.ranges].slice(-MOST_RANGES)
  // On the disk before it is asked: a closed page must not lose it.
  uni.setStorageSync(key(), { ...others, [lesson]: { ...watched, ranges } })
  await send(lesson, { ...watched, ranges })
}

/** Sends what other lessons left behind. */
export async function tellKept(): Promise<void> {
  if (!member()) return
  for (const [lesson, watched] of Object.entries(read())) await send(lesson, watched)
}

async function send(lesson: string, { ranges, positionSeconds, at }: Watched): Promise<void> {
  try {
    await call('PUT /lessons/:lesson/progress', { params: { lesson: lesson as Id<'lsn'> }, body: { ranges, positionSeconds, at } })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'offline' || code === 'request.too_many' || code.startsWith('server.')) return
  }
  const { [lesson]: kept, ...others } = read()
  // What came in meanwhile stays for the next time.
  uni.setStorageSync(key(), kept && kept.at !== at ? { ...others, [lesson]: kept } : others)
}
