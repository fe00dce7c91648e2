// Opening lessons and feeding plays their keys.
import { randomBytes } from 'node:crypto'
import type { LessonPage, Play } from '#contracts/plays.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Actor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { hashToken } from '#kernel/seal.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { lessonAccess, trialLength } from '#modules/content/access/actions.ts'
import { courseOf, coversOf, type KeptCourse } from '#modules/content/catalog/actions.ts'
import { cleanHtml, lessonOf, lessonsOf, subtitlesOf, type KeptLesson } from '#modules/content/outline/actions.ts'
import { addressesOf, assetsOf, keyOf, subtitleUrl, ticketOf } from '#modules/content/media/actions.ts'
import { positionOf } from '#modules/learning/progress/actions.ts'
import { isSessionAlive, memberSummaries } from '#modules/people/members/actions.ts'
import { isPayable, saleFor } from '#modules/trade/channels/actions.ts'
import { offersOf } from '#modules/trade/offers/actions.ts'
import { cutArticle, mayHaveKey, resumeAt, watermarkText } from './rules.ts'
import { findPlay, insertKeyGrant, insertPlay, listPlaying, lockDevices, type Play as KeptPlay } from './store.ts'

const PLAY_HOURS = 6
/** A player asks for the next keys more often than this; one that does not has stopped. */
const PLAYING_MS = 10 * 60_000

function memberOf(actor: Actor): Id<'mem'> | undefined {
  return actor.kind === 'member' ? actor.member : undefined
}

async function openLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<{ lesson: KeptLesson; course: KeptCourse; access: Awaited<ReturnType<typeof lessonAccess>> }> {
  const lesson = (await lessonOf(ctx, id)) ?? refuse('thing.not_found', { what: 'lesson' })
  const course = (await courseOf(ctx, lesson.course)) ?? refuse('thing.not_found', { what: 'course' })
  const access = await lessonAccess(ctx, memberOf(ctx.actor), { ...lesson, published: course.state === 'published' })
  if (access.reason === 'not_published') refuse('thing.not_found', { what: 'lesson' })
  return { lesson, course, access }
}

export async function showLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<LessonPage> {
  const { lesson, course, access } = await openLesson(ctx, id)
  const all = await lessonsOf(ctx, [course.id])
  const at = all.findIndex((one) => one.id === id)
  const offer = (await offersOf(ctx, [course.id])).get(course.id)
  const asset = lesson.asset ? (await assetsOf(ctx, [lesson.asset])).get(lesson.asset) : undefined
  const member = memberOf(ctx.actor)
  return {
    id,
    title: lesson.title,
    kind: lesson.kind,
    number: at + 1,
    summary: lesson.summary,
    durationSeconds: asset?.durationSeconds ?? null,
    course: { id: course.id, slug: course.slug, title: course.title, cover: (await coversOf(ctx, [course.id])).get(course.id) ?? null, lecturerName: course.lecturerName || null },
    access,
    offer: offer?.onSale && isPayable(ctx, ['course'], offer.price) ? { id: offer.id, price: offer.price } : null,
    sale: saleFor(ctx, ['course'], offer?.price),
    articleHtml: articleFor(lesson, access),
    previous: neighbour(all[at - 1]),
    next: neighbour(all[at + 1]),
    positionSeconds: member ? await positionOf(ctx, member, id) : 0,
  }
}

function articleFor(lesson: KeptLesson, access: LessonPage['access']): string | null {
  if (lesson.articleHtml === '' || access.mode === 'closed') return null
  return cleanHtml(access.mode === 'full' ? lesson.articleHtml : cutArticle(lesson.articleHtml, access.trialBasisPoints ?? 2000))
}

function neighbour(lesson: KeptLesson | undefined): LessonPage['next'] {
  return lesson ? { lesson: lesson.id, title: lesson.title } : null
}

