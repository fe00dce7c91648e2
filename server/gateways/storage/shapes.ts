// What every place that files live in can do, and what a key is.
import { normalize } from 'node:path'
import type { Readable } from 'node:stream'

/** Bytes from `start` to `end`, both included. */
export type Span = { start: number; end: number }

export type Storage = {
  /** Keeps a file whole or not at all; a key that is there already gets the new bytes at one stroke. */
  put(key: string, bytes: Buffer | Readable): Promise<void>
  /** The whole file in memory: only for what is known to be small. */
  read(key: string): Promise<Buffer>
  stream(key: string, span?: Span): Promise<Readable>
  sizeOf(key: string): Promise<number | undefined>
  /** Removes the file of this key and everything below it. */
  remove(prefix: string): Promise<void>
  /** Lends the path of a copy on this machine to programs that read files; the path is gone afterwards. */
  withLocalCopy<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    storage: Storage
  }
}

/** Keys are relative paths of letters, digits, `.`, `_`, `-` and `/`; anything else throws. */
export function checkedKey(key: string): string {
  const isPlain = /^[\w./-]{1,512}$/.test(key) && normalize(key) === key && !/^\/|\/$/.test(key) && !key.split('/').some((part) => part === '..' || part === '.')
  if (!isPlain) throw new Error(`not a storage key: ${key}`)
  return key
}

export function missing(key: string): Error {
  return new Error(`nothing is stored at ${key}`)
}
