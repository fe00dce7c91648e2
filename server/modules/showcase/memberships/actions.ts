// The page of plans: what each is, what it costs this caller, and what the caller has.
import type { Sale } from '#contracts/channels.ts'
import type { Membership, PlanCard, PlanRow } from '#contracts/plans.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus } from '#contracts/words/money.ts'
import { dayOf } from '#contracts/words/time.ts'
import type { Ctx, TxCtx } from '#kernel/ctx.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { countPlanMembers, endingSoon, showMemberships } from '#modules/content/access/actions.ts'
import { courseOf } from '#modules/content/catalog/actions.ts'
import { allPlans, shownPlan, type KeptPlan } from '#modules/content/plans/actions.ts'
import { phoneOf } from '#modules/people/members/actions.ts'
import { isPayable, saleFor } from '#modules/trade/channels/actions.ts'
import { planOffers, quote, whyNoPlan } from '#modules/trade/offers/actions.ts'
import { insertReminder, updateReminder, type Reminder } from './store.ts'

type PlanOffer = Awaited<ReturnType<typeof planOffers>>[number]

/** Nothing about price where nothing may be sold; what a member has is always told. */
export async function showPlansHere(ctx: TxCtx): Promise<{ own: Membership[]; plans: PlanCard[]; sale: Sale }> {
  const member = ctx.actor.kind === 'member' ? ctx.actor.member : undefined
  const [offers, plans] = [await planOffers(ctx), await allPlans(ctx)]
  const cards = await Promise.all(plans.map((plan) => cardOf(ctx, member, plan, offers.filter((offer) => offer.plan === plan.id && isPayable(ctx, ['course'], offer.price)))))
  return { own: member ? await showMemberships(ctx, member) : [], plans: cards.filter((card) => card.offers.length > 0), sale: saleFor(ctx) }
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
  return { id: offer.id, title: offer.title, period, price: offer.price, days: offer.accessDays, giftDays: offer.giftDays, total, credit, can: why === undefined && isPayable(ctx, ['course'], total) }
}

export async function countAll(ctx: TxCtx): Promise<{ items: PlanRow[] }> {
  const plans = await allPlans(ctx)
  return { items: await Promise.all(plans.map(async (plan) => ({ plan: shownPlan(plan), ...(await countPlanMembers(ctx, plan)) }))) }
}

/** Tells everyone once, by a text, whose membership ends within the plan's days. Whoever renewed has a later end, and is told of that one. */
export async function remindEnding(ctx: Ctx): Promise<void> {
  if (!ctx.gateways.sms.isReady('planEnds')) return
  for (const plan of await allPlans(ctx)) {
    for (const { member, until } of await endingSoon(ctx, plan)) await remind(ctx, plan.title, { member, plan: plan.id, until })
  }
}

/** Written before it is sent: a text whose fate nobody knows is not sent twice. */
async function remind(ctx: Ctx, title: string, reminder: Reminder): Promise<void> {
  const phone = await phoneOf(ctx, reminder.member)
  if (phone === null || !(await insertReminder(ctx.db, reminder, ctx.now()))) return
  const { zone } = await readSettings(ctx)
  const told = await ctx.gateways.sms.send('planEnds', phone, [title, dayOf(reminder.until, zone)])
  if (told.outcome === 'done') return updateReminder(ctx.db, reminder, 'sent')
  ctx.log.warn({ member: reminder.member, outcome: told.outcome, reason: told.outcome === 'refused' ? told.code : told.why }, 'a member was not told of the end of a membership')
  if (told.outcome === 'refused') await updateReminder(ctx.db, reminder, 'refused')
}
