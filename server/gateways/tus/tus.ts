// Taking large files in by the resumable protocol tus (tus.io, version 1.0.0); a file that has arrived whole is handed on as a path.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server, type Upload } from '@tus/server'
import { Refusal, statusOf } from '#kernel/refuse.ts'
import type { Arrived, Intake, Taken, Taker } from './intake.ts'

const DAY_MS = 86_400_000

export function startIntake(path: string, folder: string, mostBytes: number): Intake {
  const taking = new AsyncLocalStorage<Taker>()
  const datastore = new FileStore({ directory: folder, expirationPeriodInMilliseconds: DAY_MS })
  const handOver = handOvers(datastore, folder)
  const server = new Server({
    path,
    datastore,
    maxSize: mostBytes,
    relativeLocation: true,
    async onUploadFinish(_request, upload) {
      const taker = taking.getStore()
      if (!taker) throw new Error('a file arrived without anybody to take it')
      return { headers: await handOver(upload, taker) }
    },
    onResponseError: (_request, error) => onTheWire(error),
  })
  return {
    async handle(request, response, taker) {
      const id = request.method === 'HEAD' ? request.url?.slice(path.length + 1) : undefined
      const taken = id && /^[0-9a-f]{32}$/.test(id) ? await lookAgain(datastore, id, handOver, taker) : undefined
      if (taken === 'broken') response.writeHead(500, { 'tus-resumable': '1.0.0' }).end()
      else if (taken) answerWhole(response, taken)
      else await taking.run(taker, () => server.handle(request, response))
    },
    sweep: () => server.cleanUpExpiredUploads(),
  }
}

type HandOver = (upload: Upload, taker: Taker) => Promise<Record<string, string>>

/** Hands each file over once, however many ask at the same time. What was taken or refused is gone; what met with another fault stays, to be handed over again. */
function handOvers(datastore: FileStore, folder: string): HandOver {
  const running = new Map<string, Promise<Record<string, string>>>()
  const remove = (id: string) => datastore.remove(id).then(undefined, () => undefined)
  const take = async (upload: Upload, taker: Taker) => {
    try {
      const known = await taker.recall(upload.id)
      const headers = known?.headers ?? (await taker.receive(arrivedFrom(upload, folder)))
      await remove(upload.id)
      return headers
    } catch (error) {
      if (error instanceof Refusal) await remove(upload.id)
      throw error
    } finally {
      running.delete(upload.id)
    }
  }
  return (upload, taker) => {
    const begun = running.get(upload.id) ?? take(upload, taker)
    running.set(upload.id, begun)
    return begun
  }
}

/** A client whose last answer was lost asks again: the file is whole and taken over, or it is whole and its server died before it was. */
async function lookAgain(datastore: FileStore, id: string, handOver: HandOver, taker: Taker): Promise<Taken | 'broken' | undefined> {
  const upload = await datastore.getUpload(id).then((found) => found, () => undefined)
  if (upload === undefined) return taker.recall(id)
  if (upload.size === undefined || upload.offset < upload.size) return undefined
  try {
    return { sizeBytes: upload.size, headers: await handOver(upload, taker) }
  } catch (error) {
    // Refused, the upload is gone, and the client is told so; any other fault may pass.
    return error instanceof Refusal ? undefined : 'broken'
  }
}

function answerWhole(response: ServerResponse, { sizeBytes, headers }: Taken): void {
  response.writeHead(200, { ...headers, 'tus-resumable': '1.0.0', 'cache-control': 'no-store', 'upload-offset': String(sizeBytes), 'upload-length': String(sizeBytes) }).end()
}

function arrivedFrom(upload: Upload, folder: string): Arrived {
  return { upload: upload.id, path: join(folder, upload.id), name: (upload.metadata?.['filename'] ?? '').trim().slice(0, 120) || upload.id, sizeBytes: upload.size ?? 0 }
}

/** Refusals keep their shape; what the protocol itself refuses stays as the library says it, but for size. */
function onTheWire(error: Error | { status_code: number; body: string }): { status_code: number; body: string } | undefined {
  const refusal = error instanceof Refusal ? error : 'status_code' in error && error.status_code === 413 ? new Refusal('upload.too_large', {}) : undefined
  return refusal && { status_code: statusOf(refusal.code), body: JSON.stringify({ error: { code: refusal.code, details: refusal.details } }) }
}
