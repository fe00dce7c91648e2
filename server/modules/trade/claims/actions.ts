// Asking for money back and deciding about it: the sum comes from the rules, the evidence from the record of use.
import type { Claim, ClaimSum, DeskClaim } from '#contracts/claims.ts'
import { faults } from '#contracts/claims.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { attemptsOf } from '#modules/trade/attempts/actions.ts'
import { oweByRule } from '#modules/money/dues/actions.ts'
import { rowsOf } from '#modules/trade/desk/actions.ts'
import { bucketsOf, goodsIn, lockedOrder, noteEvent, orderOf, ownOrder, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { goodsOf } from '#modules/trade/parcels/actions.ts'
import { standingOf, usageOf } from '#modules/trade/policies/actions.ts'
import { ratesAt } from '#modules/trade/rates/actions.ts'
import { beginRefund, refundStanding } from '#modules/trade/refunds/actions.ts'
import { usedAbove, usedBelow } from '#modules/trade/rights/actions.ts'
import { claimSum, goodsShare, withInterest, type Case, type Fault } from './rules.ts'
import { findClaim, insertClaim, listByOrder, listClaims, lockClaim, updateDecided, type Decision, type KeptClaim } from './store.ts'

/** What would come back at this hour; null when nothing can. */
export async function showClaims(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<{ items: Claim[]; now: ClaimSum | null }> {
  const order = await ownOrder(ctx, member, id)
  const claims = await listByOrder(ctx.db, id)
  const one = await caseOf(ctx, order, claims.find((claim) => claim.state === 'asked')?.askedAt ?? null)
  const now = one && claimSum(one, 'learner')
  return { items: claims.map(shown), now: now && isWorthAsking(now) ? now : null }
}

export async function askBack(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>, reason: string): Promise<Claim> {
  return inTransaction(ctx, async (ctx) => {
    const order = await ownOrder(ctx, member, id)
    const one = await caseOf(ctx, order)
    if (!one || !isWorthAsking(claimSum(one, 'academy'))) return refuse(await whyNothing(ctx, order))
    const claim = { id: newId('clm'), order: id, member, reason: reason.trim(), askedAt: ctx.now() }
    if (!(await insertClaim(ctx.db, claim))) refuse('claim.already_open')
    await noteEvent(ctx, id, 'claim_asked')
    return shown(await claimOf(ctx, claim.id))
  })
}

export async function withdraw(ctx: TxCtx, member: Id<'mem'>, id: Id<'clm'>): Promise<Claim> {
  const claim = await claimOf(ctx, id)
  if (claim.member !== member) refuse('thing.not_found', { what: 'claim' })
  await decide(ctx, claim, { state: 'withdrawn', sum: null, amount: null, answer: null, decidedAt: ctx.now(), decidedBy: null, refund: null })
  return shown(await claimOf(ctx, id))
}

export async function showForDesk(ctx: TxCtx, ask: { open?: boolean; cursor?: string; limit?: number }): Promise<{ items: DeskClaim[]; next: string | null }> {
  const [limit, offset] = [ask.limit ?? 20, rowsBefore(ask.cursor)]
  const claims = await listClaims(ctx.db, ask.open === true, offset, limit + 1)
  const items = []
  for (const claim of claims.slice(0, limit)) items.push(await shownForDesk(ctx, claim))
  return { items, next: claims.length > limit ? String(offset + limit) : null }
}

/** The decision and the refund are one: neither stands without the other, and a claim that was taken back meanwhile gives nothing. */
export async function approve(ctx: TxCtx, id: Id<'clm'>, wish: { fault: Fault; amount?: Cents; answer: string }, by: OperatorActor): Promise<DeskClaim> {
  return inTransaction(ctx, async (ctx) => {
    const claim = (await lockClaim(ctx.db, id)) ?? refuse('thing.not_found', { what: 'claim' })
    if (claim.state !== 'asked') refuse('claim.state_forbids', { state: claim.state })
    // Locked before it is reckoned: whoever ships at the same instant was first, or finds nothing to ship.
    const order = await lockedOrder(ctx, claim.order)
    const one = await caseOf(ctx, order, claim.askedAt)
    const rule = one && claimSum(one, wish.fault)
    const amount = wish.amount ?? rule?.amount ?? ZERO
    if (!rule || amount === 0) return refuse((rule?.goods?.ifReturned ?? ZERO) > 0 ? 'claim.goods_not_back' : await whyNothing(ctx, order))
    const sum = withInterest(rule, amount)
    if (amount !== sum.amount && wish.answer.trim() === '') refuse('claim.answer_missing', { amount: sum.amount })
    const refund = await beginRefund(ctx, claim.order, { reason: claim.reason.replaceAll(/\s+/g, ' ').slice(0, 80), requestKey: claim.id, amount, goods: goodsShare(sum, amount), endsAccess: true }, by.staff)
    await oweByRule(ctx, { member: claim.member, amount: sum.interest, reason: '退款利息', cause: `interest:${claim.id}` })
    await decide(ctx, claim, { state: 'approved', sum, amount: refund.amount, answer: wish.answer.trim() || null, decidedAt: ctx.now(), decidedBy: by.name, refund: refund.id })
    return shownForDesk(ctx, await claimOf(ctx, id))
  })
}

export async function decline(ctx: TxCtx, id: Id<'clm'>, answer: string, by: OperatorActor): Promise<DeskClaim> {
  await decide(ctx, await claimOf(ctx, id), { state: 'declined', sum: null, amount: null, answer: answer.trim(), decidedAt: ctx.now(), decidedBy: by.name, refund: null })
  return shownForDesk(ctx, await claimOf(ctx, id))
}

async function decide(ctx: TxCtx, { id, order }: KeptClaim, decision: Decision): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const state = (await lockClaim(ctx.db, id))?.state ?? 'withdrawn'
    if (!(await updateDecided(ctx.db, id, decision))) refuse('claim.state_forbids', { state })
    await noteEvent(ctx, order, `claim_${decision.state === 'asked' ? 'withdrawn' : decision.state}`)
    if (decision.decidedBy !== null) await audit(ctx, { action: `claim.${decision.state}`, subject: order, before: { state }, after: { amount: decision.amount, interest: decision.sum?.interest ?? null, rule: decision.sum?.rule ?? null, fault: decision.sum?.fault ?? null, answer: decision.answer } })
  })
}

