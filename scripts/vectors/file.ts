// The format of a vector file: named keys as DER, and vectors with a kind, inputs and what is expected.
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'

export type Json = Record<string, unknown>
export type Vector = { name: string; kind: string; optional: boolean; inputs: Json; expected: Json }
export type Keys = (name: string) => KeyObject
/** What failed, in words; empty when all was as expected. */
export type Complaints = string[]

export function readVectors(file: unknown): { vectors: Vector[]; keys: Keys } {
  const { vectors, keys } = objectOf(file)
  if (!Array.isArray(vectors)) throw new TypeError('the file has no list named "vectors"')
  return { vectors: vectors.map(readVector), keys: (name) => readKey(objectOf(objectOf(keys)[name]), name) }
}

function readVector(value: unknown): Vector {
  const { name, kind, optional, inputs, expected } = objectOf(value)
  return { name: String(name), kind: String(kind), optional: optional === true, inputs: objectOf(inputs), expected: objectOf(expected) }
}

/** A certificate stands for its public key. */
function readKey({ type, der_base64 }: Json, name: string): KeyObject {
  const der = Buffer.from(String(der_base64), 'base64')
  if (type === 'certificate') return new X509Certificate(der).publicKey
  if (type === 'private key') return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  if (type === 'public key') return createPublicKey({ key: der, format: 'der', type: 'spki' })
  throw new TypeError(`no key named ${name}`)
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function textOf(object: Json, name: string): string {
  const value = object[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Compares as JSON; `undefined` on the expected side asks nothing. */
export function expectSame(what: string, got: unknown, wanted: unknown): Complaints {
  if (wanted === undefined || JSON.stringify(got) === JSON.stringify(wanted)) return []
  return [`${what} is ${shorten(got)}, not ${shorten(wanted)}`]
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 160)
}
