// Taking files in, making renditions of them, and feeding plays.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTypeFromFile } from 'file-type'
import { encryptSegment, groupKey } from '#gateways/ffmpeg/encrypt.ts'
import type { Broken, Probe, Wish } from '#gateways/ffmpeg/ffmpeg.ts'
import type { Arrived } from '#gateways/tus/intake.ts'
import type { Asset } from '#contracts/media.ts'
import type { Picture } from '#contracts/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { openSigned, seal, signText, unseal } from '#kernel/seal.ts'
import { goneBefore, inTurn } from '#kernel/turns.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { areShort, fitsAsIs, groupOf, kindOf, lastSegment, masterPlaylist, playable, readTicket, renditionPlaylist, rungsFor, sheetOf, thumbnailsVtt, toWebVtt, writeTicket, type Rung, type Ticket } from './rules.ts'
import { claimAsset, claimUpload, findUpload, insertAsset, insertRendition, listByIds, listNewest, listRenditions, listUnmade, listWithoutStills, updateEnded, updateMakerSeen, updatePercent, updateReleased, updateStills, type Claimed, type Kept, type Measures, type Rendition } from './store.ts'

const MASTER = 'media.master'
const TICKET = 'media.ticket'
const PICTURE_WIDTH = 1280
const DAY_MS = 86_400_000
const unmeasured: Measures = { durationSeconds: null, width: null, height: null, tint: null, thumbnailSeconds: null }

export type AssetSummary = { id: Id<'ast'>; kind: Asset['kind']; state: Asset['state']; durationSeconds: number | null }

export async function assetsOf(ctx: TxCtx, ids: Id<'ast'>[]): Promise<Map<Id<'ast'>, AssetSummary>> {
  return new Map((await listByIds(ctx.db, ids)).map((asset) => [asset.id, asset]))
}

/** A file that another thing wants to point at must be there, of that kind, and theirs to use; no file is an article. */
export async function refuseUnlike(ctx: TxCtx, id: Id<'ast'>, kind: Asset['kind'] | 'article'): Promise<void> {
  const [asset] = await listByIds(ctx.db, [id])
  if (!asset) refuse('thing.not_found', { what: 'asset' })
  const sender = onlySender(ctx)
  if (sender !== null && asset.staff !== sender) refuse('staff.not_permitted', { permission: 'course.every' })
  if (asset.kind !== kind) refuse('asset.state_forbids', { kind: asset.kind })
}

/** Whose files are all that somebody may use: their own; null for whoever may work on every course. */
function onlySender({ actor }: TxCtx): Id<'stf'> | null {
  return actor.kind === 'operator' && !actor.may('course.every') ? actor.staff : null
}

export async function picturesOf(ctx: TxCtx, ids: Id<'ast'>[]): Promise<Map<Id<'ast'>, Picture>> {
  return new Map((await listByIds(ctx.db, ids)).flatMap((asset) => { const picture = pictureOf(asset); return picture ? [[asset.id, picture] as const] : [] }))
}

function pictureOf(asset: Kept): Picture | null {
  if (asset.state !== 'ready' || asset.tint === null) return null
  return { url: `/api/media/pictures/${asset.id}.webp`, width: asset.width ?? 0, height: asset.height ?? 0, tint: asset.tint }
}

/** Takes over a file that an operator has sent: its kind is read from its content, and a scanner may refuse it. */
export async function takeUpload(ctx: Ctx, file: Arrived): Promise<Id<'ast'>> {
  const kind = kindOf((await fileTypeFromFile(file.path))?.mime, file.name) ?? refuse('upload.type_refused', { name: file.name })
  if (!(await ctx.gateways.scanner.isClean(file.path))) refuse('upload.virus_found', { name: file.name })
  const claimed = await inTransaction(ctx, async (ctx) => {
    const fresh = newId('ast')
    const claimed = await claimUpload(ctx.db, file.upload, fresh, ctx.now())
    if (claimed === fresh) await audit(ctx, { action: 'asset.uploaded', subject: fresh, before: null, after: { name: file.name, kind, sizeBytes: file.sizeBytes } })
    return claimed
  })
  return importFile(ctx, file.path, kind, file.name, claimed)
}

/** What an upload became, for a client that did not hear it. */
export async function recallUpload(ctx: TxCtx, upload: string): Promise<{ asset: Id<'ast'>; sizeBytes: number } | undefined> {
  const claimed = await findUpload(ctx.db, upload)
  const [asset] = claimed ? await listByIds(ctx.db, [claimed]) : []
  return asset && { asset: asset.id, sizeBytes: asset.sizeBytes }
}

