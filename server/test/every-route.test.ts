// Every route asked about things that are there: the answer has the promised shape, and wrong handles and places are refused.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TSchema } from '@sinclair/typebox'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { allRoutes } from '#contracts/all.ts'
import type { Route } from '#contracts/route.ts'
import { newId } from '#kernel/ids.ts'
import { codeOf, readCounters, type Answer, type Asker } from './server.ts'
import { openAcademy, type Academy } from './wrong/academy.ts'
import { addressWith, prefixOf, sampleOf } from './wrong/samples.ts'
import { lastOnes, wishesFor, type Wish } from './wrong/wishes.ts'

const table = Object.entries(allRoutes as Record<string, Route>)
const ajv = (formats as unknown as (ajv: Ajv) => Ajv)(new Ajv({ strict: false }))
/** Asked rightly, these refuse: the academy has its first owner. */
const onceOnly = { 'POST /console/setup': 'setup.already_done', 'POST /console/parcels/:order/reminders': 'parcel.state_forbids', 'POST /console/shares/:share/releases': 'share.state_forbids', 'POST /console/payouts/:payout/agreements': 'payout.same_person', 'POST /console/payouts/:payout/rejections': 'payout.state_forbids', 'POST /console/payouts/:payout/retries': 'payout.state_forbids' } as Record<string, string>

let academy: Academy
let wishes: Record<string, Wish>
before(async () => {
  academy = await openAcademy()
  wishes = wishesFor(academy)
})
after(() => academy.stop())

const ask = (route: string, body: unknown, as: Asker) => academy.shop.app.ask(route, body, as)

function askerOf(name: string, route: Route): Asker {
  const wished = wishes[name]?.as?.()
  if (wished) return wished
  return route.as === 'anyone' ? {} : route.as === 'member' ? academy.buyer : academy.owner
}

async function bodyOf(name: string, route: Route): Promise<Record<string, unknown> | undefined> {
  const wished = wishes[name]?.body
  if (typeof wished === 'function') return wished()
  return wished ?? (route.body && (sampleOf(route.body, academy.known) as Record<string, unknown>))
}

const pathOf = (name: string, at: Record<string, string> = {}) => name.replace(/:(\w+)/g, (whole, param: string) => at[param] ?? whole)
const addressOf = (name: string, route: Route) => addressWith(pathOf(name, wishes[name]?.at), { params: route.params }, academy.known)

function assertShape(name: string, route: Route, answer: Answer): void {
  if (route.type) return assert.equal(answer.headers.get('content-type'), route.type, name)
  const isRight = ajv.compile(route.reply)
  assert.ok(isRight(answer.body), `${name}: ${JSON.stringify(isRight.errors)} in ${answer.text.slice(0, 400)}`)
}

test("another member's orders, addresses, claims and payouts do not exist for anybody else, and nothing of another member is in any answer", async () => {
  const { buyer, stranger, known, shop } = academy
  const seen: string[] = []
  for (const [name, route] of table.filter(([, route]) => route.as === 'member')) {
    if (handlesOf(route.params).some(([, prefix]) => ['ord', 'adr', 'clm', 'pyo'].includes(prefix))) {
      const answer = await ask(addressOf(name, route), await bodyOf(name, route), stranger)
      assert.equal(codeOf(answer), 'thing.not_found', name)
      seen.push(name)
    } else if (name.startsWith('GET ')) {
      const answer = await ask(addressOf(name, route), undefined, stranger)
      assert.equal(answer.status, 200, name)
      for (const own of [known.ord, known.mem]) assert.equal(answer.text.includes(String(own)), false, `${name} tells a stranger of ${own}`)
      seen.push(name)
    }
  }
  assert.ok(seen.length >= 8, String(seen))
  const [theirs, own] = await Promise.all([stranger, buyer].map((one) => shop.asBuyer(one, `GET /courses/${known.crs}/progress`)))
  assert.deepEqual([theirs?.lessons.length, own?.lessons.length], [0, 1])
})

