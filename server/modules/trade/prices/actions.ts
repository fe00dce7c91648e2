// What a price depends on is looked up here, and the pipeline asked: preview and order both come through this door.
import type { PriceStep } from '#contracts/prices.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, split, type Cents } from '#contracts/words/money.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { creditsBelow, ownedCourses, plansOf, type Credit } from '#modules/content/access/actions.ts'
import type { KeptPlan } from '#modules/content/plans/actions.ts'
import { lastsAsLong, priceCart, type Cart } from './rules.ts'

/**
 * What is offered. `parts` are the courses of a bundle, with what each costs alone, and none for a single course;
 * `plan` is the plan that is sold, and `plans` are all there are; `shipping` is what sending costs, null when nothing is sent.
 */
export type Offered = { title: string; price: Cents; pieces: number; days: number | null; parts: { course: Id<'crs'>; title: string; worth: Cents }[]; plan: KeptPlan | null; plans: KeptPlan[]; shipping: Cart['shipping'] }

/** `spends` are the rights whose worth went into the price, with how much of it did: they end when it is paid. */
export type Priced = { lines: PriceStep[]; total: Cents; goodsPart: Cents | null; spends: { right: Id<'ent'>; credit: Cents }[] }

/** What something costs somebody now, step by step; a visitor pays what anybody pays. */
export async function priceFor(ctx: TxCtx, member: Id<'mem'> | undefined, offered: Offered): Promise<Priced> {
  const { title, price, pieces, days, parts, plan, shipping } = offered
  const owned = member && parts.length > 0 ? await ownedCourses(ctx, member) : undefined
  const credits = member && plan ? await creditsBelow(ctx, member, plan.rank) : []
  const cart: Cart = {
    title, price, pieces, credit: creditOf(credits), shipping,
    parts: parts.map((part) => ({ ...part, isOwned: lastsAsLong(owned?.get(part.course), days, ctx.now()) })),
    ...(plan ? { discount: null, missing: null } : await discountFor(ctx, member, offered.plans)),
  }
  const priced = priceCart(cart)
  const taken = minus(ZERO, priced.lines.find((line) => line.step === 'upgrade_credit')?.amount ?? ZERO)
  const shares = taken === 0 ? credits.map(() => ZERO) : split(taken, credits.map((one) => one.amount))
  return { ...priced, spends: credits.map(({ right }, at) => ({ right, credit: shares[at] ?? ZERO })) }
}

async function discountFor(ctx: TxCtx, member: Id<'mem'> | undefined, plans: KeptPlan[]): Promise<Pick<Cart, 'discount' | 'missing'>> {
  const giving = plans.filter((plan) => plan.discountBasisPoints !== null)
  if (giving.length === 0) return { discount: null, missing: null }
  const held = member ? (await plansOf(ctx, member)).map((one) => one.plan) : []
  const [best] = cheapestFirst(held.filter((plan) => plan.discountBasisPoints !== null))
  if (best) return { discount: { plan: best.title, basisPoints: best.discountBasisPoints ?? 10_000 }, missing: null }
  return { discount: null, missing: cheapestFirst(giving)[0]?.title ?? null }
}

function cheapestFirst(plans: KeptPlan[]): KeptPlan[] {
  return plans.toSorted((a, b) => (a.discountBasisPoints ?? 10_000) - (b.discountBasisPoints ?? 10_000))
}

function creditOf(credits: Credit[]): Cart['credit'] {
  if (credits.length === 0) return null
  return { plan: [...new Set(credits.map((one) => one.title))].join('、'), days: credits.reduce((sum, one) => sum + one.days, 0), amount: plus(...credits.map((one) => one.amount)) }
}

/** True when somebody has all of it for at least as long as it would be given. */
export async function hasAll(ctx: TxCtx, member: Id<'mem'>, courses: Id<'crs'>[], days: number | null): Promise<boolean> {
  const owned = await ownedCourses(ctx, member)
  return courses.every((course) => lastsAsLong(owned.get(course), days, ctx.now()))
}
