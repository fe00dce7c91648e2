// Learners signing in, their profile, and what other rooms may know of them.
import { randomInt } from 'node:crypto'
import type { Member, SignedIn } from '#contracts/members.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Platform } from '#contracts/words/platforms.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type MemberActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { fingerprint, hashToken, newToken, seal, unseal } from '#kernel/seal.ts'
import { CODE_MINUTES, SESSION_DAYS, WAIT_SECONDS, defaultNickname, heldPlace, judgeCode, maskPhone, waitSeconds } from './rules.ts'
import { countSent, endSession, findByPhone, findIdentity, findSession, findSessionKey, insertCode, insertMember, insertSession, isAlive, listIdentities, listMatching, listMembers, listNewest, listWithoutTail, lockCode, lockOne, updateCode, updateNickname, updatePhone, upsertIdentity, type Kept, type Phone } from './store.ts'

export { maskPhone }

const PHONE = 'members.phone'
const TAILS_AT_ONCE = 500
const TAIL = 'members.phone_tail'
const KEY = 'members.session_key'

export async function findSignedIn(ctx: TxCtx, token: string): Promise<MemberActor | undefined> {
  const session = await findSession(ctx.db, hashToken(token), ctx.now())
  if (!session) return undefined
  const { id, member, platform, system } = session
  return { kind: 'member', member, session: id, place: heldPlace(platform, system) }
}

export async function isSessionAlive(ctx: TxCtx, session: Id<'ses'>): Promise<boolean> {
  return isAlive(ctx.db, session, ctx.now())
}

/** The code is kept before it is sent; the answer is the same for known and unknown numbers. */
export async function sendCode(ctx: Ctx, phone: string): Promise<{ waitSeconds: number }> {
  const phonePrint = fingerprint(ctx.knobs.secret, PHONE, phone)
  const now = ctx.now()
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await inTransaction(ctx, async (ctx) => {
    await lockOne(ctx.db, phonePrint)
    const sent = await countSent(ctx.db, phonePrint, ctx.address, new Date(now.getTime() - 86_400_000))
    const wait = waitSeconds(sent.lastAt, sent, now)
    if (wait > 0) refuse('sign_in.wait', { waitSeconds: wait })
    await insertCode(ctx.db, { phonePrint, codePrint: fingerprint(ctx.knobs.secret, phonePrint, code), address: ctx.address, at: now, expiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000) })
  })
  const told = await ctx.gateways.sms.send('code', phone, [code, String(CODE_MINUTES)])
  if (told.outcome === 'refused') {
    ctx.log.error({ reason: told.code, message: told.message }, 'the provider of text messages refuses to send')
    refuse('sms.not_sent')
  }
  return { waitSeconds: WAIT_SECONDS }
}

export async function signInByPhone(ctx: Ctx, phone: string, code: string): Promise<SignedIn> {
  const phonePrint = fingerprint(ctx.knobs.secret, PHONE, phone)
  const tried = await inTransaction(ctx, async (ctx) => {
    const kept = await lockCode(ctx.db, phonePrint)
    const verdict = judgeCode(kept, fingerprint(ctx.knobs.secret, phonePrint, code), ctx.now())
    if (kept && verdict !== 'expired' && verdict !== 'exhausted') await updateCode(ctx.db, kept.position, verdict === 'right', ctx.now())
    return verdict
  })
  if (tried === 'wrong') refuse('sign_in.code_wrong')
  if (tried === 'expired') refuse('sign_in.code_expired')
  if (tried === 'exhausted') refuse('sign_in.attempts_exhausted')
  return inTransaction(ctx, async (ctx) => {
    await lockOne(ctx.db, phonePrint)
    const known = await findByPhone(ctx.db, phonePrint)
    const member = known?.id ?? (await join(ctx, { phone, phonePrint }))
    return openSession(ctx, member, known === undefined)
  })
}

/** A known openid, else a known unionid, else somebody new. */
export async function signInByWechat(ctx: Ctx, code: string): Promise<SignedIn> {
  const told = await ctx.gateways.wechat.exchangeLogin(code)
  if (told.outcome !== 'done') refuse('sign_in.platform_refused', { code: told.outcome === 'refused' ? told.code : 'unknown' })
  const { openid, unionid, sessionKey } = told.value
  return inTransaction(ctx, async (ctx) => {
    await lockOne(ctx.db, unionid ?? openid)
    const known = await findIdentity(ctx.db, 'wechat', ctx.knobs.wechatAppid, openid, unionid ?? null)
    const member = known ?? (await join(ctx, undefined))
    const owner = await upsertIdentity(ctx.db, { id: newId('idn'), member, platform: 'wechat', appid: ctx.knobs.wechatAppid, openid, unionid: unionid ?? null, sessionKeySealed: seal(ctx.knobs.secret, KEY, sessionKey), at: ctx.now() })
    return openSession(ctx, owner, known === undefined)
  })
}

