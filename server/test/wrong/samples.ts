// Questions made from a route's own schemas: a right one, and one for each way to be wrong.
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { newId } from '#kernel/ids.ts'
import type { Prefix } from '#contracts/words/id.ts'

type Json = Record<string, unknown>
export type Wrong = { how: string; field: string; body: Json }

const texts = ['示例', '13800138000', '123456', '2026-11-21', '2026-11-21T00:00:00.000Z', 'someone@example.com', 'a-name', 'a-long-enough-word', 'a'.repeat(43), '#3b7a6b', 'zh-Hans']

/** A value the schema accepts; ids are well formed and belong to nothing. */
export function sampleOf(schema: TSchema): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (schema['enum']) return schema['enum'][0]
  if (schema['anyOf']) return sampleOf(schema['anyOf'][0])
  if (schema['type'] === 'object') return Object.fromEntries(Object.entries(schema['properties'] as Record<string, TSchema>).map(([name, one]) => [name, sampleOf(one)]))
  if (schema['type'] === 'array') return Array.from({ length: schema['minItems'] ?? 1 }, (_one, at) => sampleOf(Array.isArray(schema['items']) ? schema['items'][at] : schema['items']))
  if (schema['type'] === 'boolean') return true
  if (schema['type'] === 'string') return textFor(schema)
  return schema['minimum'] ?? 1
}

function textFor(schema: TSchema): string {
  const prefix = /^\^([a-z]{3})_/.exec(schema['pattern'] ?? '')?.[1]
  if (prefix) return newId(prefix as Prefix)
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
    ['a list', [[]]], ['a thing', { not: 'this' }], ['a number for text', 12.5], ['text for something else', '\u0001'], ['null', null],
    ['too long', '长'.repeat((longest(schema) ?? 10_000) + 1)], ['too large', 1e15], ['below zero', -1e15],
  ]
  return candidates.filter(([, value]) => !accepts(schema, value))
}

function accepts(schema: TSchema, value: unknown): boolean {
  if (schema['anyOf']) return (schema['anyOf'] as TSchema[]).some((one) => accepts(one, value))
  return schema['format'] ? schema['type'] === 'string' && typeof value === 'string' && !Number.isNaN(Date.parse(value)) : Value.Check(schema, value)
}

function longest(schema: TSchema): number | undefined {
  return schema['maxLength'] ?? (schema['anyOf'] as TSchema[] | undefined)?.map(longest).find((length) => length !== undefined)
}
