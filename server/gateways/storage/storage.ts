// Opens the place where files live: a folder of this machine, or a bucket.
import { openFolder } from './folder.ts'
import { keepHot, type HotFiles } from './hot.ts'
import type { Bucket } from './s3.ts'

export type StorageSettings = { kind: 'folder' | 's3'; folder: string; scratch: string; bucket: Bucket; hotBytes: number }

/** The client of S3 is read only where there is a bucket: it would be a tenth of every other start. */
export async function openStorage(settings: StorageSettings): Promise<HotFiles> {
  const files = settings.kind === 's3' ? (await import('./s3.ts')).openBucket(settings.bucket, settings.scratch) : openFolder(settings.folder)
  return keepHot(files, settings.hotBytes)
}