/** An official account tells an openid of its own and no unionid: whoever came by another way is somebody else here. */
export async function signInByOfficial(ctx: Ctx, code: string): Promise<SignedIn> {
  const openid = await officialOpenid(ctx, code)
  const appid = ctx.knobs.officialAppid
  return inTransaction(ctx, async (ctx) => {
    await lockOne(ctx.db, openid)
    const known = await findIdentity(ctx.db, 'h5', appid, openid, null)
    const member = known ?? (await join(ctx, undefined))
    const owner = await upsertIdentity(ctx.db, { id: newId('idn'), member, platform: 'h5', appid, openid, unionid: null, sessionKeySealed: null, at: ctx.now() })
    return openSession(ctx, owner, known === undefined)
  })
}

/** Whom a code of the official account's page of authorization names there. */
export async function officialOpenid(ctx: Ctx, code: string): Promise<string> {
  const told = await ctx.gateways.official.exchangeCode(code)
  return told.outcome === 'done' ? told.value.openid : refuse('sign_in.platform_refused', { code: told.outcome === 'refused' ? told.code : 'unknown' })
}

export async function officialAddress(ctx: Ctx, { back, state }: { back: string; state: string }): Promise<{ url: string | null }> {
  const { official } = ctx.gateways
  return { url: official.isReady ? official.addressOf(`${ctx.knobs.publicUrl}${back}`, state) : null }
}

async function join(ctx: TxCtx, known: { phone: string; phonePrint: string } | undefined): Promise<Id<'mem'>> {
  const id = newId('mem')
  const isNew = await insertMember(ctx.db, { id, nickname: defaultNickname(randomInt(10_000)), phone: known ? sealedPhone(ctx, known.phone) : null, at: ctx.now() })
  if (!isNew && known) return (await findByPhone(ctx.db, known.phonePrint))?.id ?? refuse('thing.changed_meanwhile')
  await ctx.tell('member.joined', { member: id })
  return id
}

function sealedPhone(ctx: TxCtx, phone: string): Phone {
  const { secret } = ctx.knobs
  return { sealed: seal(secret, PHONE, phone), print: fingerprint(secret, PHONE, phone), tailPrint: fingerprint(secret, TAIL, phone.slice(-4)) }
}

/** Makes the numbers of earlier versions findable by their last digits; with none of them left it does nothing. */
export async function printTails(ctx: TxCtx): Promise<void> {
  for (let members = await listWithoutTail(ctx.db, TAILS_AT_ONCE); members.length > 0; members = await listWithoutTail(ctx.db, TAILS_AT_ONCE)) {
    for (const { id, phoneSealed } of members) if (phoneSealed) await updatePhone(ctx.db, id, sealedPhone(ctx, unseal(ctx.knobs.secret, PHONE, phoneSealed)))
  }
}

async function openSession(ctx: TxCtx, member: Id<'mem'>, isNew: boolean): Promise<SignedIn> {
  const token = newToken()
  const expiresAt = new Date(ctx.now().getTime() + SESSION_DAYS * 86_400_000)
  const kept = await getMember(ctx, member)
  if (kept.closedAt) refuse('sign_in.account_closed')
  await insertSession(ctx.db, { tokenHash: hashToken(token), id: newId('ses'), member, platform: ctx.client.platform, system: ctx.client.system, device: ctx.client.device, at: ctx.now(), expiresAt })
  return { token, expiresAt: instant(expiresAt), member: shown(ctx, kept), isNew }
}

export async function signOut(ctx: TxCtx, session: Id<'ses'>): Promise<Record<string, never>> {
  await endSession(ctx.db, session, ctx.now())
  return {}
}

export async function showMember(ctx: TxCtx, id: Id<'mem'>): Promise<Member> {
  return shown(ctx, await getMember(ctx, id))
}

export async function rename(ctx: TxCtx, id: Id<'mem'>, nickname: string): Promise<Member> {
  await updateNickname(ctx.db, id, nickname)
  return showMember(ctx, id)
}

export async function bindWechatPhone(ctx: Ctx, id: Id<'mem'>, code: string): Promise<Member> {
  const told = await ctx.gateways.wechat.exchangePhone(code)
  if (told.outcome !== 'done') refuse('sign_in.platform_refused')
  const phonePrint = fingerprint(ctx.knobs.secret, PHONE, told.value.phone)
  return inTransaction(ctx, async (ctx) => {
    await lockOne(ctx.db, phonePrint)
    const owner = await findByPhone(ctx.db, phonePrint)
    if (owner && owner.id !== id) refuse('phone.taken')
    await updatePhone(ctx.db, id, sealedPhone(ctx, told.value.phone))
    return showMember(ctx, id)
  })
}