test('a list begins only where it left off: any other cursor, and any other number of things, is refused by name', async () => {
  const lists = table.filter(([, route]) => route.query?.properties['cursor'])
  assert.ok(lists.length >= 10)
  for (const [name, route] of lists) {
    const address = addressOf(name, route)
    const wrong = [...['x', '-1', '1.5', '1e9', 'ord_1', newId('idn'), "' or 1=1--", '%', '0x10'].map((word) => ['cursor', word] as const), ...['0', '-1', '101', '1e9', '1.5', 'x', ''].map((word) => ['limit', word] as const), ['nobody_knows_this', '1'] as const]
    for (const [field, word] of wrong) {
      const answer = await ask(`${address}?${field}=${encodeURIComponent(word)}`, undefined, askerOf(name, route))
      assert.deepEqual([codeOf(answer), answer.body.error.details.field], ['request.invalid', field], `${name}?${field}=${word}: ${answer.text}`)
    }
    const [first, all] = [await ask(`${address}?limit=1`, undefined, askerOf(name, route)), await ask(`${address}?limit=100`, undefined, askerOf(name, route))]
    assert.equal(first.body.items.length, 1, name)
    assert.equal(first.body.next === null, all.body.items.length === 1, name)
    if (first.body.next === null) continue
    const second = await ask(`${address}?limit=1&cursor=${first.body.next}`, undefined, askerOf(name, route))
    assert.deepEqual([...first.body.items, ...second.body.items], all.body.items.slice(0, 2), name)
  }
})

test('asked rightly, every route answers in the shape it promises, and every list has something in it', async () => {
  const sorted = table.toSorted(([a], [b]) => lastOnes.indexOf(a) - lastOnes.indexOf(b))
  for (const [name, route] of sorted) {
    // Spoilt first: what is wrong in a question must be seen while everything else in it is right.
    await refuseUnknownHandles(name, route)
    const answer = await ask(addressOf(name, route), await bodyOf(name, route), askerOf(name, route))
    if (onceOnly[name]) {
      assert.equal(codeOf(answer), onceOnly[name], name)
      continue
    }
    assert.equal(answer.status, 200, `${name}: ${answer.text}`)
    assertShape(name, route, answer)
    assert.notEqual(answer.body?.items?.length, 0, `${name} lists nothing, so its shape was not seen`)
  }
  assert.deepEqual([...Object.keys(wishes), ...lastOnes].filter((name) => !(name in allRoutes)), [], 'a wish is for a route that is gone')
})

/** Each handle in the address and in the body, one after the other, replaced by one of nothing and by one of something else. */
async function refuseUnknownHandles(name: string, route: Route): Promise<void> {
  const as = askerOf(name, route)
  for (const [param, schema] of handlesOf(route.params)) {
    for (const [handle, expected] of [[newId(schema), 'thing.not_found'], [newId('idn'), 'request.invalid']] as const) {
      const answer = await ask(addressOf(name.replace(`:${param}`, handle), route), await bodyOf(name, route), as)
      assert.equal(codeOf(answer), expected, `${name} with ${param} ${handle}: ${answer.text}`)
    }
  }
  for (const [field, schema] of handlesOf(route.body)) {
    const body = await bodyOf(name, route)
    if (!body || body[field] === undefined) continue
    const strange = Array.isArray(body[field]) ? [newId(schema)] : newId(schema)
    const answer = await ask(addressOf(name, route), { ...body, [field]: strange }, as)
    assert.equal(codeOf(answer), 'thing.not_found', `${name} with ${field} unknown: ${answer.text}`)
  }
}

function handlesOf(schema: TSchema | undefined) {
  const fields = Object.entries((schema?.['properties'] ?? {}) as Record<string, TSchema>)
  return fields.flatMap(([field, one]) => { const prefix = prefixOf(one['items'] ?? one); return prefix ? [[field, prefix] as const] : [] })
}

test('the server says that it is well to anybody, and its counters to whoever holds their key', async () => {
  assert.deepEqual((await ask('GET /health', undefined, {})).body, { ok: true })
  assert.equal((await ask('GET /metrics', undefined, { token: 'another-key' })).status, 404)
  assert.equal((await ask('GET /metrics', undefined, {})).status, 404)
  assert.match(await readCounters(academy.shop.app.url), /^http_request_seconds_count/m)
})
