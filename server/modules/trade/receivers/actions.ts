// Who receives parts of orders, and how much of which offer.
import type { ShareReceiver } from '#contracts/shares.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { offerOf } from '#modules/trade/offers/actions.ts'
import { defaultTerms, isOverCap, type Terms } from './rules.ts'
import { findTerms, listRates, listReceivers, replaceRates, updateRemoved, upsertReceiver, upsertTerms, type KeptReceiver, type Rate } from './store.ts'

export type { KeptReceiver, Rate, Terms }

export async function readTerms(ctx: TxCtx): Promise<Terms> {
  return (await findTerms(ctx.db)) ?? defaultTerms
}

export async function changeTerms(ctx: TxCtx, terms: Terms): Promise<Terms> {
  return inTransaction(ctx, async (ctx) => {
    const before = await readTerms(ctx)
    await upsertTerms(ctx.db, terms, ctx.now())
    await audit(ctx, { action: 'share_terms.changed', subject: 'shares', before, after: terms })
    return terms
  })
}

export async function showReceivers(ctx: TxCtx) {
  return { items: (await listReceivers(ctx.db)).filter((receiver) => !receiver.removedAt).map(shown) }
}

/** Every receiver there was, also those that are out of use: lines of old orders name them. */
export async function allReceivers(ctx: TxCtx): Promise<Map<Id<'rcv'>, KeptReceiver>> {
  return new Map((await listReceivers(ctx.db)).map((receiver) => [receiver.id, receiver]))
}

type Wish = Pick<ShareReceiver, 'kind' | 'account' | 'name' | 'relation'>

/** WeChat Pay must know a receiver before anything can go there; telling it twice is fine. */
export async function addReceiver(ctx: Ctx, wish: Wish): Promise<ShareReceiver> {
  const { kind, account, name, relation } = wish
  const told = await ctx.gateways.wechatPay.sharing.addReceiver({ kind, account, relation, ...(kind === 'merchant' ? { name } : {}) })
  if (told.outcome === 'unknown') refuse('payment.gateway_unavailable')
  if (told.outcome === 'refused') refuse('share.receiver_refused', { code: told.code, message: told.message })
  return inTransaction(ctx, async (ctx) => {
    const receiver = await upsertReceiver(ctx.db, { id: newId('rcv'), kind, account, name, relation, addedAt: ctx.now() })
    await audit(ctx, { action: 'share_receiver.added', subject: receiver.id, before: null, after: wish })
    return shown(receiver)
  })
}

/** WeChat Pay keeps knowing a receiver: what is under way for them still has to arrive. */
export async function removeReceiver(ctx: TxCtx, id: Id<'rcv'>) {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateRemoved(ctx.db, id, ctx.now()))) refuse('thing.not_found', { what: 'receiver' })
    await audit(ctx, { action: 'share_receiver.removed', subject: id, before: null, after: null })
  })
  return {}
}

export async function ratesOf(ctx: TxCtx, offer: Id<'ofr'>): Promise<Rate[]> {
  return listRates(ctx.db, offer)
}

export async function showRates(ctx: TxCtx, offer: Id<'ofr'>): Promise<{ rates: Rate[] }> {
  if (!(await offerOf(ctx, offer))) refuse('thing.not_found', { what: 'offer' })
  return { rates: await ratesOf(ctx, offer) }
}

export async function changeRates(ctx: TxCtx, offer: Id<'ofr'>, rates: Rate[]): Promise<{ rates: Rate[] }> {
  const terms = await readTerms(ctx)
  if (isOverCap(rates, terms)) refuse('share.over_cap', { capBasisPoints: terms.capBasisPoints })
  return inTransaction(ctx, async (ctx) => {
    const before = await showRates(ctx, offer)
    const known = await allReceivers(ctx)
    const stranger = rates.find((rate, at) => known.get(rate.receiver)?.removedAt !== null || rates.findIndex((other) => other.receiver === rate.receiver) !== at)
    if (stranger) refuse('thing.not_found', { what: 'receiver' })
    await replaceRates(ctx.db, offer, rates)
    await audit(ctx, { action: 'share_rates.changed', subject: offer, before: before.rates, after: rates })
    return { rates: await ratesOf(ctx, offer) }
  })
}

function shown({ removedAt: _removed, addedAt, ...receiver }: KeptReceiver): ShareReceiver {
  return { ...receiver, addedAt: instant(addedAt) }
}