/** What went into an upgrade comes back with the upgrade; an upgrade that cost nothing goes with what it took in. */
async function whyNothing(ctx: TxCtx, order: KeptOrder): Promise<'order.upgraded' | 'order.upgrade_free' | 'claim.nothing_left'> {
  const paid = (await attemptsOf(ctx, order.id)).find((attempt) => attempt.state === 'paid')
  const { why, taken } = await refundStanding(ctx, order, paid)
  if (why === 'order.upgrade_free') return why
  return taken > 0 ? 'order.upgraded' : 'claim.nothing_left'
}

/** Something comes back now, or would once the goods do. */
function isWorthAsking({ amount, goods }: ClaimSum): boolean {
  return plus(amount, goods?.ifReturned ?? ZERO) > 0
}

/** What the sum is worked out from; null for an order for which no money can go back. */
async function caseOf(ctx: TxCtx, order: KeptOrder, askedAt: Date | null = null): Promise<Case | null> {
  const paid = (await attemptsOf(ctx, order.id)).find((attempt) => attempt.state === 'paid')
  const { why, left, parts } = await refundStanding(ctx, order, paid)
  if (why || !paid || !order.paidAt) return null
  const { learning, goods, sending } = bucketsOf(order)
  const isSent = goodsIn(order) > 0
  const { state, isReturnOver } = await goodsOf(ctx, order.id)
  const standing = await standingOf(ctx, order, order.paidAt)
  return {
    ...standing,
    worth: order.gives.plan?.worth ?? learning,
    below: await usedBelow(ctx, order, Math.min(standing.days, standing.usedDays)),
    above: await usedAbove(ctx, order),
    paid: learning,
    list: listOf(order, learning),
    refunded: minus(learning, isSent ? parts.learning : left),
    goods: isSent ? { state, paid: goods, sending, refunded: minus(goodsIn(order), parts.goods), mayReturn: !isReturnOver } : null,
    askedAt,
    rates: await ratesAt(ctx, order.placedAt),
  }
}

/** What it costs whoever has nothing of it: what the buyer had of a bundle before was not sold again. */
function listOf({ lines, gives }: KeptOrder, learning: Cents): Cents {
  const steps = lines.filter((line) => line.step === 'list' || line.step === 'owned_part')
  return learning === 0 || steps.length === 0 ? learning : minus(plus(...steps.map((line) => line.amount)), gives.parcel?.worth ?? ZERO)
}

async function shownForDesk(ctx: TxCtx, claim: KeptClaim): Promise<DeskClaim> {
  const order = await orderOfClaim(ctx, claim)
  const [row] = await rowsOf(ctx, [order])
  const one = claim.state === 'asked' ? await caseOf(ctx, order, claim.askedAt) : null
  return { ...shown(claim), row: row ?? refuse('thing.not_found', { what: 'order' }), sums: one ? faults.map((fault) => claimSum(one, fault)) : [], usage: (await usageOf(ctx, order)).lines, decidedBy: claim.decidedBy }
}

function shown({ id, order, state, reason, askedAt, sum, amount, answer, decidedAt }: KeptClaim): Claim {
  return { id, order, state, reason, askedAt: instant(askedAt), sum, amount, answer, decidedAt: decidedAt && instant(decidedAt) }
}

async function orderOfClaim(ctx: TxCtx, { order }: KeptClaim): Promise<KeptOrder> {
  return (await orderOf(ctx, order)) ?? refuse('thing.not_found', { what: 'order' })
}

async function claimOf(ctx: TxCtx, id: Id<'clm'>): Promise<KeptClaim> {
  return (await findClaim(ctx.db, id)) ?? refuse('thing.not_found', { what: 'claim' })
}
