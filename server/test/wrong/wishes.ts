// What to ask where a question made from the schema alone would not make sense; each is right for the academy as it then stands.
import { generateSync } from 'otplib'
import type { Asker } from '../server.ts'
import { termsOf } from '../shop.ts'
import type { Academy } from './academy.ts'

type Body = Record<string, unknown>
export type Wish = { at?: Record<string, string>; body?: Body | (() => Promise<Body>); as?: () => Asker }

const password = 'correct horse battery'

/** Routes that are asked after all others, because they end what the others are about, in this order. */
export const lastOnes = [
  'DELETE /console/lessons/:lesson', 'DELETE /console/chapters/:chapter', 'DELETE /console/courses/:course', 'DELETE /console/categories/:category', 'DELETE /console/lecturers/:lecturer', 'POST /console/entitlements/:entitlement/revocations',
  'POST /console/orders/:order/refunds', 'DELETE /console/courses/:course/publications', 'POST /console/courses/:course/publications', 'POST /console/courses/:course/archivings',
  'DELETE /console/share-receivers/:receiver', 'PUT /console/me/password', 'POST /console/me/totp', 'PUT /console/me/totp', 'DELETE /console/me/totp', 'DELETE /sessions/current', 'DELETE /console/sessions/current',
]

export function wishesFor(academy: Academy): Record<string, Wish> {
  return { ...ofMembers(academy), ...ofOperators(academy), ...ofCourses(academy), ...ofTrade(academy), ...ofClaims(academy), ...ofPeople(academy), ...ofParcels(academy) }
}

function ofMembers({ shop, buyer, stranger, soundLesson }: Academy): Record<string, Wish> {
  const { sim, app } = shop
  const wechat = async (kind: string, user: string, more: object = {}) => ({ code: (await sim('POST', `/__client/${kind}`, { appid: app.tenant.appid, user, ...more })).code })
  return {
    'POST /sessions/phone': {
      body: async () => {
        await app.ask('POST /sms-codes', { phone: '13900000001' })
        const { items: [sms] } = await sim('GET', '/__sim/sms?phone=13900000001')
        return { phone: '13900000001', code: String(sms.params[0]), agreed: true }
      },
    },
    'POST /sessions/wechat': { body: () => wechat('login', 'newcomer') },
    'POST /sessions/official': {
      body: async () => {
        const { url } = (await app.ask('POST /official-visits', { back: '/pages/me/me', state: 'agreed' })).body
        const back = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
        return { code: new URL(back).searchParams.get('code'), agreed: true }
      },
    },
    'PUT /me/phone/wechat': { body: () => wechat('phone', buyer.user, { phone: '13900000002' }) },
    'PUT /me/session-key/wechat': { body: () => wechat('login', buyer.user) },
    'GET /courses/:course': { at: { course: shop.course.id } },
    'POST /courses/:course/reviews': { as: () => stranger },
    'POST /lessons/:lesson/plays': { at: { lesson: soundLesson } },
    'PUT /lessons/:lesson/progress': { at: { lesson: soundLesson }, body: { ranges: [[0, 2]], positionSeconds: 2, at: '2026-11-20T00:00:00.000Z' } },
  }
}

function ofOperators({ shop, owner }: Academy): Record<string, Wish> {
  const { desk, app } = shop
  let secret = ''
  return {
    'PUT /console/academy': { body: () => desk('GET /console/academy') },
    'POST /console/setup': { body: { key: 'test-setup-key', academy: '另一家', name: '别人', email: 'other@example.com', password } },
    'POST /console/sessions': { body: { email: 'owner@example.com', password } },
    'PUT /console/me/password': { body: { current: password, next: password } },
    'PUT /console/me/totp': {
      body: async () => {
        secret = (await app.ask('POST /console/me/totp', undefined, owner)).body.secret
        return { code: generateSync({ secret }) }
      },
    },
    'DELETE /console/me/totp': { body: { password } },
  }
}

function ofCourses({ shop, spare, known }: Academy): Record<string, Wish> {
  const { desk } = shop
  const [course, draft] = [String(known.crs), String(spare.crs)]
  const whole = () => desk(`GET /console/courses/${course}`)
  return {
    'PATCH /console/courses/:course': { body: async () => ({ version: (await whole()).version, promise: '十一讲', related: [draft], category: known.cat, lecturer: known.lec, coverAsset: known.ast }) },
    'PATCH /console/lessons/:lesson': { body: async () => ({ version: (await whole()).chapters[0].lessons[0].version, title: '记给谁看', summary: '', asset: null, articleHtml: '<p>第一段</p>', free: true, trial: { seconds: null, basisPoints: 2000 } }) },
    'PUT /console/courses/:course/order': {
      body: async () => ({ chapters: (await whole()).chapters.map((chapter: { id: string; lessons: { id: string }[] }) => ({ chapter: chapter.id, lessons: chapter.lessons.map(({ id }) => id) })) }),
    },
    'POST /console/chapters/:chapter/lessons': { at: { chapter: String(spare.chp) } },
    'PUT /console/lessons/:lesson/subtitles': { body: { language: 'zh-Hans', asset: null } },
    'POST /console/courses/:course/publications': { body: { at: null } },
    'DELETE /console/lessons/:lesson': { at: { lesson: String(spare.lsn) } },
    'DELETE /console/chapters/:chapter': { at: { chapter: String(spare.chp) } },
    'DELETE /console/courses/:course': { at: { course: draft } },
    'DELETE /console/categories/:category': { at: { category: String(spare.cat) } },
    'DELETE /console/lecturers/:lecturer': { at: { lecturer: String(spare.lec) } },
  }
}

