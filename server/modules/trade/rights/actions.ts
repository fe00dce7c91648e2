// What a refund does to the rights of its order: it lessens or ends them when it begins, and undoes that when it fails; and what upgrades took of them.
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { changeWorth, endByUpgrade, planRightsOf, restoreByRefund, revokeByOrder } from '#modules/content/access/actions.ts'
import { noteEvent, ordersOf, type KeptOrder } from '#modules/trade/orders/actions.ts'
import { stopParcel } from '#modules/trade/parcels/actions.ts'
import { holdersOf, release } from '#modules/trade/stock/actions.ts'
import { creditIn } from './rules.ts'

type Back = { id: Id<'rfd'>; order: Id<'ord'>; amount: Cents; reason: string; endsAccess: boolean }

/** Money begins to go back: what is had for it is worth less, or over. */
export async function takeBack(ctx: TxCtx, { id, order, amount, reason, endsAccess }: Back): Promise<void> {
  await changeWorth(ctx, order, minus(ZERO, amount))
  if (!endsAccess) return
  await stopParcel(ctx, order)
  if ((await revokeByOrder(ctx, order, reason, id)) > 0) await noteEvent(ctx, order, 'access_revoked')
}

/** It failed: what is had is worth as much again. What the refund ended lives again, unless `heir`, another refund of the order, or an upgrade that stands, ends it too. A parcel that it stopped waits for a person. */
export async function giveAgain(ctx: TxCtx, order: KeptOrder, { id, amount, endsAccess }: Back, heir: Id<'rfd'> | undefined): Promise<void> {
  await changeWorth(ctx, order.id, amount)
  if (!endsAccess) return
  const restored = await restoreByRefund(ctx, id, heir, { order: order.id, plan: order.gives.plan })
  const ended = restored > 0 ? await endTraded(ctx, order) : 0
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

/** What upgrades, paid or waiting to be paid, took of what an order cost. `isLocked`: no upgrade is paid until the transaction ends. */
export async function creditTaken(ctx: TxCtx, order: KeptOrder, isLocked: boolean): Promise<Cents> {
  return plus(ZERO, ...(await upgradesOf(ctx, order, isLocked)).map(({ right, upgrade }) => creditIn(upgrade, right)))
}

async function upgradesOf(ctx: TxCtx, order: KeptOrder, isLocked: boolean): Promise<{ right: Id<'ent'>; upgrade: KeptOrder }[]> {
  const rights = order.gives.plan ? await planRightsOf(ctx, order.id, isLocked) : []
  const holders = await holdersOf(ctx, rights.map((right) => right.id))
  const upgrades = holders.length === 0 ? [] : (await ordersOf(ctx, holders.map((one) => one.order))).filter((one) => one.state === 'placed' || one.state === 'paid')
  return rights.flatMap(({ id }) => upgrades.filter((upgrade) => holders.some((one) => one.order === upgrade.id && one.subject === id)).map((upgrade) => ({ right: id, upgrade })))
}

/** What an upgrade had spent is its buyer's again, once the money that ended it is back. */
export async function releaseCredit(ctx: TxCtx, { id, gives: { plan } }: KeptOrder): Promise<void> {
  if (plan && plan.ends.length > 0) await release(ctx, id, plan.ends)
}
