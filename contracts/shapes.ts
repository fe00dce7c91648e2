// The words as schemas: what an id, an amount, an instant and a page of a list look like on the wire.
import { Type, type Static, type TSchema, type TObject, type TProperties } from '@sinclair/typebox'
import { idPattern, type Id, type Prefix } from './words/id.ts'
import type { Cents } from './words/money.ts'
import type { Instant } from './words/time.ts'
import { platforms, systems } from './words/platforms.ts'

export { Type, type Static }

export function IdOf<P extends Prefix>(prefix: P) {
  return Type.Unsafe<Id<P>>(Type.String({ pattern: idPattern(prefix) }))
}

export const Money = Type.Unsafe<Cents>(Type.Integer({ minimum: -1_000_000_000_000, maximum: 1_000_000_000_000, description: '分' }))
export const Price = Type.Unsafe<Cents>(Type.Integer({ minimum: 0, maximum: 100_000_000, description: '分' }))
/** Money that moves: at least one fen. */
export const Sum = Type.Unsafe<Cents>(Type.Integer({ minimum: 1, maximum: 100_000_000, description: '分' }))
export const At = Type.Unsafe<Instant>(Type.String({ format: 'date-time' }))
/** A month of this century. */
export const Month = Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])$' })
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** A line of text: no control characters, bounded. */
export function Line(maxLength: number, minLength = 1) {
  return Type.String({ minLength, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
}

/** Text of several lines, bounded. */
export function Text(maxLength: number, minLength = 0) {
  return Type.String({ minLength, maxLength, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' })
}

export function OneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>(Type.String({ enum: [...values] }))
}

export function Maybe<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

export function Shape<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties, { additionalProperties: false })
}

/** A page of a list; `next` is the cursor to pass for the following page, null at the end. */
export function PageOf<T extends TSchema>(item: T) {
  return Shape({ items: Type.Array(item), next: Maybe(Type.String()) })
}

/** Query fields that every list takes. */
export const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
}

export const PlatformName = OneOf(platforms)
export const SystemName = OneOf(systems)

export const Empty = Shape({})

/** A picture as clients draw it: sized before it loads, tinted while it does. */
export const Picture = Shape({
  url: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  tint: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }),
})
export type Picture = Static<typeof Picture>
