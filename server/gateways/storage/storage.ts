// Where files live: a folder of this machine, written whole or not at all.
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { randomUUID } from 'node:crypto'

export type Storage = {
  put(key: string, bytes: Buffer): Promise<void>
  read(key: string): Promise<Buffer>
  stream(key: string): NodeJS.ReadableStream
  sizeOf(key: string): Promise<number | undefined>
  /** Removes everything below a prefix. */
  remove(prefix: string): Promise<void>
  /** The path of a file for programs that read files. */
  pathOf(key: string): string
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    storage: Storage
  }
}

/** Keys are relative paths of letters, digits, `.`, `_`, `-` and `/`; anything else throws. */
export function openStorage(folder: string): Storage {
  const pathOf = (key: string) => {
    if (!/^[\w./-]+$/.test(key) || normalize(key) !== key || key.startsWith('/') || key.split('/').includes('..')) throw new Error(`not a storage key: ${key}`)
    return join(folder, key)
  }
  return {
    pathOf,
    async put(key, bytes) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      const draft = `${path}.${randomUUID()}`
      const file = await open(draft, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
    },
    read: (key) => readFile(pathOf(key)),
    stream: (key) => createReadStream(pathOf(key)),
    async sizeOf(key) {
      try {
        return (await stat(pathOf(key))).size
      } catch {
        return undefined
      }
    },
    remove: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
  }
}
