// Files asked for again and again, kept in memory up to so many bytes; the one asked for longest ago goes first.
import type { Storage } from './shapes.ts'

/** A part of the whole that no single file may go beyond. */
const LARGEST_SHARE = 0.25

export type HotFiles = Storage & {
  /** The whole file, from memory where possible; undefined when there is none. */
  hot(key: string): Promise<Buffer | undefined>
  /** The same without waiting: only what is in memory. */
  held(key: string): Buffer | undefined
  heldBytes(): number
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    hotFiles: Pick<HotFiles, 'hot' | 'held'>
  }
}

/** Names of files fed to players are never used for other bytes, so one that another process removed only stays here until it is pushed out. */
export function keepHot(storage: Storage, mostBytes: number): HotFiles {
  const memory = openMemory(mostBytes)
  const coming = new Map<string, Promise<Buffer | undefined>>()
  const forget = (prefix: string) => {
    memory.forget(prefix)
    for (const key of coming.keys()) if (isBelow(key, prefix)) coming.delete(key)
  }
  const load = async (key: string) => {
    const loading = readWhole(storage, key)
    coming.set(key, loading)
    try {
      const file = await loading
      if (file && coming.get(key) === loading) memory.keep(key, file)
      return file
    } finally {
      if (coming.get(key) === loading) coming.delete(key)
    }
  }
  return {
    ...storage,
    async put(key, file) {
      await storage.put(key, file)
      forget(key)
    },
    async remove(prefix) {
      await storage.remove(prefix)
      forget(prefix)
    },
    hot: async (key) => memory.get(key) ?? coming.get(key) ?? load(key),
    held: memory.get,
    heldBytes: memory.heldBytes,
  }
}

async function readWhole(storage: Storage, key: string): Promise<Buffer | undefined> {
  return (await storage.sizeOf(key)) === undefined ? undefined : storage.read(key)
}

function isBelow(key: string, prefix: string): boolean {
  return key === prefix || key.startsWith(`${prefix}/`)
}

function openMemory(mostBytes: number) {
  const held = new Map<string, Buffer>()
  let bytes = 0
  const drop = (key: string) => {
    bytes -= held.get(key)?.length ?? 0
    held.delete(key)
  }
  return {
    heldBytes: () => bytes,
    get(key: string): Buffer | undefined {
      const file = held.get(key)
      if (!file) return undefined
      held.delete(key)
      held.set(key, file)
      return file
    },
    keep(key: string, file: Buffer): void {
      if (file.length > mostBytes * LARGEST_SHARE) return
      drop(key)
      held.set(key, file)
      bytes += file.length
      for (const oldest of held.keys()) {
        if (bytes <= mostBytes) return
        drop(oldest)
      }
    },
    forget(prefix: string): void {
      for (const key of held.keys()) if (isBelow(key, prefix)) drop(key)
    },
  }
}
