// What a refund does to the rights of its order: it lessens or ends them when it begins, and undoes that when it fails; and what upgrades took of them.
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { changeWorth, endByUpgrade, ordersGiving, planRightsOf, restoreByRefund, revokeByOrder } from '#modules/content/access/actions.ts'
import { lockedOrder, moveOrder, noteEvent, ordersOf, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { planDaysOf } from '#modules/trade/policies/actions.ts'
import { stopParcel } from '#modules/trade/parcels/actions.ts'
import { holdersOf, release } from '#modules/trade/stock/actions.ts'
import { creditIn, partOf } from './rules.ts'

const DAY_MS = 86_400_000

type Back = { id: Id<'rfd'>; amount: Cents; reason: string; endsAccess: boolean }

/** Money begins to go back: what is had for it is worth less, or over; with it goes every upgrade that cost nothing beside it. */
export async function takeBack(ctx: TxCtx, order: KeptOrder, { id, amount, reason, endsAccess }: Back): Promise<void> {
  await changeWorth(ctx, order.id, minus(ZERO, amount))
  if (!endsAccess) return
  await stopParcel(ctx, order.id)
  for (const one of [...(await freeAbove(ctx, order)), order]) if ((await revokeByOrder(ctx, one.id, reason, id)) > 0) await noteEvent(ctx, one.id, 'access_revoked')
}

/** It failed: what is had is worth as much again. What the refund ended lives again, unless `heir`, another refund of the order, or an upgrade that stands, ends it too. A parcel that it stopped waits for a person. */
export async function giveAgain(ctx: TxCtx, order: KeptOrder, { id, amount, endsAccess }: Back, heir: Id<'rfd'> | undefined): Promise<void> {
  await changeWorth(ctx, order.id, amount)
  if (!endsAccess) return
  const restored = await restoreByRefund(ctx, id, heir, { order: order.id, plan: order.gives.plan })
  let ended = 0
  if (restored > 0) for (const one of [order, ...(await freeAbove(ctx, order))]) ended += await endTraded(ctx, one)
  if (restored > ended) await noteEvent(ctx, order.id, 'access_restored')
}

/** Ends again what went into an upgrade that its buyer has. Replies how many rights that are. */
async function endTraded(ctx: TxCtx, order: KeptOrder): Promise<number> {
  let ended = 0
  for (const { right, upgrade } of await upgradesOf(ctx, order, true)) {
    const isHad = upgrade.state === 'paid' && (await planRightsOf(ctx, upgrade.id, false)).some((one) => !one.isRevoked)
    if (isHad) await endByUpgrade(ctx, [right], upgrade.gives.plan?.title ?? '', upgrade.id)
    if (isHad) ended += 1
  }
  return ended
}

/** What upgrades, paid or waiting to be paid, took of what an order cost and do not give up with it: one that cost nothing beside it does, unless another lives on that. `isLocked`: no upgrade is paid until the transaction ends. */
export async function creditTaken(ctx: TxCtx, order: KeptOrder, isLocked: boolean): Promise<Cents> {
  let taken = ZERO
  for (const { right, upgrade } of await upgradesOf(ctx, order, isLocked)) if (!(await isFree(ctx, upgrade, isLocked))) taken = plus(taken, creditIn(upgrade, right))
  return taken
}

async function isFree(ctx: TxCtx, upgrade: KeptOrder, isLocked: boolean): Promise<boolean> {
  return upgrade.total === 0 && (await creditTaken(ctx, upgrade, isLocked)) === 0
}

/** The upgrades that live on what an order cost alone, the highest first. */
export async function freeAbove(ctx: TxCtx, order: KeptOrder): Promise<KeptOrder[]> {
  const above: KeptOrder[] = []
  for (const { upgrade } of await upgradesOf(ctx, order, true)) if (await isFree(ctx, upgrade, true)) above.push(...(await freeAbove(ctx, upgrade)), upgrade)
  return above.filter((one, at) => above.findIndex((other) => other.id === one.id) === at)
}

/** What the tiers that an upgrade took in would have used in so many of its days: their time ran on, and is reckoned with them. */
export async function usedBelow(ctx: TxCtx, { gives: { plan }, paidAt }: KeptOrder, days: number): Promise<Cents> {
  const giving = await ordersGiving(ctx, plan?.ends ?? [])
  if (!paidAt || giving.length === 0) return ZERO
  const used = await Promise.all((await ordersOf(ctx, giving.map((one) => one.order))).map(async (order) => {
    const [then, until] = [await planDaysOf(ctx, order, paidAt), await planDaysOf(ctx, order, new Date(paidAt.getTime() + days * DAY_MS))]
    return then && until ? partOf(order.gives.plan?.worth ?? ZERO, until.usedDays - then.usedDays, then.days) : ZERO
  }))
  return plus(ZERO, ...used)
}

/** What the upgrades that cost nothing beside an order used of it more than its own time did, each of them above the one below. */
export async function usedAbove(ctx: TxCtx, order: KeptOrder): Promise<Cents> {
  let used = ZERO
  for (const { right, upgrade } of await upgradesOf(ctx, order, false)) {
    const time = await planDaysOf(ctx, upgrade, ctx.now())
    if (!time || !(await isFree(ctx, upgrade, false))) continue
    const more = minus(partOf(upgrade.gives.plan?.worth ?? ZERO, time.usedDays, time.days), await usedBelow(ctx, upgrade, time.usedDays))
    const all = plus(more > 0 ? more : ZERO, await usedAbove(ctx, upgrade))
    used = plus(used, partOf(all, creditIn(upgrade, right), upgrade.gives.plan?.worth ?? ZERO))
  }
  return used
}

async function upgradesOf(ctx: TxCtx, order: KeptOrder, isLocked: boolean): Promise<{ right: Id<'ent'>; upgrade: KeptOrder }[]> {
  const rights = order.gives.plan ? await planRightsOf(ctx, order.id, isLocked) : []
  const holders = await holdersOf(ctx, rights.map((right) => right.id))
  const upgrades = holders.length === 0 ? [] : (await ordersOf(ctx, holders.map((one) => one.order))).filter((one) => one.state === 'placed' || one.state === 'paid')
  return rights.flatMap(({ id }) => upgrades.filter((upgrade) => holders.some((one) => one.order === upgrade.id && one.subject === id)).map((upgrade) => ({ right: id, upgrade })))
}

/** What an upgrade had spent is its buyer's again, once the money that ended it is back; upgrades that cost nothing beside it are over with it. */
export async function releaseCredit(ctx: TxCtx, order: KeptOrder): Promise<void> {
  for (const { id } of await freeAbove(ctx, order)) {
    const upgrade = await lockedOrder(ctx, id)
    if (upgrade.state !== 'paid') continue
    await moveOrder(ctx, upgrade, 'refunded', [{ what: 'refunded', detail: null }])
    await ctx.tell('order.refunded', { order: id })
  }
  const ends = order.gives.plan?.ends ?? []
  if (ends.length > 0) await release(ctx, order.id, ends)
}