/** Takes a file of this machine in. What is small is made at once; films and sounds wait for a worker. Doing it again with the same id makes nothing new. */
export async function importFile(ctx: Ctx, path: string, kind: Asset['kind'], name: string, id = newId('ast')): Promise<Id<'ast'>> {
  const { size } = await stat(path)
  await ctx.gateways.storage.put(`assets/${id}/source`, createReadStream(path))
  await inTransaction(ctx, async (ctx) => {
    const isNew = await insertAsset(ctx.db, { id, kind, name, state: 'processing', percent: 0, problem: null, sizeBytes: size, ...unmeasured, masterKeySealed: seal(ctx.knobs.secret, MASTER, randomBytes(32).toString('base64')), staff: ctx.actor.kind === 'operator' ? ctx.actor.staff : null, createdAt: ctx.now() })
    // For small files this is the second chance, should the process die before the next line has ended.
    if (isNew) await ctx.later('media.process', { asset: id }, { key: id })
  })
  if (kind === 'image' || kind === 'subtitle') await processAsset(ctx, id)
  return id
}

/** Makes what an asset needs, all of it or nothing, in one process at a time; a second run of a finished one does nothing. */
export async function processAsset(ctx: Ctx, id: Id<'ast'>): Promise<void> {
  const turn = {
    claim: (by: string, since: Date) => claimAsset(ctx.db, id, by, ctx.now(), since),
    isDone: async () => (await listByIds(ctx.db, [id]))[0]?.state !== 'processing',
    sayAgain: (asset: Claimed) => updateMakerSeen(ctx.db, asset, ctx.now()),
    release: (asset: Claimed) => updateReleased(ctx.db, asset),
  }
  const make = { image: processImage, subtitle: processSubtitle, audio: processSound, video: processSound }
  await inTurn(ctx, turn, (asset, lost) => make[asset.kind]({ ...ctx, gateways: { ...ctx.gateways, ffmpeg: ctx.gateways.ffmpeg.until(lost) } }, asset))
}

async function processImage(ctx: Ctx, asset: Claimed): Promise<void> {
  const picture = await ctx.gateways.pictures.shrink(await ctx.gateways.storage.read(`assets/${asset.id}/source`), PICTURE_WIDTH)
  if ('broken' in picture) return fail(ctx, asset, picture.broken)
  await ctx.gateways.storage.put(`assets/${asset.id}/picture.webp`, picture.bytes)
  await finish(ctx, asset, [], { ...unmeasured, width: picture.width, height: picture.height, tint: picture.tint })
}

async function processSubtitle(ctx: Ctx, asset: Claimed): Promise<void> {
  const text = toWebVtt((await ctx.gateways.storage.read(`assets/${asset.id}/source`)).toString('utf8'))
  if (!text) return fail(ctx, asset, 'not_a_subtitle')
  await ctx.gateways.storage.put(`assets/${asset.id}/subtitle.vtt`, Buffer.from(text, 'utf8'))
  await finish(ctx, asset, [], unmeasured)
}

async function processSound(ctx: Ctx, asset: Claimed): Promise<void> {
  await ctx.gateways.storage.withLocalCopy(`assets/${asset.id}/source`, (source) => processSource(ctx, asset, source))
}

async function processSource(ctx: Ctx, asset: Claimed, source: string): Promise<void> {
  const probe = await ctx.gateways.ffmpeg.probe(source)
  if ('broken' in probe) return fail(ctx, asset, probe.broken)
  const rungs = rungsFor({ ...probe, hasVideo: probe.hasVideo && asset.kind === 'video' })
  const made: Rendition[] = []
  for (const [at, rung] of rungs.entries()) {
    const rendition = await makeRendition(ctx, asset, source, rung, probe, (share) => Math.floor(((at + share) / rungs.length) * 99))
    if ('broken' in rendition) return fail(ctx, asset, rendition.broken)
    made.push(rendition)
  }
  const stills = made.some((one) => one.height > 0) ? await makeStills(ctx, asset, source, probe.durationSeconds) : unmeasured
  if ('broken' in stills) return fail(ctx, asset, stills.broken)
  await finish(ctx, asset, made, { ...stills, durationSeconds: probe.durationSeconds })
}

/** The poster of a film and the sheet of small pictures for its seek bar. */
async function makeStills(ctx: Ctx, asset: Kept, source: string, durationSeconds: number): Promise<Measures | Broken> {
  return inScratch(ctx, async (folder) => {
    const [poster, sheet] = [join(folder, 'poster.jpg'), join(folder, 'sheet.jpg')]
    const wish = sheetOf(durationSeconds)
    const { ffmpeg, pictures, storage } = ctx.gateways
    const broken = (await ffmpeg.poster(source, Math.min(10, durationSeconds / 10), poster)) ?? (await ffmpeg.sheet(source, wish, sheet))
    const picture = broken ?? (await pictures.shrink(await readFile(poster), PICTURE_WIDTH))
    if (!('broken' in picture)) {
      await storage.put(`assets/${asset.id}/picture.webp`, picture.bytes)
      await storage.put(`assets/${asset.id}/thumbnails.jpg`, createReadStream(sheet))
    }
    return 'broken' in picture ? picture : { ...unmeasured, width: picture.width, height: picture.height, tint: picture.tint, thumbnailSeconds: wish.everySeconds }
  })
}

