// Making redeem codes, handing them out as a file, and redeeming each once.
import { randomBytes } from 'node:crypto'
import type { CodeBatch, Redemption } from '#contracts/codes.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { contentsOf } from '#modules/trade/offers/actions.ts'
import { give, givesOf, whyHas } from '#modules/trade/orders/actions.ts'
import { codeFrom, csvOf, readCode } from './rules.ts'
import { findBatch, findCode, insertBatch, insertCodes, listBatches, listCodes, updateEnd, updateRedeemed, type KeptBatch } from './store.ts'

type Wish = { title: string; offer: Id<'ofr'>; count: number; expiresAt: string | null }

export async function makeBatch(ctx: TxCtx, wish: Wish, by: string): Promise<CodeBatch> {
  return inTransaction(ctx, async (ctx) => {
    const contents = (await contentsOf(ctx, wish.offer)) ?? refuse('thing.not_found', { what: 'offer' })
    if (contents.parcel || contents.coins !== null) refuse('request.invalid', { in: 'body', field: 'offer', problem: 'a code opens courses and plans; goods need an address, and coins are given by WeChat' })
    const batch: KeptBatch = { id: newId('btc'), title: wish.title.trim(), offer: wish.offer, gives: givesOf(contents), givesTitle: contents.title, count: wish.count, redeemed: 0, expiresAt: wish.expiresAt ? new Date(wish.expiresAt) : null, madeBy: by, madeAt: ctx.now() }
    await insertBatch(ctx.db, batch)
    await insertCodes(ctx.db, batch.id, Array.from({ length: wish.count }, () => codeFrom(randomBytes(16))))
    await audit(ctx, { action: 'codes.made', subject: batch.id, before: null, after: wish })
    return shown(batch)
  })
}

export async function moveEnd(ctx: TxCtx, id: Id<'btc'>, expiresAt: string | null): Promise<CodeBatch> {
  return inTransaction(ctx, async (ctx) => {
    const before = await getBatch(ctx, id)
    await updateEnd(ctx.db, id, expiresAt ? new Date(expiresAt) : null)
    await audit(ctx, { action: 'codes.end_moved', subject: id, before: { expiresAt: before.expiresAt }, after: { expiresAt } })
    return shown(await getBatch(ctx, id))
  })
}

export async function showBatches(ctx: TxCtx, ask: { cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const batches = await listBatches(ctx.db, idBefore('btc', ask.cursor), limit + 1)
  return { items: batches.slice(0, limit).map(shown), next: batches.length > limit ? (batches[limit - 1]?.id ?? null) : null }
}

export async function exportCodes(ctx: TxCtx, id: Id<'btc'>): Promise<string> {
  const batch = await getBatch(ctx, id)
  await inTransaction(ctx, (ctx) => audit(ctx, { action: 'codes.exported', subject: id, before: null, after: { count: batch.count } }))
  return csvOf((await listCodes(ctx.db, id)).map(({ code, redeemedAt }) => ({ code, redeemedAt: redeemedAt && instant(redeemedAt) })))
}

/** Redeems once, whoever tries at once; a refusal leaves the code as it was. */
export async function redeem(ctx: TxCtx, member: Id<'mem'>, typed: string): Promise<Redemption> {
  const code = readCode(typed)
  return inTransaction(ctx, async (ctx) => {
    const isMine = await updateRedeemed(ctx.db, code, member, ctx.now())
    const found = (await findCode(ctx.db, code)) ?? refuse('code.unknown')
    const batch = await getBatch(ctx, found.batch)
    if (!isMine && found.redeemedBy !== member) refuse('code.used')
    if (isMine) await giveOnce(ctx, member, batch)
    const { courses, plan } = batch.gives
    return { title: batch.givesTitle, courses: courses.map(({ course, title }) => ({ id: course, title })), plan: plan?.plan ?? null }
  })
}

async function giveOnce(ctx: TxCtx, member: Id<'mem'>, batch: KeptBatch): Promise<void> {
  if (batch.expiresAt && batch.expiresAt <= ctx.now()) refuse('code.expired')
  const why = await whyHas(ctx, member, batch.gives)
  if (why) refuse(why)
  await give(ctx, { member, order: null, reason: 'redeemed', note: batch.title }, batch.gives)
}

async function getBatch(ctx: TxCtx, id: Id<'btc'>): Promise<KeptBatch> {
  return (await findBatch(ctx.db, id)) ?? refuse('thing.not_found', { what: 'batch' })
}

function shown({ gives: _gives, givesTitle, expiresAt, madeAt, ...rest }: KeptBatch): CodeBatch {
  return { ...rest, gives: givesTitle, expiresAt: expiresAt && instant(expiresAt), madeAt: instant(madeAt) }
}