export async function renewSessionKey(ctx: Ctx, id: Id<'mem'>, code: string): Promise<Record<string, never>> {
  const told = await ctx.gateways.wechat.exchangeLogin(code)
  if (told.outcome !== 'done') refuse('sign_in.platform_refused')
  const [own] = (await listIdentities(ctx.db, [id])).filter((identity) => identity.openid === told.value.openid)
  if (!own) refuse('sign_in.platform_refused')
  await upsertIdentity(ctx.db, { id: newId('idn'), member: id, platform: 'wechat', appid: ctx.knobs.wechatAppid, openid: told.value.openid, unionid: told.value.unionid ?? null, sessionKeySealed: seal(ctx.knobs.secret, KEY, told.value.sessionKey), at: ctx.now() })
  return {}
}

export async function wechatIdentity(ctx: TxCtx, member: Id<'mem'>): Promise<{ openid: string; sessionKey: string } | undefined> {
  const identity = (await listIdentities(ctx.db, [member])).find((one) => one.platform === 'wechat')
  return identity?.sessionKeySealed ? { openid: identity.openid, sessionKey: unseal(ctx.knobs.secret, KEY, identity.sessionKeySealed) } : undefined
}

/** What signs for somebody inside WeChat, as of their last visit there. */
export async function sessionOf(ctx: TxCtx, openid: string): Promise<string | undefined> {
  const sealed = await findSessionKey(ctx.db, ctx.knobs.wechatAppid, openid)
  return sealed && unseal(ctx.knobs.secret, KEY, sealed)
}

export type Summary = { id: Id<'mem'>; nickname: string; phoneMasked: string | null; phoneTail: string | null }

export async function memberSummaries(ctx: TxCtx, ids: Id<'mem'>[]): Promise<Map<Id<'mem'>, Summary>> {
  const members = await listMembers(ctx.db, [...new Set(ids)])
  return new Map(members.map((member) => [member.id, summaryOf(ctx, member)]))
}

/** For showing beside what a member did, and for the mark that a played film carries. */
export async function memberSummary(ctx: TxCtx, id: Id<'mem'>): Promise<Summary> {
  return summaryOf(ctx, await getMember(ctx, id))
}

function summaryOf(ctx: TxCtx, member: Kept): Summary {
  const phoneMasked = maskedOf(ctx, member)
  return { id: member.id, nickname: member.nickname, phoneMasked, phoneTail: phoneMasked && phoneMasked.slice(-4) }
}

/** Members whose nickname holds the words, or whose id, whole phone number or last four digits of it they are. */
export async function membersMatching(ctx: TxCtx, words: string): Promise<Id<'mem'>[]> {
  return listMatching(ctx.db, words, fingerprint(ctx.knobs.secret, PHONE, words), fingerprint(ctx.knobs.secret, TAIL, words))
}

export type Card = Pick<Kept, 'id' | 'nickname' | 'createdAt' | 'lastSeenAt' | 'closedAt'> & { phoneMasked: string | null; platforms: Platform[] }

export async function newestMembers(ctx: TxCtx, words: string | null, before: string | null, limit: number): Promise<Card[]> {
  return cardsOf(ctx, await listNewest(ctx.db, words ? await membersMatching(ctx, words) : null, before, limit))
}

export async function findCard(ctx: TxCtx, id: Id<'mem'>): Promise<Card | undefined> {
  return (await cardsOf(ctx, await listMembers(ctx.db, [id])))[0]
}

async function cardsOf(ctx: TxCtx, members: Kept[]): Promise<Card[]> {
  const identities = await listIdentities(ctx.db, members.map((member) => member.id))
  return members.map((member) => ({
    id: member.id,
    nickname: member.nickname,
    createdAt: member.createdAt,
    lastSeenAt: member.lastSeenAt,
    closedAt: member.closedAt,
    phoneMasked: maskedOf(ctx, member),
    platforms: [...new Set(identities.filter((one) => one.member === member.id).map((one) => one.platform))],
  }))
}

/** The whole number. Whoever calls it audits why. */
export async function phoneOf(ctx: TxCtx, id: Id<'mem'>): Promise<string | null> {
  const { phoneSealed } = await getMember(ctx, id)
  return phoneSealed && unseal(ctx.knobs.secret, PHONE, phoneSealed)
}

/** A member made by the seed or an import: known by phone, never signed in. */
export async function addMember(ctx: TxCtx, phone: string, nickname: string): Promise<Id<'mem'>> {
  const phonePrint = fingerprint(ctx.knobs.secret, PHONE, phone)
  const id = (await findByPhone(ctx.db, phonePrint))?.id ?? (await join(ctx, { phone, phonePrint }))
  await updateNickname(ctx.db, id, nickname)
  return id
}

async function getMember(ctx: TxCtx, id: Id<'mem'>): Promise<Kept> {
  return (await listMembers(ctx.db, [id]))[0] ?? refuse('thing.not_found', { what: 'member' })
}

function maskedOf(ctx: TxCtx, member: Kept): string | null {
  return member.phoneSealed && maskPhone(unseal(ctx.knobs.secret, PHONE, member.phoneSealed))
}

function shown(ctx: TxCtx, member: Kept): Member {
  return { id: member.id, nickname: member.nickname, avatarUrl: member.avatarUrl, phone: maskedOf(ctx, member), createdAt: instant(member.createdAt) }
}
