// Wrong input for every route there is: a documented refusal that names the field, never an error of ours.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TSchema } from '@sinclair/typebox'
import { allRoutes } from '#contracts/all.ts'
import type { Route } from '#contracts/route.ts'
import { permissions, roleMay, roles, type Role } from '#contracts/words/permissions.ts'
import { sql } from '#kernel/db.ts'
import { hashToken } from '#kernel/seal.ts'
import { codeOf, signInLearner, signInOwner, startApp, type Answer, type Asker, type TestApp } from './server.ts'
import { sampleOf, spoil } from './wrong/samples.ts'

const general = ['request.invalid', 'request.too_many', 'thing.not_found', 'thing.changed_meanwhile', 'staff.not_permitted']
const ends = (name: string) => name.includes('/sessions/current')
// What ends a session comes last, for the others need it.
const table = Object.entries(allRoutes as Record<string, Route>).sort(([a], [b]) => Number(ends(a)) - Number(ends(b)))
const nothing = new Set(['GET', 'DELETE'])

let app: TestApp
let owner: Asker
let learner: Asker
const staff = new Map<Role, Asker>()
const asked = new Set<string>()

before(async () => {
  app = await startApp()
  owner = { cookie: await signInOwner(app) }
  learner = { token: await signInLearner(app, '13800138002') }
  for (const role of roles.filter((one) => one !== 'owner')) {
    const [email, password] = [`${role}@example.com`, 'a long enough password']
    await app.ask('POST /console/staff', { name: role, email, role, password }, owner)
    const signed = await app.ask('POST /console/sessions', { email, password })
    staff.set(role, { cookie: signed.headers.getSetCookie()[0]?.split(';')[0] ?? '' })
  }
})
after(() => app.stop())

function asFor(route: Route): Asker {
  if (route.as === 'anyone') return {}
  return route.as === 'member' ? learner : owner
}

test('the contracts name every documented route of the server, and the server serves every route of the contracts', () => {
  const { paths = {} } = app.app.http.swagger() as { paths?: Record<string, object> }
  const served = Object.entries(paths).filter(([path]) => path.startsWith('/api/')).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(4).replace(/\{(\w+)\}/g, ':$1')}`))
  assert.deepEqual(served.toSorted(), table.map(([name]) => name).toSorted())
})

/** The route's address with well-formed ids of nothing, and a query that is right or given. */
function addressOf(name: string, route: Route, query?: string): string {
  const params = route.params ? (sampleOf(route.params) as Record<string, string>) : {}
  const words = route.query ? (sampleOf(route.query) as Record<string, unknown>) : {}
  const asked = query ?? new URLSearchParams(Object.entries(words).map(([key, value]): [string, string] => [key, String(value)])).toString()
  return name.replace(/:(\w+)/g, (_whole, param: string) => encodeURIComponent(String(params[param]))) + (asked === '' ? '' : `?${asked}`)
}

function isDocumented(answer: Answer, route: Route): boolean {
  return [...general, ...(route.refusals ?? [])].includes(codeOf(answer))
}

test('a right question about things that do not exist is answered or refused as documented', async () => {
  for (const [name, route] of table) {
    if (ends(name)) continue
    const answer = await app.ask(addressOf(name, route), route.body && sampleOf(route.body), asFor(route))
    asked.add(name)
    assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text}`)
    if (answer.status >= 400) assert.ok(isDocumented(answer, route), `${name} refuses with ${codeOf(answer)}, which its contract does not name`)
  }
})

test('each field of each body, spoilt in each way, is refused by its name', async () => {
  for (const [name, route] of table) {
    if (!route.body) continue
    for (const { how, field, body } of spoil(route.body as TSchema)) {
      const answer = await app.ask(addressOf(name, route), body, asFor(route))
      const about = `${name} with ${field} ${how}: ${answer.status} ${answer.text}`
      // A text may be so long that the whole question is refused before anybody looks at its fields.
      if (how === 'too long' && codeOf(answer) === 'request.too_large') continue
      assert.equal(answer.status, 400, about)
      assert.ok(String(answer.body.error.details.field).startsWith(field), about)
    }
  }
})

