// Reads the ledger's chain from the rows themselves and says where it is broken; trusts no function of the database.
import { createHash } from 'node:crypto'
import type pg from 'pg'

type Link = { lane: number; position: string; entry_id: string; hash: Buffer; id: string | null; fields: string[] | null; lines: string[] | null }
type Head = { lane: number; position: string; hash: Buffer }

const PAGE = 5000

/** Every way in which the links, their entries and the heads of the lanes do not fit. Memory stays flat however long the ledger is. */
export async function findBrokenLinks(client: pg.Client): Promise<string[]> {
  const found: string[] = []
  const { rows: heads } = await client.query<Head>('select lane, position, hash from ledger_lanes order by lane')
  for (const head of heads) found.push(...(await walkLane(client, head)))
  const stray = await client.query<{ entry_id: string }>('select k.entry_id from ledger_links k left join ledger_lanes a on a.lane = k.lane where a.lane is null')
  found.push(...stray.rows.map(({ entry_id }) => `the link of entry ${entry_id} stands in a lane that does not exist`))
  const loose = await client.query<{ id: string }>('select e.id from ledger_entries e left join ledger_links k on k.entry_id = e.id where k.entry_id is null')
  return [...found, ...loose.rows.map(({ id }) => `entry ${id} has no link in the chain`)]
}

async function walkLane(client: pg.Client, head: Head): Promise<string[]> {
  const found: string[] = []
  let last = { position: 0, hash: firstHash(head.lane) }
  for (let page = await readLinks(client, head.lane, 0); page.length > 0; page = await readLinks(client, head.lane, last.position)) {
    for (const link of page) {
      found.push(...judgeLink(last, link))
      last = { position: Number(link.position), hash: link.hash }
    }
  }
  const isHead = last.position === Number(head.position) && last.hash.equals(head.hash)
  return isHead ? found : [...found, `lane ${head.lane} ends at link ${last.position}, but its head says ${head.position}`]
}

function judgeLink(last: { position: number; hash: Buffer }, link: Link): string[] {
  const name = `link ${link.position} of lane ${link.lane}`
  const gap = Number(link.position) === last.position + 1 ? [] : [`links are missing before ${name}`]
  if (link.id === null || link.fields === null) return [...gap, `the entry ${link.entry_id} of ${name} is gone`]
  const hash = hashOf(last.hash, [...link.fields, ...(link.lines ?? [])])
  if (hash.equals(link.hash)) return gap
  return gap.length > 0 ? gap : [`entry ${link.entry_id} at ${name} is not what was posted there`]
}

/** The hash of an entry: over the hash before it and the JSON list of its texts, as the migration of the chain describes it. */
export function hashOf(previous: Buffer, content: string[]): Buffer {
  return createHash('sha256').update(previous).update(JSON.stringify(content)).digest()
}

function firstHash(lane: number): Buffer {
  return createHash('sha256').update(`lane ${lane}`).digest()
}

async function readLinks(client: pg.Client, lane: number, after: number): Promise<Link[]> {
  const { rows } = await client.query<Link>({
    name: 'links',
    text: `select k.lane, k.position::text as position, k.entry_id, k.hash, e.id,
        array[e.id, e.what, coalesce(e.order_id, ''), e.cause, (extract(epoch from e.at) * 1000000)::bigint::text] as fields,
        (select array_agg(l.position || ':' || l.account || ':' || l.amount order by l.position) from ledger_lines l where l.entry_id = k.entry_id) as lines
      from ledger_links k left join ledger_entries e on e.id = k.entry_id where k.lane = $1 and k.position > $2 order by k.position limit ${PAGE}`,
    values: [lane, after],
  })
  return rows
}