/** Asks for what films of earlier versions lack; a worker makes it, one film a job. */
export async function askForStills(ctx: TxCtx): Promise<void> {
  for (const asset of await listWithoutStills(ctx.db)) await ctx.later('media.add_stills', { asset }, { key: asset })
}

/** Once: where none can be made, that is remembered. */
export async function addStills(ctx: Ctx, id: Id<'ast'>): Promise<void> {
  const [asset] = await listByIds(ctx.db, [id])
  if (asset?.state !== 'ready' || asset.kind !== 'video' || asset.thumbnailSeconds !== null) return
  const source = `assets/${id}/source`
  const isThere = (await ctx.gateways.storage.sizeOf(source)) !== undefined
  const made = isThere ? await ctx.gateways.storage.withLocalCopy(source, (file) => makeStills(ctx, asset, file, asset.durationSeconds ?? 0)) : unmeasured
  await updateStills(ctx.db, id, 'broken' in made ? unmeasured : made)
}

async function makeRendition(ctx: Ctx, asset: Kept, source: string, rung: Rung, probe: Probe, percentOf: (share: number) => number): Promise<Rendition | Broken> {
  let shown = -1
  const tell = (share: number) => {
    const percent = percentOf(share)
    if (percent > shown) void updatePercent(ctx.db, asset.id, (shown = percent)).then(undefined, (error: Error) => ctx.log.warn({ error: error.message }, 'progress was not kept'))
  }
  return inScratch(ctx, async (folder) => {
    const cut = (wish: Wish) => ctx.gateways.ffmpeg.segment(source, join(folder, String(wish === 'as_is')), wish, probe, tell)
    const asIs = fitsAsIs(rung, { ...probe, sizeBytes: asset.sizeBytes }) ? await cut('as_is') : undefined
    const segments = asIs && !('broken' in asIs) && areShort(asIs) ? asIs : await cut(rung.height ? { height: rung.height } : 'sound')
    const master = masterOf(ctx, asset)
    if (!('broken' in segments)) for (const [at, segment] of segments.entries()) await ctx.gateways.storage.put(`assets/${asset.id}/${rung.name}/${at}.ts`, encryptSegment(master, groupOf(at), at, await readFile(segment.file)))
    return 'broken' in segments ? segments : { ...rung, seconds: segments.map((segment) => segment.seconds) }
  })
}

/** Lends a folder for what is in the clear while it is made; it is gone afterwards, after a kill within a day. */
async function inScratch<T>(ctx: Ctx, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(scratchOf(ctx), { recursive: true })
  const folder = await mkdtemp(join(scratchOf(ctx), 'making-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function scratchOf(ctx: Ctx): string {
  return join(ctx.knobs.dataDir, 'scratch')
}

/** Asks again for what nobody makes; removes uploads that never ended and what killed processes left in the clear. */
export async function sweepLeftovers(ctx: Ctx): Promise<void> {
  for (const asset of await listUnmade(ctx.db, goneBefore(ctx))) await ctx.later('media.process', { asset }, { key: asset })
  await ctx.gateways.intake.sweep()
  await mkdir(scratchOf(ctx), { recursive: true })
  for (const name of await readdir(scratchOf(ctx))) {
    const path = join(scratchOf(ctx), name)
    // It may be gone by now, being another process's own.
    const touchedAt = await stat(path).then((found) => found.mtimeMs, () => Infinity)
    if (ctx.now().getTime() - touchedAt > DAY_MS) await rm(path, { recursive: true, force: true })
  }
}

async function finish(ctx: TxCtx, asset: Claimed, renditions: Rendition[], end: Measures): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateEnded(ctx.db, asset, { state: 'ready', problem: null, ...end }))) return
    for (const rendition of renditions) await insertRendition(ctx.db, asset.id, rendition)
    await ctx.tell('asset.ready', { asset: asset.id })
  })
}

async function fail(ctx: Ctx, asset: Claimed, problem: string): Promise<void> {
  const isOver = await inTransaction(ctx, async (ctx) => {
    const isOver = await updateEnded(ctx.db, asset, { state: 'failed', problem, ...unmeasured })
    if (isOver) await ctx.tell('asset.failed', { asset: asset.id })
    return isOver
  })
  if (isOver) await ctx.gateways.storage.remove(`assets/${asset.id}`)
}

