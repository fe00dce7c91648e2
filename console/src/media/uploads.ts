// Sending files in pieces that survive interruption (tus) and putting each where it belongs; a page that is left does not end it.
import { Upload } from 'tus-js-client'
import { onBeforeUnmount, reactive, shallowReactive, watch } from 'vue'
import type { Asset } from '#contracts/media.ts'
import { isId, type Id } from '#contracts/words/id.ts'
import { call } from '../call.ts'
import { refusalSentences } from '../phrases/refusals.ts'
import { words } from '../phrases/content.ts'

export type UploadStage = 'idle' | 'sending' | 'paused' | 'broken' | 'processing' | 'ready' | 'failed'
export type Shown = { stage: UploadStage; percent: number; name: string; problem: string }
/** `place` finds a sending again; `isEarly`: it may be put there before it is ready; `land` puts it there, false when that was refused. */
export type Landing = { place: string; isEarly: boolean; land: (asset: Id<'ast'>) => unknown }
type Sending = Landing & { shown: Shown; upload: Upload | undefined; asset: Id<'ast'> | undefined }

const PIECE_BYTES = 8 * 1024 * 1024
const ASK_EVERY_MS = 1500
const idle: Shown = { stage: 'idle', percent: 0, name: '', problem: '' }
const hopeless = ['upload.type_refused', 'upload.virus_found', 'upload.too_large'] as const

/** What is on its way, whichever page shows. */
const sendings = shallowReactive(new Map<string, Sending>())

window.addEventListener('beforeunload', (event) => {
  if ([...sendings.values()].some((one) => one.shown.stage !== 'failed')) event.preventDefault()
})

export function sendingTo(place: string): Shown | undefined {
  return sendings.get(place)?.shown
}

export async function beginSending(file: File, landing: Landing): Promise<void> {
  dropSending(landing.place)
  const sending: Sending = { ...landing, shown: reactive({ ...idle, stage: 'sending', name: file.name }), upload: undefined, asset: undefined }
  const upload = uploadOf(file, sending)
  sending.upload = upload
  sendings.set(landing.place, sending)
  const [earlier] = await upload.findPreviousUploads()
  if (earlier) upload.resumeFromPreviousUpload(earlier)
  if (isCurrent(sending)) upload.start()
}

function uploadOf(file: File, sending: Sending): Upload {
  const begunAt = Date.now()
  let told: string | undefined
  return new Upload(file, {
    endpoint: '/api/console/uploads',
    chunkSize: PIECE_BYTES,
    retryDelays: [0, 1000, 3000, 8000],
    removeFingerprintOnSuccess: true,
    headers: { 'x-requested-with': 'shuyuan' },
    metadata: { filename: file.name, filetype: file.type },
    onProgress: (sent, whole) => (sending.shown.percent = whole === 0 ? 0 : Math.floor((sent / whole) * 100)),
    onAfterResponse: (_request, response) => {
      told = response.getHeader('x-asset-id') ?? told
    },
    onError: (error) => Object.assign(sending.shown, { stage: hopeless.some((code) => error.message.includes(code)) ? 'failed' : 'broken', problem: sentenceIn(error.message) }),
    onSuccess: () => void arrive(sending, told, begunAt),
  })
}

async function arrive(sending: Sending, told: string | undefined, begunAt: number): Promise<void> {
  sending.asset = told !== undefined && isId('ast', told) ? told : await newestNamed(sending.shown.name, begunAt)
  if (!isCurrent(sending)) return
  if (sending.asset === undefined) return void Object.assign(sending.shown, { stage: 'broken', problem: words.uploadFailed })
  Object.assign(sending.shown, { stage: 'processing', percent: 0 })
  if (sending.isEarly) await land(sending, sending.asset)
  else await follow(sending, sending.asset)
}

async function follow(sending: Sending, asset: Id<'ast'>): Promise<void> {
  const shown = await lookAt(asset)
  if (!isCurrent(sending)) return
  if (shown?.stage === 'ready') return land(sending, asset)
  if (shown) Object.assign(sending.shown, shown)
  if (shown?.stage !== 'failed') setTimeout(() => void follow(sending, asset), ASK_EVERY_MS)
}

async function land(sending: Sending, asset: Id<'ast'>): Promise<void> {
  if ((await sending.land(asset)) === false) Object.assign(sending.shown, { stage: 'broken', problem: words.notPutIn })
  else if (isCurrent(sending)) sendings.delete(sending.place)
}

function isCurrent(sending: Sending): boolean {
  return sendings.get(sending.place) === sending
}

export async function pauseSending(place: string): Promise<void> {
  const sending = sendings.get(place)
  await sending?.upload?.abort()
  if (sending) sending.shown.stage = 'paused'
}

/** Goes on with the sending, or with putting what has arrived into its place. */
export async function resumeSending(place: string): Promise<void> {
  const sending = sendings.get(place)
  if (!sending) return
  Object.assign(sending.shown, { stage: sending.asset ? 'processing' : 'sending', problem: '' })
  if (sending.asset) await land(sending, sending.asset)
  else sending.upload?.start()
}

/** Forgets a sending, and what of it the server holds. */
export function cancelSending(place: string): void {
  const sending = sendings.get(place)
  sendings.delete(place)
  if (sending && !sending.asset) void sending.upload?.abort(true).catch(() => undefined)
}

/** Ends a sending whose place is gone; what was sent is kept for the same file. */
export function dropSending(place: string): void {
  const sending = sendings.get(place)
  sendings.delete(place)
  if (sending && !sending.asset) void sending.upload?.abort()
}

/** The file that is in a place now, asked about until it has ended. */
export function useFile(current: () => Id<'ast'> | null) {
  const shown = reactive<Shown>({ ...idle })
  let timer: ReturnType<typeof setTimeout> | undefined
  async function look(asset: Id<'ast'>): Promise<void> {
    const found = await lookAt(asset)
    if (current() !== asset) return
    if (found) Object.assign(shown, found)
    if (found === undefined || found.stage === 'processing') timer = setTimeout(() => void look(asset), ASK_EVERY_MS)
  }
  watch(current, (asset) => {
    clearTimeout(timer)
    if (asset) void look(asset)
    else Object.assign(shown, idle)
  }, { immediate: true })
  onBeforeUnmount(() => clearTimeout(timer))
  return shown
}

async function lookAt(asset: Id<'ast'>): Promise<Shown | undefined> {
  const one: Asset | undefined = await call('GET /console/assets/:asset', { params: { asset } }).catch(() => undefined)
  return one && { name: one.name, percent: one.percent, stage: one.state, problem: one.problem === null ? '' : (words.broken[one.problem] ?? one.problem) }
}

async function newestNamed(name: string, begunAt: number): Promise<Id<'ast'> | undefined> {
  const { items } = await call('GET /console/assets', { query: { limit: 20 } })
  return items.find((asset) => asset.name === name && new Date(asset.createdAt).getTime() >= begunAt - 60_000)?.id
}

function sentenceIn(message: string): string {
  const code = [...hopeless, 'staff.not_permitted' as const, 'staff.sign_in_needed' as const].find((one) => message.includes(one))
  return code === undefined ? words.uploadFailed : refusalSentences[code]
}
