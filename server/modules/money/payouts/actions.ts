// Paying people: asked for by them or begun for them, under a cap, agreed to by a second person, sent under one number, confirmed by whom it is for.
import type { OwnPayout, Payout } from '#contracts/payouts.ts'
import type { Id } from '#contracts/words/id.ts'
import { payoutBounds, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import type { BegunTransfer } from '#gateways/wechatpay/transfer-shapes.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { memberSummaries, memberSummary, wechatIdentity } from '#modules/people/members/actions.ts'
import { giveBackOwed, owedTo, takeOwed } from '#modules/money/dues/actions.ts'
import { bookedFor, payoutBegunEntry, payoutDoneEntry, payoutFailedEntry, payoutReturnedEntry, payoutTakenEntry, post } from '#modules/money/ledger/actions.ts'
import { actionsOf, askedFor, firstState, isOverCap, isPassing, outBillNo, ownActionsOf, stateOf, type PayoutState, type Terms } from './rules.ts'
import { findByKey, findByNumber, findPayout, getTerms, insertPayout, listOpen, listPayouts, sumBesides, updateChecked, updateRetried, updateState, updateTerms, type KeptPayout } from './store.ts'

const DAY_MS = 86_400_000

export async function readTerms(ctx: TxCtx): Promise<Terms> {
  return getTerms(ctx.db)
}

export async function changeTerms(ctx: TxCtx, terms: Terms): Promise<Terms> {
  return inTransaction(ctx, async (ctx) => {
    await audit(ctx, { action: 'payout_terms.changed', subject: 'payouts', before: await getTerms(ctx.db, true), after: terms })
    await updateTerms(ctx.db, terms)
    return terms
  })
}

type Wish = { member: Id<'mem'>; amount: Cents; role: string; reason: string; requestKey: string }

/** Repeating the key gives the same payout. */
export async function beginPayout(ctx: TxCtx, wish: Wish, by: Id<'stf'>): Promise<Payout> {
  return inTransaction(ctx, async (ctx) => {
    await memberSummary(ctx, wish.member)
    const terms = await getTerms(ctx.db, true)
    const before = await findByKey(ctx.db, wish.requestKey)
    if (before) return shown(ctx, before)
    const identity = (await wechatIdentity(ctx, wish.member)) ?? refuse('payout.no_account')
    await keepCap(ctx, terms, wish.amount, null)
    const id = newId('pyo')
    await insertPayout(ctx.db, { id, ...wish, openid: identity.openid, state: firstState(wish.amount, terms), outBillNo: outBillNo(id, 1), fromOwed: false, by, madeAt: ctx.now() })
    await audit(ctx, { action: 'payout.begun', subject: id, before: null, after: { member: wish.member, amount: wish.amount, reason: wish.reason } })
    return letGo(ctx, id)
  })
}

async function keepCap(ctx: TxCtx, terms: Terms, amount: Cents, id: Id<'pyo'> | null): Promise<void> {
  if (isOverCap(await sumBesides(ctx.db, id, new Date(ctx.now().getTime() - DAY_MS)), amount, terms)) refuse('payout.over_day_cap', { dayCap: terms.dayCap })
}

/** What a person asks for is theirs no more to ask for, until it comes to nothing. */
export async function askPayout(ctx: TxCtx, member: Id<'mem'>, { amount, requestKey }: { amount: Cents; requestKey: string }): Promise<OwnPayout> {
  return inTransaction(ctx, async (ctx) => {
    const identity = (await wechatIdentity(ctx, member)) ?? refuse('payout.no_account')
    const key = `${member}:${requestKey}`
    await takeOwed(ctx, member, amount)
    const id = newId('pyo')
    const wish = { member, amount, ...askedFor, requestKey: key, openid: identity.openid }
    const isNew = await insertPayout(ctx.db, { id, ...wish, state: 'asked', outBillNo: outBillNo(id, 1), fromOwed: true, by: null, madeAt: ctx.now() })
    if (!isNew) await giveBackOwed(ctx, member, amount)
    return shownOwn(ctx, (await findByKey(ctx.db, key)) ?? refuse('thing.changed_meanwhile'))
  })
}

/** Books and sends what nobody has to agree to any more. */
async function letGo(ctx: TxCtx, id: Id<'pyo'>): Promise<Payout> {
  const payout = await payoutOf(ctx, id)
  if (payout.state !== 'sending') return shown(ctx, payout)
  await post(ctx, payoutBegunEntry(payout.outBillNo, payout.amount, payout.fromOwed), null)
  await ctx.later('payouts.send', { payout: id })
  return shown(ctx, payout)
}

/** The first word on what was asked for, or the second on what is much. */
export async function agree(ctx: TxCtx, id: Id<'pyo'>, by: Id<'stf'>): Promise<Payout> {
  return inTransaction(ctx, async (ctx) => {
    const terms = await getTerms(ctx.db, true)
    const payout = await payoutOf(ctx, id)
    if (payout.by === by) refuse('payout.same_person')
    const to = payout.state === 'asked' ? firstState(payout.amount, terms) : payout.state === 'requested' ? 'sending' : undefined
    if (!to) refuse('payout.state_forbids', { state: payout.state })
    await keepCap(ctx, terms, payout.amount, id)
    if (!(await updateState(ctx.db, payout, to, { begunAt: ctx.now(), ...(payout.state === 'asked' ? { by } : { agreedBy: by }) }))) refuse('payout.state_forbids', { state: payout.state })
    await audit(ctx, { action: 'payout.agreed', subject: id, before: null, after: null })
    return letGo(ctx, id)
  })
}

export async function reject(ctx: TxCtx, id: Id<'pyo'>, answer: string): Promise<Payout> {
  return inTransaction(ctx, async (ctx) => {
    await dropUnsent(ctx, await payoutOf(ctx, id), 'rejected', answer)
    await audit(ctx, { action: 'payout.rejected', subject: id, before: null, after: { answer } })
    return shown(ctx, await payoutOf(ctx, id))
  })
}

async function dropUnsent(ctx: TxCtx, payout: KeptPayout, to: 'rejected' | 'cancelled', answer?: string): Promise<void> {
  const isUnsent = payout.state === 'asked' || payout.state === 'requested'
  if (!isUnsent || !(await updateState(ctx.db, payout, to, { settledAt: ctx.now(), ...(answer === undefined ? {} : { answer }) }))) refuse('payout.state_forbids', { state: payout.state })
  if (payout.fromOwed) await giveBackOwed(ctx, payout.member, payout.amount)
}

/** What nobody has confirmed. Until WeChat Pay says that it is cancelled it is not. */
export async function cancelPayout(ctx: Ctx, id: Id<'pyo'>): Promise<Payout> {
  await recall(ctx, await payoutOf(ctx, id))
  await inTransaction(ctx, (ctx) => audit(ctx, { action: 'payout.cancelled', subject: id, before: null, after: null }))
  return shown(ctx, await payoutOf(ctx, id))
}

/** By the person who asked: at once while nothing was sent, else like an operator's. */
export async function cancelOwn(ctx: Ctx, member: Id<'mem'>, id: Id<'pyo'>): Promise<OwnPayout> {
  const payout = await ownPayout(ctx, member, id)
  if (!ownActionsOf(payout.state, payout.fromOwed).includes('cancel')) refuse('payout.state_forbids', { state: payout.state })
  if (payout.state === 'confirming') await recall(ctx, payout)
  else await inTransaction(ctx, (ctx) => dropUnsent(ctx, payout, 'cancelled'))
  return shownOwn(ctx, await payoutOf(ctx, id))
}

async function recall(ctx: Ctx, payout: KeptPayout): Promise<void> {
  if (payout.state !== 'confirming') refuse('payout.state_forbids', { state: payout.state })
  const told = await ctx.gateways.wechatPay.transfers.cancel(payout.outBillNo)
  if (told.outcome === 'done') await updateState(ctx.db, payout, 'cancelling')
  await checkPayout(ctx, payout.outBillNo)
  if (told.outcome === 'unknown') refuse('payment.gateway_unavailable')
}

/** A new number, and only for what is known to have paid nothing. */
export async function retryPayout(ctx: TxCtx, id: Id<'pyo'>, by: Id<'stf'>): Promise<Payout> {
  return inTransaction(ctx, async (ctx) => {
    const terms = await getTerms(ctx.db, true)
    const payout = await payoutOf(ctx, id)
    if (!actionsOf(payout.state, payout.fromOwed).includes('retry')) refuse('payout.state_forbids', { state: payout.state })
    await keepCap(ctx, terms, payout.amount, id)
    if (!(await updateRetried(ctx.db, payout, firstState(payout.amount, terms), outBillNo(id, payout.tries + 1), by, ctx.now()))) refuse('payout.state_forbids', { state: payout.state })
    await audit(ctx, { action: 'payout.retried', subject: id, before: { problem: payout.problem }, after: null })
    return letGo(ctx, id)
  })
}

/** Tells WeChat Pay by the one number of this try; told twice it is the same transfer. */
export async function sendPayout(ctx: Ctx, id: Id<'pyo'>): Promise<void> {
  const payout = await payoutOf(ctx, id)
  if (payout.state !== 'sending') return
  const { outBillNo: number, openid, amount, role, reason } = payout
  const told = await ctx.gateways.wechatPay.transfers.begin({ appid: ctx.knobs.wechatAppid, outBillNo: number, openid, amount, role, reason, remark: reason, notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/wechatpay` })
  if (told.outcome === 'done') return followSent(ctx, payout, told.value)
  if (told.outcome === 'refused' && !isPassing(told.code)) return giveUp(ctx, payout, told.code)
  await updateState(ctx.db, payout, 'sending', { problem: told.outcome === 'refused' ? told.code : told.why })
}

/** Told again after its answer was lost, a transfer may be over by now. */
async function followSent(ctx: TxCtx, payout: KeptPayout, { state, packageInfo }: BegunTransfer): Promise<void> {
  const over = stateOf(state)
  if (over) return settle(ctx, payout, over, null, true)
  if (packageInfo) await awaitConfirmation(ctx, payout, packageInfo)
}

/** A refusal says nothing of an earlier telling whose answer was lost: only a number that WeChat Pay does not know, or knows to have failed, has paid nothing. */
async function giveUp(ctx: Ctx, payout: KeptPayout, problem: string): Promise<void> {
  const found = await ctx.gateways.wechatPay.transfers.find(payout.outBillNo)
  if (found.outcome === 'refused' && found.status === 404) return settle(ctx, payout, 'failed', problem, false)
  const over = found.outcome === 'done' ? stateOf(found.value.state) : undefined
  if (found.outcome === 'done' && over) return settle(ctx, payout, over, found.value.failReason ?? problem, true)
  await updateState(ctx.db, payout, 'sending', { problem })
}

/** From now on the money is not in the balance any more. */
async function awaitConfirmation(ctx: TxCtx, payout: KeptPayout, packageInfo: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (await updateState(ctx.db, payout, 'confirming', { packageInfo, expiresAt: new Date(ctx.now().getTime() + DAY_MS) })) await post(ctx, payoutTakenEntry(payout.outBillNo, payout.amount), null)
  })
}

/** What became of a transfer. A number that WeChat Pay does not know was never heard, and is told again by the sweep. */
export async function checkPayout(ctx: Ctx, number: string): Promise<void> {
  const payout = await findByNumber(ctx.db, number)
  if (payout?.state !== 'confirming' && payout?.state !== 'cancelling') return
  const told = await ctx.gateways.wechatPay.transfers.find(number)
  const over = told.outcome === 'done' ? stateOf(told.value.state) : undefined
  if (told.outcome === 'done' && over) await settle(ctx, payout, over, told.value.failReason ?? null, true)
}

/** `wasTaken`: WeChat Pay had accepted it, so that its money left the balance. */
async function settle(ctx: TxCtx, payout: KeptPayout, to: 'done' | 'failed' | 'cancelled', problem: string | null, wasTaken: boolean): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateState(ctx.db, payout, to, { problem, settledAt: ctx.now() }))) return
    const { outBillNo: number, amount } = payout
    if (wasTaken) await post(ctx, payoutTakenEntry(number, amount), null)
    if (wasTaken && to !== 'done') await post(ctx, payoutReturnedEntry(number, amount), null)
    await post(ctx, to === 'done' ? payoutDoneEntry(number, amount) : payoutFailedEntry(number, amount, payout.fromOwed), null)
    if (payout.fromOwed && to !== 'done') await giveBackOwed(ctx, payout.member, payout.amount)
  })
}

export async function sweepPayouts(ctx: Ctx): Promise<void> {
  for (const payout of await listOpen(ctx.db, new Date(ctx.now().getTime() - 20_000))) {
    await updateChecked(ctx.db, payout.id, ctx.now())
    if (payout.state === 'sending') await sendPayout(ctx, payout.id)
    else await checkPayout(ctx, payout.outBillNo)
  }
}

export async function showPayouts(ctx: TxCtx, ask: { state?: PayoutState; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const kept = await listPayouts(ctx.db, { state: ask.state ?? null, member: null, before: idBefore('pyo', ask.cursor) }, limit + 1)
  const names = await memberSummaries(ctx, kept.map((payout) => payout.member))
  return { items: kept.slice(0, limit).map((payout) => describe(payout, names.get(payout.member)?.nickname)), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

/** What operators begin is theirs to see only once it is on its way. */
export async function showOwn(ctx: TxCtx, member: Id<'mem'>) {
  const kept = await listPayouts(ctx.db, { state: null, member, before: null }, 100)
  const items = kept.filter((payout) => payout.fromOwed || (payout.state !== 'requested' && payout.state !== 'rejected')).map((payout) => shownOwn(ctx, payout))
  return { owed: await owedTo(ctx, member), ...payoutBounds, reachable: (await wechatIdentity(ctx, member)) !== undefined, items }
}

export async function checkOwn(ctx: Ctx, member: Id<'mem'>, id: Id<'pyo'>): Promise<OwnPayout> {
  await checkPayout(ctx, (await ownPayout(ctx, member, id)).outBillNo)
  return shownOwn(ctx, await payoutOf(ctx, id))
}

/** For reconciliation: what left the balance under each of those numbers, and what came back. */
export async function payoutsMoved(ctx: TxCtx, numbers: string[]): Promise<Map<string, { taken?: Cents; returned?: Cents }>> {
  const booked = await bookedFor(ctx, 'asset:wechat_pay', numbers.flatMap((number) => [`payout_taken:${number}`, `payout_returned:${number}`]))
  return new Map(numbers.map((number) => {
    const [taken, returned] = [booked.get(`payout_taken:${number}`), booked.get(`payout_returned:${number}`)]
    return [number, { ...(taken === undefined ? {} : { taken }), ...(returned === undefined ? {} : { returned }) }]
  }))
}

async function ownPayout(ctx: TxCtx, member: Id<'mem'>, id: Id<'pyo'>): Promise<KeptPayout> {
  const payout = await payoutOf(ctx, id)
  return payout.member === member ? payout : refuse('thing.not_found', { what: 'payout' })
}

async function payoutOf(ctx: TxCtx, id: Id<'pyo'>): Promise<KeptPayout> {
  return (await findPayout(ctx.db, id)) ?? refuse('thing.not_found', { what: 'payout' })
}

async function shown(ctx: TxCtx, payout: KeptPayout): Promise<Payout> {
  return describe(payout, (await memberSummary(ctx, payout.member)).nickname)
}

function describe(payout: KeptPayout, name: string = payout.member): Payout {
  const { id, member, amount, role, reason, state, fromOwed, by, agreedBy, answer, problem } = payout
  return { id, member, name, amount, role, reason, state, fromOwed, by, agreedBy, answer, problem, madeAt: instant(payout.madeAt), expiresAt: payout.expiresAt && instant(payout.expiresAt), settledAt: payout.settledAt && instant(payout.settledAt), can: actionsOf(state, fromOwed) }
}

function shownOwn(ctx: TxCtx, { id, amount, reason, state, packageInfo, answer, problem, fromOwed, ...payout }: KeptPayout): OwnPayout {
  const page = ctx.knobs.sandboxUrl ? `${ctx.knobs.sandboxUrl}/transfer?package=${encodeURIComponent(packageInfo ?? '')}` : null
  const confirm = state === 'confirming' && packageInfo ? { mchId: ctx.knobs.mchid, appId: ctx.knobs.wechatAppid, package: packageInfo, page } : null
  return { id, amount, reason, state, answer, problem, madeAt: instant(payout.madeAt), expiresAt: payout.expiresAt && instant(payout.expiresAt), settledAt: payout.settledAt && instant(payout.settledAt), confirm, can: ownActionsOf(state, fromOwed) }
}
