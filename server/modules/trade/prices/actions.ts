// What a price depends on is looked up here, and the pipeline asked: preview and order both come through this door.
import type { PriceStep } from '#contracts/prices.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { ownedCourses } from '#modules/content/access/actions.ts'
import { lastsAsLong, priceCart } from './rules.ts'

/** What is offered; `parts` are the courses of a bundle, with what each costs alone, and none for a single course. */
export type Offered = { title: string; price: Cents; days: number | null; parts: { course: Id<'crs'>; title: string; worth: Cents }[] }

/** What something costs somebody now, step by step; a visitor pays what anybody pays. */
export async function priceFor(ctx: TxCtx, member: Id<'mem'> | undefined, { title, price, days, parts }: Offered): Promise<{ lines: PriceStep[]; total: Cents }> {
  const owned = member && parts.length > 0 ? await ownedCourses(ctx, member) : undefined
  return priceCart({ title, price, parts: parts.map((part) => ({ ...part, isOwned: lastsAsLong(owned?.get(part.course), days, ctx.now()) })) })
}

/** True when somebody has all of it for at least as long as it would be given. */
export async function hasAll(ctx: TxCtx, member: Id<'mem'>, courses: Id<'crs'>[], days: number | null): Promise<boolean> {
  const owned = await ownedCourses(ctx, member)
  return courses.every((course) => lastsAsLong(owned.get(course), days, ctx.now()))
}
