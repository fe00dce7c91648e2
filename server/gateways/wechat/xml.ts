// A strict reader of the platform's XML: elements, text and CDATA; no DTD, no entities of one's own, no attributes.
import type { Fields } from '../fields.ts'

const MOST_CHARACTERS = 256 * 1024
const MOST_DEPTH = 8
const OPENING = /<([A-Za-z_][\w.-]*)>/y
const TEXT = /[^<]+/y
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

type Reading = { text: string; at: number }

/** `<xml>…</xml>` as fields of text or further fields; nothing for any other text. Names never reach a prototype. */
export function readXml(text: string): Fields | undefined {
  const reading = { text: text.trim(), at: 0 }
  if (reading.text.length > MOST_CHARACTERS || take(reading, OPENING)?.[1] !== 'xml') return undefined
  const value = readContent(reading, 'xml', 1)
  return typeof value === 'object' && reading.at === reading.text.length ? value : undefined
}

function readContent(reading: Reading, name: string, depth: number): Fields | string | undefined {
  const fields: Fields = Object.create(null) as Fields
  let words = ''
  while (depth <= MOST_DEPTH && reading.at < reading.text.length) {
    if (reading.text.startsWith(`</${name}>`, reading.at)) {
      reading.at += name.length + 3
      return close(fields, words)
    }
    const piece = readPiece(reading)
    if (piece !== undefined) {
      words += piece
      continue
    }
    const child = take(reading, OPENING)?.[1]
    const value = child === undefined || Object.hasOwn(fields, child) ? undefined : readContent(reading, child, depth + 1)
    if (child === undefined || value === undefined) return undefined
    fields[child] = value
  }
  return undefined
}

/** An element holds either text or elements, never both. */
function close(fields: Fields, words: string): Fields | string | undefined {
  if (Object.keys(fields).length === 0) return words
  return words.trim() === '' ? fields : undefined
}

function readPiece(reading: Reading): string | undefined {
  const cdata = take(reading, CDATA)
  if (cdata !== undefined) return cdata[1] ?? ''
  const start = reading.at
  const text = take(reading, TEXT)?.[0]
  const plain = text === undefined ? undefined : decode(text)
  if (plain === undefined) reading.at = start
  return plain
}

function decode(text: string): string | undefined {
  let isKnown = true
  const plain = text.replace(/&([^;&]*);?/g, (_all, name: string) => {
    const character = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
    isKnown &&= character !== undefined
    return character ?? ''
  })
  return isKnown ? plain : undefined
}

function take(reading: Reading, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reading.at
  const found = pattern.exec(reading.text)
  if (found === null) return undefined
  reading.at += found[0].length
  return found
}
