// Every rule of check-house is broken once on purpose: it must say so, and say nothing about the good twin.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { checkHouse } from './check-house.ts'
import { parseSource } from './house/sources.ts'

const row = `// The rooms, in order.\nexport const modules = ['people/members', 'trade/offers', 'trade/orders', 'insight/reports']\n`
const migration = `-- People and orders.\n-- room: people/members\ncreate table members (id text primary key);\n\n-- room: trade/orders\ncreate table orders (id text primary key);\n`

function rulesBroken(files: Record<string, string>): string[] {
  const all = { 'server/modules.ts': row, 'server/migrations/0001_all.sql': migration, 'server/modules/people/members/store.ts': '// Members.\n', 'server/modules/trade/orders/store.ts': '// Orders.\n', ...files }
  return checkHouse(Object.entries(all).map(([path, text]) => parseSource(path, text))).map((finding) => finding.rule)
}

const room = 'server/modules/trade/orders'
const head = '// What lives here.\n'

/** path, broken text, the rule it breaks, and a twin that is fine. */
const cases: [string, string, string, string][] = [
  ['contracts/words/a.ts', `import { x } from '../orders.ts'`, 'imports', `import { x } from './id.ts'`],
  ['contracts/a.ts', `import { x } from '#kernel/db.ts'`, 'imports', `import { x } from './words/id.ts'`],
  ['server/kernel/a.ts', `import { x } from '#gateways/sms/client.ts'`, 'imports', `import { x } from '#contracts/words/id.ts'`],
  ['server/kernel/a.ts', `import { facts } from '#server/facts.ts'`, 'imports', `import type { Facts } from '#server/facts.ts'`],
  ['server/gateways/sms/a.ts', `import { x } from '../../modules/people/members/actions.ts'`, 'imports', `import { x } from '../../kernel/log.ts'`],
  [`${room}/actions.ts`, `import { x } from '#server/app.ts'`, 'imports', `import { x } from './store.ts'`],
  [`${room}/actions.ts`, `const x = await import('#server/app.ts')`, 'imports', `const x = await import('node:fs')`],
  ['sandbox/a.ts', `import { x } from '#contracts/words/id.ts'`, 'imports', `import { x } from './b.ts'`],
  ['console/src/a.ts', `import { x } from '#contracts/orders.ts'`, 'imports', `import type { Order } from '#contracts/orders.ts'`],
  ['console/src/a.ts', `import { type X, y } from '#contracts/orders.ts'`, 'imports', `import { type X } from '#contracts/orders.ts'`],
  ['miniapp/src/a.vue', `<!-- A. -->\n<script setup lang="ts">\nimport { x } from '../../console/src/call.ts'\n</script>`, 'imports', `<!-- A. -->\n<script setup lang="ts">\nimport { minus } from '#contracts/words/money.ts'\n</script>`],
  ['e2e/a.ts', `import { placeOrder } from '#modules/trade/orders/actions.ts'`, 'imports', `import type { Order } from '#contracts/orders.ts'`],
  [`${room}/actions.ts`, `import { findMember } from '#modules/people/members/store.ts'`, 'door', `import { getMember } from '#modules/people/members/actions.ts'`],
  ['server/modules/people/members/actions.ts', `import { x } from '#modules/trade/orders/actions.ts'`, 'left only', `import { x } from './store.ts'`],
  [`${room}/routes.ts`, `import { findOrder } from './store.ts'`, 'room', `import { placeOrder } from './actions.ts'`],
  [`${room}/policies.ts`, `export const x = 1`, 'room', ''],
  ['server/modules/trade/stalls/actions.ts', `export const x = 1`, 'row of rooms', ''],
  [`${room}/actions.ts`, 'export const x = sql`select 1`', 'sql', 'export const x = say`select 1`'],
  [`${room}/actions.ts`, `db.query('update orders set paid = true where id = $1')`, 'sql', `say('update the orders')`],
  [`${room}/store.ts`, 'const x = sql`select o.id from orders o join members m on m.id = o.member`', 'tables', 'const x = sql`select id from orders for no key update of orders`'],
  [`${room}/store.ts`, 'const x = sql`select id from orders for update`', 'locks', 'const x = sql`select id from orders for no key update`'],
  [`${room}/store.ts`, 'const x = sql`delete from ${table} using t; update members set name = ${name}`', 'tables', 'const x = sql`update orders set name = ${name}`'],
  ['server/migrations/0002_b.sql', '-- B.\ncreate table things (id text);', 'tables', '-- B.\n-- room: trade/orders\ncreate table things (id text);'],
  [`${room}/rules.ts`, `export async function x() {}`, 'pure rules', `export function x() {}`],
  [`${room}/rules.ts`, `export const x = () => Math.random()`, 'pure rules', `export const x = () => Math.min(1, 2)`],
  [`${room}/rules.ts`, `import { readFileSync } from 'node:fs'`, 'pure rules', `import type { Order } from '#contracts/orders.ts'`],
  [`${room}/rules.ts`, `export const x = new Date()`, 'clock', `export const x = new Date('2026-01-01')`],
  [`${room}/actions.ts`, `export const x = () => Date.now()`, 'clock', `export const x = (ctx: Ctx) => ctx.now`],
  [`${room}/actions.ts`, `export const x = () => fetch('https://example.com')`, 'outside world', `export const x = () => ctx.gateways.sms.send()`],
  [`${room}/actions.ts`, `inTransaction(ctx, async (tx) => save(tx))`, 'inner ctx', `inTransaction(ctx, async (ctx) => save(ctx))`],
  [`${room}/actions.ts`, `try { go() } catch { stop() }`, 'catch', `try { go() } finally { stop() }`],
  [`${room}/actions.ts`, `go().catch(() => undefined)`, 'catch', `go().then(() => undefined)`],
  ['server/app.ts', `export const port = process.env.PORT`, 'environment', `export const port = config.port`],
  ['console/src/a.ts', `export const x: any = 1`, 'any', `export const x: unknown = 1`],
  ['sandbox/a.ts', `export const x = y!.z`, '!', `export const x = y?.z`],
  ['contracts/a.ts', `export enum X { A }`, 'enum', `export const x = ['a'] as const`],
  ['server/kernel/a.ts', `export class Queue {}`, 'class', `export class Refusal {}`],
  ['server/kernel/a.ts', `export default function x() {}`, 'default export', `export function x() {}`],
  ['console/src/a.ts', `const x = 1\nexport default x`, 'default export', `export const x = 1`],
  ['contracts/a.ts', `export * from './words/id.ts'`, 'barrel', `export type { Id } from './words/id.ts'\nexport const x = 1`],
  ['scripts/a.ts', `namespace X { export const a = 1 }`, 'namespace', `declare global { interface Window { x: number } }`],
  ['miniapp/src/a.ts', `import { inject } from 'vue'`, 'provide/inject', `import { ref } from 'vue'`],
  ['miniapp/src/a.ts', `export const title = '我的课程'`, 'phrases', `export const title = phrases.myCourses`],
  ['console/src/a.vue', `<!-- A. -->\n<template><p>没有订单</p></template>`, 'phrases', `<!-- 说明 -->\n<template><p>{{ phrases.none }}</p></template>`],
  ['console/src/phrases/zh.ts', `export const zh = { paid: '支付成功！' }`, 'copy', `export const zh = { paid: '支付成功', who: '亲属' }`],
  ['server/utils/a.ts', `export const x = 1`, 'names', ''],
  ['console/src/a.ts', '// TODO later\nexport const x = 1', 'unfinished', '// Notes of todo lists.\nexport const x = 1'],
  ['console/src/a.ts', '// @ts-ignore\nexport const x = 1', 'silenced', 'export const x = 1'],
]

