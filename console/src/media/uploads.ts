// Sending a file in pieces that survive interruption (tus), and following its asset until it is ready or has failed.
import { Upload } from 'tus-js-client'
import { onBeforeUnmount, reactive } from 'vue'
import type { Asset } from '#contracts/media.ts'
import { isId, type Id } from '#contracts/words/id.ts'
import { call } from '../call.ts'
import { refusalSentences } from '../phrases/refusals.ts'
import { words } from '../phrases/content.ts'

export type UploadStage = 'idle' | 'sending' | 'paused' | 'broken' | 'processing' | 'ready' | 'failed'

const PIECE_BYTES = 8 * 1024 * 1024
const ASK_EVERY_MS = 1500

export function useUpload(arrived: (asset: Id<'ast'>) => unknown) {
  const state = reactive<{ stage: UploadStage; percent: number; name: string; problem: string }>({ stage: 'idle', percent: 0, name: '', problem: '' })
  let upload: Upload | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isGone = false

  async function begin(file: File): Promise<void> {
    Object.assign(state, { stage: 'sending', percent: 0, name: file.name, problem: '' })
    const begunAt = Date.now()
    let told: string | undefined
    upload = new Upload(file, {
      endpoint: '/api/console/uploads',
      chunkSize: PIECE_BYTES,
      retryDelays: [0, 1000, 3000, 8000],
      removeFingerprintOnSuccess: true,
      headers: { 'x-requested-with': 'shuyuan' },
      metadata: { filename: file.name, filetype: file.type },
      onProgress: (sent, whole) => (state.percent = whole === 0 ? 0 : Math.floor((sent / whole) * 100)),
      onAfterResponse: (_request, response) => {
        told = response.getHeader('x-asset-id') ?? told
      },
      onError: (error) => Object.assign(state, { stage: 'broken', problem: sentenceIn(error.message) }),
      onSuccess: () => void arrive(told, file.name, begunAt),
    })
    const [earlier] = await upload.findPreviousUploads()
    if (earlier) upload.resumeFromPreviousUpload(earlier)
    upload.start()
  }

  async function arrive(told: string | undefined, name: string, begunAt: number): Promise<void> {
    const asset = told !== undefined && isId('ast', told) ? told : await newestNamed(name, begunAt)
    if (asset === undefined) return void Object.assign(state, { stage: 'broken', problem: words.uploadFailed })
    Object.assign(state, { stage: 'processing', percent: 0 })
    await follow(asset, true)
  }

  /** Asks how far an asset has come until it has ended; `isNew` says it is to be handed on when ready. */
  async function follow(asset: Id<'ast'>, isNew = false): Promise<void> {
    clearTimeout(timer)
    const one: Asset | undefined = await call('GET /console/assets/:asset', { params: { asset } }).catch(() => undefined)
    if (isGone) return
    if (one) Object.assign(state, { name: one.name, percent: one.percent, stage: one.state, problem: one.problem === null ? '' : (words.broken[one.problem] ?? one.problem) })
    if (one === undefined || one.state === 'processing') timer = setTimeout(() => void follow(asset, isNew), ASK_EVERY_MS)
    else if (one.state === 'ready' && isNew) arrived(asset)
  }

  async function pause(): Promise<void> {
    await upload?.abort()
    state.stage = 'paused'
  }

  function resume(): void {
    Object.assign(state, { stage: 'sending', problem: '' })
    upload?.start()
  }

  async function cancel(): Promise<void> {
    await upload?.abort(true).catch(() => undefined)
    state.stage = 'idle'
  }

  onBeforeUnmount(() => {
    isGone = true
    clearTimeout(timer)
    if (state.stage === 'sending') void upload?.abort()
  })
  return { state, begin, pause, resume, cancel, follow }
}

async function newestNamed(name: string, begunAt: number): Promise<Id<'ast'> | undefined> {
  const { items } = await call('GET /console/assets', { query: { limit: 20 } })
  return items.find((asset) => asset.name === name && new Date(asset.createdAt).getTime() >= begunAt - 60_000)?.id
}

function sentenceIn(message: string): string {
  const code = (['upload.type_refused', 'upload.virus_found', 'upload.too_large', 'staff.not_permitted', 'staff.sign_in_needed'] as const).find((one) => message.includes(one))
  return code === undefined ? words.uploadFailed : refusalSentences[code]
}
