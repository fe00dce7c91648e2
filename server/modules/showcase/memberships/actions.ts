// The page of plans: what each is, what it costs this caller, and what the caller has.
import type { Membership, PlanCard, PlanRow } from '#contracts/plans.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus } from '#contracts/words/money.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { countPlanMembers, showMemberships } from '#modules/content/access/actions.ts'
import { courseOf } from '#modules/content/catalog/actions.ts'
import { allPlans, shownPlan, type KeptPlan } from '#modules/content/plans/actions.ts'
import { channelsFor } from '#modules/trade/channels/actions.ts'
import { planOffers, quote, whyNoPlan } from '#modules/trade/offers/actions.ts'

type PlanOffer = Awaited<ReturnType<typeof planOffers>>[number]

/** Nothing about price where nothing may be sold; what a member has is always told. */
export async function showPlansHere(ctx: TxCtx): Promise<{ own: Membership[]; plans: PlanCard[] }> {
  const member = ctx.actor.kind === 'member' ? ctx.actor.member : undefined
  const [offers, plans] = [await planOffers(ctx), await allPlans(ctx)]
  const canSell = channelsFor(ctx).length > 0
  const cards = await Promise.all(plans.map((plan) => cardOf(ctx, member, plan, offers.filter((offer) => offer.plan === plan.id && (canSell || offer.price === 0)))))
  return { own: member ? await showMemberships(ctx, member) : [], plans: cards.filter((card) => card.offers.length > 0) }
}

async function cardOf(ctx: TxCtx, member: Id<'mem'> | undefined, plan: KeptPlan, offers: PlanOffer[]): Promise<PlanCard> {
  const courses = (await Promise.all(plan.courses.map((id) => courseOf(ctx, id)))).filter((course) => course?.state === 'published').filter((course) => course !== undefined)
  return {
    id: plan.id,
    title: plan.title,
    about: plan.about,
    unlocksAll: plan.unlocksAll,
    courses: courses.map(({ id, title, slug }) => ({ id, title, slug })),
    discountBasisPoints: plan.discountBasisPoints,
    offers: await Promise.all(offers.map((offer) => choiceOf(ctx, member, plan, offer))),
  }
}

async function choiceOf(ctx: TxCtx, member: Id<'mem'> | undefined, plan: KeptPlan, offer: PlanOffer): Promise<PlanCard['offers'][number]> {
  const period = offer.period ?? 'month'
  const [{ total, lines }, why] = [await quote(ctx, member, offer.id), member ? await whyNoPlan(ctx, member, { plan: plan.id, rank: plan.rank, period }) : undefined]
  const credit = minus(ZERO, lines.find((line) => line.step === 'upgrade_credit')?.amount ?? ZERO)
  return { id: offer.id, title: offer.title, period, price: offer.price, days: offer.accessDays, giftDays: offer.giftDays, total, credit, can: why === undefined }
}

export async function countAll(ctx: TxCtx): Promise<{ items: PlanRow[] }> {
  const plans = await allPlans(ctx)
  return { items: await Promise.all(plans.map(async (plan) => ({ plan: shownPlan(plan), ...(await countPlanMembers(ctx, plan)) }))) }
}
