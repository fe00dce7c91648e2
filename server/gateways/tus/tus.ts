// Taking large files in by the resumable protocol tus (tus.io, version 1.0.0); a file that has arrived whole is handed on as a path.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server, type Upload } from '@tus/server'
import { Refusal, statusOf } from '#kernel/refuse.ts'

export type Arrived = { path: string; name: string; sizeBytes: number }
/** Takes a whole file over; replies the headers of the last answer. The file is gone afterwards, whatever the outcome. */
export type Receive = (file: Arrived) => Promise<Record<string, string>>

export type Intake = {
  handle(request: IncomingMessage, response: ServerResponse, receive: Receive): Promise<void>
  /** Removes what was begun more than a day ago and never ended; replies how many. */
  sweep(): Promise<number>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    intake: Intake
  }
}

const DAY_MS = 86_400_000

export function openIntake(path: string, folder: string, mostBytes: number): Intake {
  const receiving = new AsyncLocalStorage<Receive>()
  const datastore = new FileStore({ directory: folder, expirationPeriodInMilliseconds: DAY_MS })
  const server = new Server({
    path,
    datastore,
    maxSize: mostBytes,
    relativeLocation: true,
    async onUploadFinish(_request, upload) {
      const receive = receiving.getStore()
      if (!receive) throw new Error('a file arrived without anybody to take it')
      try {
        return { headers: await receive(arrivedFrom(upload, folder)) }
      } finally {
        await datastore.remove(upload.id)
      }
    },
    onResponseError: (_request, error) => onTheWire(error),
  })
  return {
    handle: (request, response, receive) => receiving.run(receive, () => server.handle(request, response)),
    sweep: () => server.cleanUpExpiredUploads(),
  }
}

function arrivedFrom(upload: Upload, folder: string): Arrived {
  return { path: join(folder, upload.id), name: (upload.metadata?.['filename'] ?? '').trim().slice(0, 120) || upload.id, sizeBytes: upload.size ?? 0 }
}

/** Refusals keep their shape; what the protocol itself refuses stays as the library says it, but for size. */
function onTheWire(error: Error | { status_code: number; body: string }): { status_code: number; body: string } | undefined {
  const refusal = error instanceof Refusal ? error : 'status_code' in error && error.status_code === 413 ? new Refusal('upload.too_large', {}) : undefined
  return refusal && { status_code: statusOf(refusal.code), body: JSON.stringify({ error: { code: refusal.code, details: refusal.details } }) }
}