function masterOf(ctx: TxCtx, asset: Kept): Buffer {
  return Buffer.from(unseal(ctx.knobs.secret, MASTER, asset.masterKeySealed ?? ''), 'base64')
}

/** Signed addresses for one play of one asset. */
export async function addressesOf(ctx: TxCtx, ticket: Omit<Ticket, 'last'> & { asset: Id<'ast'> }) {
  const [asset] = await listByIds(ctx.db, [ticket.asset])
  const renditions = await listRenditions(ctx.db, [ticket.asset])
  const last = ticket.limit === null ? null : Math.max(-1, ...renditions.map((one) => lastSegment(one.seconds, ticket.limit)))
  const token = signText(ctx.knobs.secret, TICKET, writeTicket({ ...ticket, last }))
  const base = `/api/media/${ticket.asset}/${token}`
  const choices = playable(renditions)
  return {
    manifestUrl: `${base}/master.m3u8`,
    qualities: choices.map(({ name, height }) => ({ name, height, url: `${base}/${name}.m3u8` })),
    audioUrl: renditions.some((one) => one.name === 'audio') ? `${base}/audio.m3u8` : null,
    thumbnailsUrl: asset?.thumbnailSeconds ? `${base}/thumbnails.vtt` : null,
    posterUrl: asset ? (pictureOf(asset)?.url ?? null) : null,
  }
}

export function subtitleUrl(asset: Id<'ast'>): string {
  return `/api/media/subtitles/${asset}.vtt`
}

export function ticketOf(ctx: TxCtx, asset: string, token: string): Ticket {
  const text = openSigned(ctx.knobs.secret, TICKET, token)
  const ticket = text === undefined ? undefined : readTicket(text, ctx.now().getTime() / 1000)
  if (ticket?.asset !== asset) refuse('play.token_refused')
  return ticket
}

export async function playlistOf(ctx: TxCtx, ticket: Pick<Ticket, 'asset' | 'limit'>, name: string, token: string): Promise<string> {
  const renditions = await listRenditions(ctx.db, [ticket.asset as Id<'ast'>])
  if (name === 'master') return masterPlaylist(renditions)
  const rendition = renditions.find((one) => one.name === name) ?? refuse('thing.not_found', { what: 'rendition' })
  return renditionPlaylist(name, rendition.seconds, ticket.limit, (group) => `/api/plays/${token}/keys/${group}`)
}

export async function thumbnailsOf(ctx: TxCtx, ticket: Ticket): Promise<string> {
  const [asset] = await listByIds(ctx.db, [ticket.asset as Id<'ast'>])
  if (!asset?.thumbnailSeconds) refuse('thing.not_found', { what: 'thumbnails' })
  return thumbnailsVtt(asset.durationSeconds ?? 0, asset.thumbnailSeconds, ticket.limit, 'thumbnails.jpg')
}

/** The key of a group, when the ticket reaches that far. Whoever calls it has checked that the play still stands. */
export async function keyOf(ctx: TxCtx, ticket: Pick<Ticket, 'asset' | 'limit'>, group: number): Promise<Buffer> {
  const [asset] = await listByIds(ctx.db, [ticket.asset as Id<'ast'>])
  const renditions = await listRenditions(ctx.db, [ticket.asset as Id<'ast'>])
  const lastGroup = Math.max(...renditions.map((rendition) => groupOf(Math.max(0, lastSegment(rendition.seconds, ticket.limit)))))
  if (!asset || !Number.isInteger(group) || group < 0 || group > lastGroup) refuse('play.token_refused')
  return groupKey(masterOf(ctx, asset), group)
}

export async function listAssets(ctx: TxCtx, ask: { kind?: Asset['kind']; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const assets = await listNewest(ctx.db, { kind: ask.kind ?? null, sender: onlySender(ctx), before: idBefore('ast', ask.cursor) }, limit + 1)
  return { items: await shownAll(ctx, assets.slice(0, limit)), next: assets.length > limit ? (assets[limit - 1]?.id ?? null) : null }
}

export async function showAsset(ctx: TxCtx, id: Id<'ast'>): Promise<Asset> {
  return (await shownAll(ctx, await listByIds(ctx.db, [id])))[0] ?? refuse('thing.not_found', { what: 'asset' })
}

async function shownAll(ctx: TxCtx, assets: Kept[]): Promise<Asset[]> {
  const renditions = await listRenditions(ctx.db, assets.map((asset) => asset.id))
  return assets.map(({ masterKeySealed: _key, staff: _staff, width: _width, height: _height, tint: _tint, thumbnailSeconds: _every, createdAt, ...asset }, at) => {
    const whole = assets[at]
    return { ...asset, picture: whole ? pictureOf(whole) : null, renditions: renditions.filter((one) => one.asset === asset.id).map((one) => one.name), createdAt: instant(createdAt) }
  })
}
