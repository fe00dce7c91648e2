// Questions made from a route's own schemas: a right one, and one for each way to be wrong.
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { newId } from '#kernel/ids.ts'
import type { Prefix } from '#contracts/words/id.ts'

type Json = Record<string, unknown>
export type Wrong = { how: string; field: string; body: Json }

const texts = ['示例', '13800138000', '123456', '2026-11-21', '2026-11', '2026-11-21T00:00:00.000Z', 'someone@example.com', 'a-name', 'a-long-enough-word', 'a'.repeat(43), '#3b7a6b', 'zh-Hans', '/pages/me/me', 'CMB_DEBIT', '6225880100000001']

/** Handles of things that are there, by their prefix. */
export type Known = Partial<Record<Prefix, string>>

/** A value the schema accepts; ids are well formed, and belong to nothing but what is known. */
export function sampleOf(schema: TSchema, known: Known = {}): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (schema['enum']) return schema['enum'][0]
  if (schema['anyOf']) return sampleOf(schema['anyOf'][0], known)
  if (schema['type'] === 'object') return Object.fromEntries(Object.entries(schema['properties'] as Record<string, TSchema>).map(([name, one]) => [name, sampleOf(one, known)]))
  if (schema['type'] === 'array') return Array.from({ length: schema['minItems'] ?? 1 }, (_one, at) => sampleOf(Array.isArray(schema['items']) ? schema['items'][at] : schema['items'], known))
  if (schema['type'] === 'boolean') return true
  if (schema['type'] === 'string') return textFor(schema, known)
  return schema['minimum'] ?? 1
}

/** The prefix of the handles that a schema asks for. */
export function prefixOf(schema: TSchema): Prefix | undefined {
  const one = (schema['anyOf'] as TSchema[] | undefined)?.[0] ?? schema
  return /^\^([a-z]{3})_/.exec(one['pattern'] ?? '')?.[1] as Prefix | undefined
}

function textFor(schema: TSchema, known: Known): string {
  const prefix = prefixOf(schema)
  if (prefix) return known[prefix] ?? newId(prefix)
  if (schema['format'] === 'date-time') return '2026-11-21T00:00:00.000Z'
  const fitting = texts.find((text) => Value.Check({ ...schema, format: undefined }, text))
  if (fitting === undefined) throw new Error(`no sample for ${JSON.stringify(schema)}`)
  return fitting
}

/** Every way to spoil one field of a body, all others being right. */
export function spoil(schema: TSchema): Wrong[] {
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>)
  const right = sampleOf(schema) as Json
  const required = new Set<string>(schema['required'] ?? [])
  const wrongs: Wrong[] = [{ how: 'an unknown field', field: 'nobody_knows_this', body: { ...right, nobody_knows_this: 1 } }]
  for (const [field, one] of fields) {
    const { [field]: _left, ...rest } = right
    if (required.has(field)) wrongs.push({ how: 'missing', field, body: rest })
    for (const [how, value] of wrongValues(one)) wrongs.push({ how, field, body: { ...right, [field]: value } })
  }
  return wrongs
}

function wrongValues(schema: TSchema): [how: string, value: unknown][] {
  const candidates: [string, unknown][] = [
    ['a list', [[]]], ['a thing', { not: 'this' }], ['a handle of something else', `idn_${'0'.repeat(25)}`], ['a day for an instant', '2026-11-21'], ['a leap second', '2016-12-31T23:59:60Z'], ['an offset', '2026-11-21T00:00:00+23:00'], ['a year nobody counts', '0000-01-01T00:00:00Z'], ['a number for text', 12.5], ['text for something else', '\u0001'], ['null', null],
    ['too long', '长'.repeat((longest(schema) ?? 10_000) + 1)], ['too large', 1e15], ['below zero', -1e15],
  ]
  const noText: typeof candidates = isText(schema) ? [['with a NUL', 'a long enough\0word'], ['with half a character', 'a long enough\ud800word']] : []
  return [...candidates.filter(([, value]) => !accepts(schema, value)), ...noText]
}

function isText(schema: TSchema): boolean {
  return schema['type'] === 'string' || ((schema['anyOf'] as TSchema[] | undefined)?.some(isText) ?? false)
}

function accepts(schema: TSchema, value: unknown): boolean {
  if (schema['anyOf']) return (schema['anyOf'] as TSchema[]).some((one) => accepts(one, value))
  // None of the candidates is an instant.
  return schema['format'] ? false : Value.Check(schema, value)
}

function longest(schema: TSchema): number | undefined {
  return schema['maxLength'] ?? (schema['anyOf'] as TSchema[] | undefined)?.map(longest).find((length) => length !== undefined)
}

/** The route's address about what is known, and a query that is right. */
export function addressWith(name: string, route: { params?: TSchema | undefined; query?: TSchema | undefined }, known: Known): string {
  const params = route.params ? (sampleOf(route.params, known) as Record<string, string>) : {}
  const words = route.query ? (sampleOf(route.query, known) as Record<string, unknown>) : {}
  delete words['cursor']
  const asked = new URLSearchParams(Object.entries(words).map(([key, value]): [string, string] => [key, String(value)])).toString()
  return name.replace(/:(\w+)/g, (_whole, param: string) => encodeURIComponent(String(params[param]))) + (asked === '' ? '' : `?${asked}`)
}