/** Opens a play: kept first, so that every key handed out later has an owner. `holder` is the secret of the browser it is for; null where a player cannot show one. */
export async function beginPlay(ctx: TxCtx, id: Id<'lsn'>, holder: string | null): Promise<Play> {
  const { lesson, access } = await openLesson(ctx, id)
  if (lesson.kind === 'article' || !lesson.asset) refuse('lesson.not_playable')
  if (access.mode === 'closed') refuse('lesson.no_access', { reason: access.reason })
  const asset = (await assetsOf(ctx, [lesson.asset])).get(lesson.asset)
  if (asset?.state !== 'ready') refuse('lesson.not_ready', { state: asset?.state ?? 'missing' })
  const durationSeconds = asset.durationSeconds ?? 0
  const limitSeconds = access.mode === 'trial' ? (trialLength({ seconds: access.trialSeconds, basisPoints: access.trialBasisPoints }, durationSeconds) ?? durationSeconds) : null
  const actor = ctx.actor.kind === 'member' ? ctx.actor : undefined
  const expiresAt = new Date(ctx.now().getTime() + PLAY_HOURS * 3_600_000)
  const play = { id: randomBytes(16).toString('base64url'), lesson: id, asset: lesson.asset, member: actor?.member ?? null, session: actor?.session ?? null, device: ctx.client.device, address: ctx.address, limitSeconds, holderHash: holder && hashToken(holder), openedAt: ctx.now(), expiresAt }
  await keepPlay(ctx, play)
  const addresses = await addressesOf(ctx, { play: play.id, asset: lesson.asset, limit: limitSeconds, until: Math.floor(expiresAt.getTime() / 1000) })
  const subtitles = await subtitlesOf(ctx, id)
  return {
    ...addresses,
    limitSeconds,
    durationSeconds,
    subtitles: subtitles.map(({ language, asset: file }) => ({ language, label: language, url: subtitleUrl(file) })),
    watermark: actor ? { text: watermarkText((await memberSummaries(ctx, [actor.member])).get(actor.member)?.nickname ?? '', actor.member) } : null,
    positionSeconds: actor ? resumeAt(await positionOf(ctx, actor.member, id), limitSeconds ?? durationSeconds) : 0,
    expiresAt: instant(expiresAt),
  }
}

/** A member's plays are kept one after the other, so that two new devices cannot both be the last one allowed. */
async function keepPlay(ctx: TxCtx, play: KeptPlay): Promise<void> {
  const { member } = play
  if (member === null) return insertPlay(ctx.db, play)
  const { deviceLimit } = await readSettings(ctx)
  await inTransaction(ctx, async (ctx) => {
    await lockDevices(ctx.db, member)
    const devices = await listPlaying(ctx.db, member, new Date(ctx.now().getTime() - PLAYING_MS))
    if (!devices.includes(play.device) && devices.length >= deviceLimit) refuse('play.device_limit', { limit: deviceLimit })
    await insertPlay(ctx.db, play)
  })
}

/** A key, after looking again whether this play may still have one; every grant is written down. */
export async function grantKey(ctx: TxCtx, token: string, group: number, holder: string | undefined): Promise<Buffer> {
  const asset = assetInside(token)
  const ticket = ticketOf(ctx, asset, token)
  const play = (await findPlay(ctx.db, ticket.play)) ?? refuse('play.token_refused')
  if (play.holderHash !== null && play.holderHash !== hashToken(holder ?? '')) refuse('play.token_refused')
  const lesson = (await lessonOf(ctx, play.lesson)) ?? refuse('play.token_refused')
  const course = await courseOf(ctx, lesson.course)
  const access = await lessonAccess(ctx, play.member ?? undefined, { ...lesson, published: course?.state === 'published' })
  const isSession = play.session !== null && (await isSessionAlive(ctx, play.session))
  const isWider = ticket.limit === null && access.mode === 'trial'
  if (isWider || !mayHaveKey({ expiresAt: play.expiresAt, hasMember: play.member !== null, isSessionAlive: isSession, mode: access.mode }, ctx.now())) refuse('play.token_refused')
  const key = await keyOf(ctx, ticket, group)
  await insertKeyGrant(ctx.db, play.id, group, ctx.now(), ctx.address)
  return key
}

/** The asset a token names; whether the token is true is decided by its signature afterwards. */
function assetInside(token: string): string {
  const parts = /^([\w-]{8,400})\./.exec(token)
  const text = Buffer.from(parts?.[1] ?? '', 'base64url').toString('utf8')
  return /"(ast_[0-9a-z]{25})"/.exec(text)?.[1] ?? refuse('play.token_refused')
}
