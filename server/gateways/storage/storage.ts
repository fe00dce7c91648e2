// Opens the place where files live: a folder of this machine, or a bucket.
import { openFolder } from './folder.ts'
import { keepHot, type HotFiles } from './hot.ts'
import { openBucket, type Bucket } from './s3.ts'

export type StorageSettings = { kind: 'folder' | 's3'; folder: string; scratch: string; bucket: Bucket; hotBytes: number }

export function openStorage(settings: StorageSettings): HotFiles {
  return keepHot(settings.kind === 's3' ? openBucket(settings.bucket, settings.scratch) : openFolder(settings.folder), settings.hotBytes)
}
