// What the simulated academy sells: a course that is shared with partners, one in tiers and few seats, a bundle, plans, a book that is sent, a pack of coins, and codes.
import { publishCourse, termsOf, type Course, type Shop } from '../server/test/shop.ts'
import type { Json } from '../server/test/sandbox.ts'
import { FEN_A_COIN } from './coins.ts'

/** `opens`: what the offer gives. `isFree`: a trial, which costs nothing. `isSent`: goods, which need an address. */
export type Ware = { offer: string; name: string; opens: { courses: string[]; plan: string | null }; isFree: boolean; isSent: boolean }
export type Operator = { email: string; password: string; cookie: string }
export type Academy = { wares: Ware[]; courses: Course[]; codes: string[]; codesUsed: number; second: Operator; owner: Operator }

type Furnished = Omit<Shop, 'stop'>

export async function fillAcademy(shop: Furnished): Promise<Academy> {
  const { course } = shop
  const other = await publishCourse(shop.app, shop.desk, 5900)
  await shareCourse(shop, course)
  const wares = [
    ware('course', course.offer, [course.id]),
    ware('other', other.offer, [other.id]),
    await sell(shop, 'tier', { ...termsOf(other.id, 1900), title: '入门', accessDays: 30 }),
    await sell(shop, 'bundle', { ...termsOf('', 12_900), title: '合集', courses: [course.id, other.id] }),
    await sell(shop, 'seats', { ...termsOf(other.id, 4900), title: '席位', seats: 12 }),
    ...(await sellPlans(shop, other)),
    await sellBook(shop, course),
    await sellPack(shop),
  ]
  const codes = [...(await makeCodes(shop, course.offer)), ...(await makeCodes(shop, wares.find((one) => one.name === 'month')?.offer ?? ''))]
  const second = { email: 'finance@example.com', password: 'a long enough password' }
  await shop.desk('POST /console/staff', { name: '财务', role: 'finance', ...second })
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: 2_000_000 })
  return { wares, courses: [course, other], codes, codesUsed: 0, second: { ...second, cookie: '' }, owner: { email: 'owner@example.com', password: 'correct horse battery', cookie: '' } }
}

function ware(name: string, offer: string, courses: string[], plan: string | null = null, isFree = false): Ware {
  return { name, offer, opens: { courses, plan }, isFree, isSent: false }
}

async function sell(shop: Furnished, name: string, terms: ReturnType<typeof termsOf>): Promise<Ware> {
  const kind = terms.plan ? 'plan' : terms.courses.length > 1 ? 'bundle' : 'course'
  const { id } = await shop.desk('POST /console/offers', { kind, ...terms })
  return ware(name, id, terms.courses, terms.plan, terms.price === 0)
}

async function sellPlans(shop: Furnished, other: Course): Promise<Ware[]> {
  const reader = await shop.desk('POST /console/plans', { title: '书友', about: '', rank: 1, unlocksAll: false, courses: [other.id], discountBasisPoints: 8000, remindDays: 7 })
  const scholar = await shop.desk('POST /console/plans', { title: '学者', about: '', rank: 2, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
  const time = (name: string, plan: Json, period: string, price: number) => sell(shop, name, { ...termsOf('', price), title: name, plan: plan.id, period, accessDays: period === 'trial' ? 7 : null })
  return [await time('month', reader, 'month', 1200), await time('year', scholar, 'year', 30_000), await time('trial', scholar, 'trial', 0)]
}

async function sellBook(shop: Furnished, course: Course): Promise<Ware> {
  const { id } = await shop.desk('POST /console/offers', { kind: 'goods', ...termsOf(course.id, 4900), title: '手帐本', seats: 40, parcel: { goods: '手帐本一册', fee: 800, freeFrom: null }, vat: 'books' })
  return { ...ware('book', id, []), isSent: true }
}

async function sellPack(shop: Furnished): Promise<Ware> {
  await shop.desk('PUT /console/coin', { name: '书院币', perYuan: 100 / FEN_A_COIN, onSale: true })
  const { id } = await shop.desk('POST /console/offers', { kind: 'coins', ...termsOf('', 0), coins: 5000 })
  return ware('pack', id, [])
}

async function shareCourse(shop: Furnished, course: Course): Promise<void> {
  const partner = await shop.desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000109', name: '合作机构有限公司', relation: 'PARTNER' })
  const teacher = await shop.desk('POST /console/share-receivers', { kind: 'person', account: 'oTeacherTeacherTeacherTeach', name: '沈一白', relation: 'STAFF' })
  await shop.desk('PUT /console/share-terms', { coolingDays: 0, capBasisPoints: 3000 })
  await shop.desk(`PUT /console/offers/${course.offer}/share-rates`, { rates: [{ receiver: partner.id, basisPoints: 2000 }, { receiver: teacher.id, basisPoints: 1000 }] })
}

async function makeCodes(shop: Furnished, offer: string): Promise<string[]> {
  const batch = await shop.desk('POST /console/code-batches', { title: '读书会', offer, count: 300, expiresAt: null })
  const { text } = await shop.app.ask(`GET /console/code-batches/${batch.id}/exports`, undefined, { cookie: shop.owner })
  return [...text.matchAll(/^"([0-9A-Z-]{19})"/gm)].map((found) => found[1] ?? '')
}
