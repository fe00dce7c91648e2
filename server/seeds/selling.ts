// What the demo academy sells besides single courses: plans with their times, bundles, goods, and coins.
import type { Period } from '#contracts/plans.ts'
import type { CoinRatio } from '#contracts/words/coins.ts'
import type { Id } from '#contracts/words/id.ts'
import { cents } from '#contracts/words/money.ts'
import type { VatClass } from '#contracts/words/parcels.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { allPlans, savePlan } from '#modules/content/plans/actions.ts'
import { setCoin, showCoin } from '#modules/trade/coins/actions.ts'
import { addOffer, planOffers, showOffers } from '#modules/trade/offers/actions.ts'

type PlanFile = { title: string; about: string; rank: number; courses: string[] | 'all'; offers: { title: string; period: Period; priceCents: number; days?: number }[] }
export type SellingFile = { plans: PlanFile[]; bundles: { title: string; priceCents: number; courses: string[] }[]; goods: { title: string; parcel: string; priceCents: number; feeCents: number; freeFromCents: number; vat: VatClass; stock: number; courses: string[] }[]; coin: { name: string; perYuan: CoinRatio; packs: number[] } }
type Courses = Map<string, Id<'crs'>>

/** What a killed seed has made already is left as it is. */
export async function seedSelling(ctx: Ctx, { plans, bundles, goods, coin }: SellingFile, courses: Courses): Promise<void> {
  for (const plan of plans) await seedPlan(ctx, plan, courses)
  const known = new Set((await showOffers(ctx, undefined)).items.map((offer) => offer.title))
  for (const { title, priceCents, courses: slugs } of bundles) {
    if (!known.has(title)) await addOffer(ctx, { ...standing, kind: 'bundle', title, courses: idsOf(slugs, courses), price: cents(priceCents) })
  }
  for (const { title, parcel, priceCents, feeCents, freeFromCents, vat, stock, courses: slugs } of goods) {
    if (!known.has(title)) await addOffer(ctx, { ...standing, kind: 'goods', title, courses: idsOf(slugs, courses), price: cents(priceCents), parcel: { goods: parcel, fee: cents(feeCents), freeFrom: cents(freeFromCents) }, vat, seats: stock })
  }
  if (ctx.knobs.xpayOfferId !== '') await seedCoin(ctx, coin)
}

async function seedCoin(ctx: Ctx, { name, perYuan, packs }: SellingFile['coin']): Promise<void> {
  if ((await showCoin(ctx)).coin === null) await setCoin(ctx, { name, perYuan, onSale: true })
  const known = new Set((await showOffers(ctx, undefined)).items.map((offer) => offer.coins))
  for (const coins of packs) if (!known.has(coins)) await addOffer(ctx, { ...standing, kind: 'coins', title: '', courses: [], price: cents(0), coins })
}

const standing = { plan: null, period: null, accessDays: null, onSale: true, from: null, until: null, seats: null }

async function seedPlan(ctx: Ctx, { title, about, rank, courses: slugs, offers }: PlanFile, courses: Courses): Promise<void> {
  const unlocks = slugs === 'all' ? { unlocksAll: true, courses: [] } : { unlocksAll: false, courses: idsOf(slugs, courses) }
  const known = (await allPlans(ctx)).find((plan) => plan.title === title)
  const plan = known ?? (await savePlan(ctx, null, { title, about, rank, ...unlocks, discountBasisPoints: null, remindDays: 7 }))
  const periods = new Set((await planOffers(ctx)).filter((offer) => offer.plan === plan.id).map((offer) => offer.period))
  for (const offer of offers) {
    if (!periods.has(offer.period)) await addOffer(ctx, { ...standing, kind: 'plan', title: offer.title, courses: [], plan: plan.id, period: offer.period, price: cents(offer.priceCents), accessDays: offer.days ?? null })
  }
}

function idsOf(slugs: string[], courses: Courses): Id<'crs'>[] {
  return slugs.map((slug) => courses.get(slug)).filter((id) => id !== undefined)
}