test('each rule finds its seeded violation and leaves the good twin alone', () => {
  for (const [path, broken, rule, good] of cases) {
    const opening = path.endsWith('.ts') ? head : ''
    const found = rulesBroken({ [path]: opening + broken })
    assert.ok(found.includes(rule), `${rule} is not found in ${path}: ${broken} (found: ${found.join(', ') || 'nothing'})`)
    if (good && !rulesBroken({ [path]: opening + good }).includes(rule)) continue
    assert.equal(good, '', `${rule} is found where it should not be, in ${path}: ${good}`)
  }
})

test('a house in order has nothing to mend', () => {
  assert.deepEqual(rulesBroken({}), [])
})

test('files, functions and first lines keep their measure', () => {
  const long = `${head}${'export const x = 1\n'.repeat(300)}`
  assert.deepEqual(rulesBroken({ 'server/kernel/a.ts': long }), ['file size'])
  assert.deepEqual(rulesBroken({ 'server/kernel/a.test.ts': long, 'contracts/a.ts': long }), [])
  assert.deepEqual(rulesBroken({ 'server/kernel/a.ts': `${head}export function x() {\n${'  go()\n'.repeat(39)}}\n` }), ['function size'])
  assert.deepEqual(rulesBroken({ 'server/kernel/a.ts': `${head}export function x() {\n${'  go()\n'.repeat(38)}}\n` }), [])
  assert.deepEqual(rulesBroken({ 'server/kernel/a.ts': 'export const x = 1\n' }), ['first line'])
})

test('insight may read any table, and tests may import what they like', () => {
  assert.deepEqual(rulesBroken({ 'server/modules/insight/reports/store.ts': `${head}const x = sql\`select count(*) from orders join members on true\`` }), [])
  assert.deepEqual(rulesBroken({ [`${room}/orders.test.ts`]: `${head}import { x } from '#modules/insight/reports/store.ts'\ntry { x() } catch { x() }` }), [])
})

test('a finding in a .vue file names its own line', () => {
  const source = parseSource('miniapp/src/a.vue', `<!-- A. -->\n<template>\n  <view />\n</template>\n\n<script setup lang="ts">\nconst x: any = 1\n</script>\n`)
  assert.deepEqual(checkHouse([source]).map(({ line, rule }) => [line, rule]), [[7, 'any']])
})
