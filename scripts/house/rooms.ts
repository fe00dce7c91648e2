// A room has its places and no others.
import { posix } from 'node:path'
import type { Owners } from './tables.ts'
import type { Finding, Source } from './sources.ts'

const places = new Set(['routes', 'actions', 'rules', 'store', 'jobs', 'callbacks'])
const pushed = new Set(['trade/notices', 'content/media', 'learning/plays', 'together/live'])

export function checkRooms(sources: Source[], owners: Owners): Finding[] {
  const rooms = new Set(sources.flatMap((source) => source.room ?? []))
  const strangers = [...owners].filter(([, room]) => room !== 'kernel' && !rooms.has(room))
  return [
    ...strangers.map(([table, room]) => ({ path: 'server/migrations', line: 1, rule: 'tables', advice: `${table} belongs to ${room}, but there is no such room` })),
    ...sources.flatMap(checkPlace),
  ]
}

function checkPlace({ path, room, isTest }: Source): Finding[] {
  if (!path.startsWith('server/modules/')) return []
  if (!room) return [{ path, line: 1, rule: 'room', advice: 'files of modules live in a room: server/modules/<wing>/<noun>/' }]
  const rest = path.slice(`server/modules/${room}/`.length)
  const place = posix.basename(rest, '.ts')
  if (isTest) return []
  if (!places.has(place) || rest.includes('/')) return [{ path, line: 1, rule: 'room', advice: `a room has ${[...places].join(', ')}: put it there, into a gateway, or give it a room of its own` }]
  if (place === 'callbacks' && !pushed.has(room)) return [{ path, line: 1, rule: 'room', advice: `only ${[...pushed].join(', ')} are pushed to by vendors` }]
  return []
}
