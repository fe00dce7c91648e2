// How files are told apart in lists: their state and their size.
import type { Asset } from '#contracts/media.ts'
import { words } from '../phrases/content.ts'

export const tones = { processing: 'wait', ready: 'good', failed: 'bad' } as const

export function showState(asset: Asset): string {
  return asset.state === 'processing' ? words.processing(asset.percent) : asset.state === 'ready' ? words.ready : words.failed
}

export function showSize(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`
}