test('addresses that are no ids, and lists asked for wrongly, are refused', async () => {
  for (const [name, route] of table) {
    const body = route.body && sampleOf(route.body)
    if (route.params) {
      for (const word of ['x', 'ord_1', `\u0000`, '长'.repeat(300)]) {
        const answer = await app.ask(name.replace(/:\w+/g, encodeURIComponent(word)), body, asFor(route))
        assert.ok(answer.status >= 400 && answer.status < 500, `${name} at ${JSON.stringify(word.slice(0, 9))}: ${answer.status} ${answer.text}`)
      }
    }
    for (const [field, schema] of Object.entries((route.query?.properties ?? {}) as Record<string, TSchema>)) {
      for (const word of ['%00', 'x%00y', '-1', '0', '1e9', '1e99', 'NaN', '%ED%A0%80', '2026-11-21T00:00:00%2B23:00', '2016-12-31T23:59:60Z', 'x'.repeat(5000)]) {
        const answer = await app.ask(addressOf(name, route, `${field}=${word}`), body, asFor(route))
        assert.ok(answer.status < 500, `${name}?${field}=${word.slice(0, 9)}: ${answer.status} ${answer.text}`)
        if (schema['type'] === 'integer') assert.deepEqual([codeOf(answer), answer.body.error.details.field], ['request.invalid', field], `${name}?${field}=${word.slice(0, 9)}`)
      }
    }
  }
})

test('nobody without a sign-in, and nobody with an invented one, gets past a door', async () => {
  const [gone, past] = await Promise.all([signInLearner(app, '13800138003'), signInLearner(app, '13800138004')])
  await app.ask('DELETE /sessions/current', undefined, { token: gone })
  await app.app.ctx.db.query(sql`update member_sessions set expires_at = now() - interval '1 second' where token_hash = ${hashToken(past)}`)
  for (const [name, route] of table) {
    if (route.as === 'anyone') continue
    const body = route.body && sampleOf(route.body)
    if (route.as === 'member') for (const token of [gone, past]) assert.equal(codeOf(await app.ask(addressOf(name, route), body, { token })), 'sign_in.expired', name)
    const expected = route.as === 'member' ? ['sign_in.needed', 'sign_in.expired'] : ['staff.sign_in_needed', 'staff.sign_in_needed']
    assert.equal(codeOf(await app.ask(addressOf(name, route), body)), expected[0], name)
    assert.equal(codeOf(await app.ask(addressOf(name, route), body, { token: 'x'.repeat(43), cookie: `shuyuan_staff=${'x'.repeat(43)}` })), expected[1], name)
  }
})

test('every role is kept from what it may not do, and every write needs the header that other sites cannot send', async () => {
  for (const [name, route] of table) {
    if (typeof route.as !== 'object') continue
    const permission = route.as.staff
    assert.ok(permission in permissions)
    const body = route.body && sampleOf(route.body)
    for (const [role, asker] of staff) {
      if (roleMay(role, permission)) continue
      assert.equal(codeOf(await app.ask(addressOf(name, route), body, asker)), 'staff.not_permitted', `${name} as ${role}`)
    }
    if (name.startsWith('GET ')) continue
    const [method = '', path = ''] = addressOf(name, route).split(' ')
    const bare = await fetch(`${app.url}/api${path}`, { method, headers: { cookie: owner.cookie ?? '', 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) })
    assert.equal(((await bare.json()) as { error: { code: string } }).error.code, 'staff.csrf', name)
  }
})

test('bodies that are not JSON, too large or of another kind are refused', async () => {
  for (const [name, route] of table) {
    const [method = '', path = ''] = addressOf(name, route).split(' ')
    if (!route.body || nothing.has(method)) continue
    const send = async (type: string, body: string) => {
      const headers = { 'content-type': type, cookie: owner.cookie ?? '', authorization: `Bearer ${learner.token}`, 'x-requested-with': 'shuyuan' }
      const answer = await fetch(`${app.url}/api${path}`, { method, headers, body })
      return ((await answer.json()) as { error: { code: string } }).error.code
    }
    assert.equal(await send('application/json', '{"a":'), 'request.invalid', name)
    for (const body of ['[]', '', 'null', '"a"', '7']) assert.equal(await send('application/json', body), 'request.invalid', `${name} with ${body}`)
    assert.equal(await send('text/plain', 'a=b'), 'request.not_json', name)
    assert.equal(await send('application/json', `"${'x'.repeat(1_100_000)}"`), 'request.too_large', name)
  }
})
