// Reads untrusted fields one by one: own properties only, the right kind or nothing.
import { cents, type Cents } from '#contracts/words/money.ts'

export type Fields = Record<string, unknown>

/** A JSON object, or nothing for any other text. Never throws. */
export function readJson(text: string): Fields | undefined {
  try {
    return asFields(JSON.parse(text))
  } catch {
    return undefined
  }
}

export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

export function fieldOf(fields: Fields | undefined, name: string): unknown {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
}

export function fieldsOf(fields: Fields | undefined, name: string): Fields | undefined {
  return asFields(fieldOf(fields, name))
}

export function listOf(fields: Fields | undefined, name: string): Fields[] {
  const value = fieldOf(fields, name)
  return Array.isArray(value) ? value.map(asFields).filter((one) => one !== undefined) : []
}

export function textOf(fields: Fields | undefined, name: string): string | undefined {
  const value = fieldOf(fields, name)
  return typeof value === 'string' ? value : undefined
}

export function filledText(fields: Fields | undefined, name: string): string | undefined {
  return textOf(fields, name) || undefined
}

/** A whole number, also when it came as digits, as XML has it. */
export function wholeOf(fields: Fields | undefined, name: string): number | undefined {
  const value = fieldOf(fields, name)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
}

export function centsOf(fields: Fields | undefined, name: string): Cents | undefined {
  const whole = wholeOf(fields, name)
  return whole === undefined ? undefined : cents(whole)
}

/** An instant as ISO in UTC, from the vendor's RFC 3339 text. */
export function instantOf(fields: Fields | undefined, name: string): string | undefined {
  return isoOf(Date.parse(textOf(fields, name) ?? ''))
}

/** An instant as ISO in UTC, from seconds since 1970; zero is the vendor's "not yet". */
export function instantOfSeconds(fields: Fields | undefined, name: string): string | undefined {
  const seconds = wholeOf(fields, name)
  return seconds === undefined || seconds <= 0 ? undefined : isoOf(seconds * 1000)
}

function isoOf(milliseconds: number): string | undefined {
  return Number.isNaN(milliseconds) || Math.abs(milliseconds) > 8.64e15 ? undefined : new Date(milliseconds).toISOString()
}
