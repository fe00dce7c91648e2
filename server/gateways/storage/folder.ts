// Files in a folder of this machine, written whole or not at all.
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { checkedKey, missing, type Storage } from './shapes.ts'

export function openFolder(folder: string): Storage {
  const pathOf = (key: string) => join(folder, checkedKey(key))
  const sizeOf = async (key: string) => {
    const path = pathOf(key)
    try {
      const found = await stat(path)
      return found.isFile() ? found.size : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
  return {
    sizeOf,
    put: (key, bytes) => putWhole(pathOf(key), bytes),
    async read(key) {
      const file = await openToRead(pathOf(key), key)
      try {
        return await file.readFile()
      } finally {
        await file.close()
      }
    },
    async stream(key, span) {
      const file = await openToRead(pathOf(key), key)
      return createReadStream('', { fd: file, ...span, highWaterMark: 256 * 1024 })
    },
    remove: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
    async withLocalCopy(key, work) {
      if ((await sizeOf(key)) === undefined) throw missing(key)
      return work(pathOf(key))
    },
  }
}

/** A draft beside the place, synced, then renamed: a reader sees the old file or the new one, also after a power cut. */
async function putWhole(path: string, bytes: Buffer | Readable): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${randomUUID()}.draft`
  try {
    const file = await open(draft, 'wx')
    try {
      await pipeTo(file, bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(folder)
}

async function pipeTo(file: FileHandle, bytes: Buffer | Readable): Promise<void> {
  if (Buffer.isBuffer(bytes)) await file.writeFile(bytes)
  else for await (const chunk of bytes) await file.writeFile(chunk)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function openToRead(path: string, key: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    throw isMissing(error) ? missing(key) : error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