function ofTrade({ shop, known, spare, tooMuch, undecided, coin }: Academy): Record<string, Wish> {
  const course = shop.course.id
  const open: Wish = { at: { order: undecided.order }, as: () => undecided.buyer }
  return {
    'GET /coins/packs': { as: () => ({ client: 'wechat/android/device-test' }) },
    'PUT /console/coin': { body: coin },
    'PUT /console/code-batches/:batch': { body: { expiresAt: null } },
    'POST /console/code-batches': { body: { title: '赠课', offer: String(known.ofr), count: 2, expiresAt: null } },
    'POST /redemptions': {
      as: () => undecided.buyer,
      body: async () => ({ code: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec((await shop.app.ask(`GET /console/code-batches/${known.btc}/exports`, undefined, { cookie: shop.owner })).text)?.[0] }),
    },
    'POST /console/offers': { body: { kind: 'course', ...termsOf(course, 12_900), title: '高阶' } },
    'PUT /console/offers/:offer': { body: { ...termsOf(course, 9900), accessDays: 365 } },
    'POST /orders': {
      as: () => undecided.buyer,
      body: async () => {
        const { id: offer } = await shop.desk('POST /console/offers', { kind: 'course', ...termsOf(course, 12_900), title: '初阶' })
        const { total, agreementVersion, policy } = await shop.asBuyer(undecided.buyer, 'POST /quotes', { offer })
        return { offer, total, agreementVersion, policy, requestKey: `a-key-of-its-own-${String(offer).slice(4)}` }
      },
    },
    'POST /console/ledger/arrivals': { body: { rail: 'douyin', amount: 100, reference: '20261121000001' } },
    'POST /console/withdrawals': { body: { amount: 100, requestKey: 'key-of-a-withdrawal' } },
    'PUT /console/payout-terms': { body: { approveAbove: 50_000, dayCap: 500_000 } },
    'POST /console/share-receivers': { body: { kind: 'merchant', account: '1900000110', name: '另一家有限公司', relation: 'PARTNER' } },
    'PUT /console/share-terms': { body: { coolingDays: 3, capBasisPoints: 3000 } },
    'PUT /console/offers/:offer/share-rates': { body: { rates: [] } },
    'POST /console/refunds/:refund/redirections': { body: { bank: 'CMB_DEBIT', account: '6225880100000001', name: '林晓' } },
    'POST /console/orders/:order/refunds': { body: { reason: '不想要了', requestKey: 'the-key-of-a-refund', amount: 1, endsAccess: true } },
    'POST /orders/:order/payments': { ...open, body: { wide: true } },
    'POST /orders/:order/checks': open,
    'POST /orders/:order/closings': open,
    'POST /console/discrepancies/:discrepancy/refunds': { at: { discrepancy: tooMuch }, body: { note: '退回' } },
    'POST /console/discrepancies/:discrepancy/checks': { at: { discrepancy: String(spare.pay) } },
    'POST /console/differences/:difference/resolutions': { at: { difference: String(spare.dif) } },
  }
}

function ofClaims({ claims: [first, second, third] }: Academy): Record<string, Wish> {
  return {
    'GET /orders/:order/claims': { at: { order: first?.order ?? '' }, as: () => first?.buyer ?? {} },
    'POST /claims/:claim/withdrawals': { at: { claim: first?.claim ?? '' }, as: () => first?.buyer ?? {} },
    'POST /console/claims/:claim/approvals': { at: { claim: second?.claim ?? '' }, body: { fault: 'learner', answer: '' } },
    'POST /console/claims/:claim/refusals': { at: { claim: third?.claim ?? '' } },
  }
}

function ofPeople({ known, asked, complaints: [, second, third] }: Academy): Record<string, Wish> {
  return {
    'POST /console/dues': { body: { member: known.mem, amount: 100, reason: '分成', requestKey: 'key-of-another-due' } },
    'POST /payouts/:payout/cancellations': { at: { payout: asked } },
    'GET /console/complaints/:complaint/pictures/:picture': { at: { picture: '0' } },
    'POST /console/complaints/:complaint/refunds': { at: { complaint: second ?? '' } },
    'POST /console/complaints/:complaint/refusals': { at: { complaint: third ?? '' } },
  }
}

function ofParcels({ parcels }: Academy): Record<string, Wish> {
  return {
    'DELETE /me/addresses/:address': { at: { address: parcels.spareAddress } },
    'PUT /orders/:order/address': { at: { order: parcels.waiting } },
    'POST /orders/:order/extensions': { at: { order: parcels.shipped } },
    'POST /orders/:order/receipts': { at: { order: parcels.shipped } },
    'PUT /console/parcels/:order/shipment': { at: { order: parcels.toShip } },
    'POST /console/parcels/:order/reminders': { at: { order: parcels.shipped } },
    'POST /console/parcels/:order/returns': { at: { order: parcels.shipped } },
    'POST /console/parcels/:order/resumptions': { at: { order: parcels.cancelled } },
    'POST /console/parcel-imports': { body: { csv: '订单号,快递公司,快递单号' } },
  }
}
