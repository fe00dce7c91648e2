// The rooms, in order from left to right: a room may look only left.
import type { FastifyInstance } from 'fastify'
import { academyFaceRoutes, academyRoutes } from '#contracts/academy.ts'
import { accessRoutes } from '#contracts/access.ts'
import { catalogRoutes, shelfRoutes } from '#contracts/catalog.ts'
import { channelRoutes } from '#contracts/channels.ts'
import { codeRoutes } from '#contracts/codes.ts'
import { claimRoutes } from '#contracts/claims.ts'
import { coinPackRoutes, coinRoutes } from '#contracts/coins.ts'
import { complaintRoutes } from '#contracts/complaints.ts'
import { deskRoutes } from '#contracts/desk.ts'
import { discrepancyRoutes } from '#contracts/discrepancies.ts'
import { dueRoutes } from '#contracts/dues.ts'
import { ledgerRoutes } from '#contracts/ledger.ts'
import { mediaRoutes } from '#contracts/media.ts'
import { addressRoutes } from '#contracts/addresses.ts'
import { memberDeskRoutes, memberRoutes } from '#contracts/members.ts'
import { offerRoutes } from '#contracts/offers.ts'
import { orderRoutes } from '#contracts/orders.ts'
import { pageRoutes } from '#contracts/pages.ts'
import { noticeRoutes, paymentRoutes } from '#contracts/payments.ts'
import { membershipRoutes, planRoutes } from '#contracts/plans.ts'
import { playRoutes } from '#contracts/plays.ts'
import { policyRoutes } from '#contracts/policies.ts'
import { rateRoutes } from '#contracts/rates.ts'
import { progressRoutes } from '#contracts/progress.ts'
import { reconciliationRoutes } from '#contracts/reconciliation.ts'
import { refundAskRoutes } from '#contracts/refundasks.ts'
import { refundRoutes } from '#contracts/refunds.ts'
import { reportRoutes } from '#contracts/reports.ts'
import { settlementRoutes } from '#contracts/settlements.ts'
import { withdrawalRoutes } from '#contracts/withdrawals.ts'
import { reviewRoutes } from '#contracts/reviews.ts'
import { parcelRoutes } from '#contracts/parcels.ts'
import { payoutRoutes } from '#contracts/payouts.ts'
import { receiverRoutes, shareRoutes } from '#contracts/shares.ts'
import { auditRoutes, staffRoutes } from '#contracts/staff.ts'
import type { Room } from '#kernel/jobs.ts'
import { serveRoutes, type Serving } from '#kernel/serve.ts'
import { routes as audit } from '#modules/academy/audit/routes.ts'
import { routes as settings } from '#modules/academy/settings/routes.ts'
import { routes as staff } from '#modules/academy/staff/routes.ts'
import { routes as members } from '#modules/people/members/routes.ts'
import { routes as addresses } from '#modules/people/addresses/routes.ts'
import { jobs as membersJobs } from '#modules/people/members/jobs.ts'
import { routes as media } from '#modules/content/media/routes.ts'
import { jobs as mediaJobs } from '#modules/content/media/jobs.ts'
import { mountCallbacks as mountMedia } from '#modules/content/media/callbacks.ts'
import { routes as shelves } from '#modules/content/shelves/routes.ts'
import { routes as catalog } from '#modules/content/catalog/routes.ts'
import { jobs as catalogJobs } from '#modules/content/catalog/jobs.ts'
import { routes as plans } from '#modules/content/plans/routes.ts'
import { routes as access } from '#modules/content/access/routes.ts'
import { routes as ledger } from '#modules/money/ledger/routes.ts'
import { routes as withdrawals } from '#modules/money/withdrawals/routes.ts'
import { jobs as withdrawalsJobs } from '#modules/money/withdrawals/jobs.ts'
import { routes as dues } from '#modules/money/dues/routes.ts'
import { routes as payouts } from '#modules/money/payouts/routes.ts'
import { jobs as payoutsJobs } from '#modules/money/payouts/jobs.ts'
import { routes as channels } from '#modules/trade/channels/routes.ts'
import { routes as coins } from '#modules/trade/coins/routes.ts'
import { jobs as coinsJobs } from '#modules/trade/coins/jobs.ts'
import { routes as policies } from '#modules/trade/policies/routes.ts'
import { routes as rates } from '#modules/trade/rates/routes.ts'
import { packRoutes as coinPacks, routes as offers } from '#modules/trade/offers/routes.ts'
import { jobs as offersJobs, listens as offersListens } from '#modules/trade/offers/jobs.ts'
import { routes as orders } from '#modules/trade/orders/routes.ts'
import { routes as codes } from '#modules/trade/codes/routes.ts'
import { listens as ordersListens } from '#modules/trade/orders/jobs.ts'
import { jobs as attemptsJobs } from '#modules/trade/attempts/jobs.ts'
import { routes as receivers } from '#modules/trade/receivers/routes.ts'
import { routes as shares } from '#modules/trade/shares/routes.ts'
import { jobs as sharesJobs } from '#modules/trade/shares/jobs.ts'
import { routes as payments } from '#modules/trade/payments/routes.ts'
import { jobs as paymentsJobs } from '#modules/trade/payments/jobs.ts'
import { routes as notices } from '#modules/trade/notices/routes.ts'
import { jobs as noticesJobs } from '#modules/trade/notices/jobs.ts'
import { mountCallbacks as mountNotices } from '#modules/trade/notices/callbacks.ts'
import { routes as refunds } from '#modules/trade/refunds/routes.ts'
import { jobs as refundsJobs } from '#modules/trade/refunds/jobs.ts'
import { jobs as foreignJobs } from '#modules/trade/foreign/jobs.ts'
import { routes as refundAsks } from '#modules/trade/refundasks/routes.ts'
import { jobs as refundAsksJobs } from '#modules/trade/refundasks/jobs.ts'
import { routes as settlements } from '#modules/trade/settlements/routes.ts'
import { jobs as settlementsJobs } from '#modules/trade/settlements/jobs.ts'
import { routes as desk } from '#modules/trade/desk/routes.ts'
import { routes as complaints } from '#modules/trade/complaints/routes.ts'
import { jobs as complaintsJobs } from '#modules/trade/complaints/jobs.ts'
import { routes as shipping } from '#modules/trade/shipping/routes.ts'
import { jobs as shippingJobs } from '#modules/trade/shipping/jobs.ts'
import { routes as claims } from '#modules/trade/claims/routes.ts'
import { routes as discrepancies } from '#modules/trade/discrepancies/routes.ts'
import { routes as reconciliation } from '#modules/money/reconciliation/routes.ts'
import { jobs as reconciliationJobs } from '#modules/money/reconciliation/jobs.ts'
import { routes as progress } from '#modules/learning/progress/routes.ts'
import { routes as plays } from '#modules/learning/plays/routes.ts'
import { mountCallbacks as mountPlays } from '#modules/learning/plays/callbacks.ts'
import { routes as reviews } from '#modules/learning/reviews/routes.ts'
import { routes as academyFace } from '#modules/showcase/academy/routes.ts'
import { jobs as membershipJobs } from '#modules/showcase/memberships/jobs.ts'
import { routes as memberships } from '#modules/showcase/memberships/routes.ts'
import { routes as pages } from '#modules/showcase/pages/routes.ts'
import { routes as reports } from '#modules/insight/reports/routes.ts'
import { routes as memberDesk } from '#modules/insight/members/routes.ts'

export const rooms: Room[] = [
  { name: 'academy/audit' },
  { name: 'academy/settings' },
  { name: 'academy/staff' },
  { name: 'people/members', jobs: membersJobs },
  { name: 'people/addresses' },
  { name: 'trust/usage' },
  { name: 'content/media', jobs: mediaJobs },
  { name: 'content/shelves' },
  { name: 'content/outline' },
  { name: 'content/catalog', jobs: catalogJobs },
  { name: 'content/plans' },
  { name: 'content/access' },
  { name: 'money/ledger' },
  { name: 'money/withdrawals', jobs: withdrawalsJobs },
  { name: 'money/dues' },
  { name: 'money/payouts', jobs: payoutsJobs },
  { name: 'trade/channels' },
  { name: 'trade/coins', jobs: coinsJobs },
  { name: 'trade/policies' },
  { name: 'trade/rates' },
  { name: 'trade/prices' },
  { name: 'trade/stock' },
  { name: 'trade/parcels' },
  { name: 'trade/alipay' },
  { name: 'trade/douyin' },
  { name: 'trade/offers', jobs: offersJobs, listens: offersListens },
  { name: 'trade/orders', listens: ordersListens },
  { name: 'trade/rights' },
  { name: 'trade/codes' },
  { name: 'trade/attempts', jobs: attemptsJobs },
  { name: 'trade/receivers' },
  { name: 'trade/shares', jobs: sharesJobs },
  { name: 'trade/payments', jobs: paymentsJobs },
  { name: 'trade/notices', jobs: noticesJobs },
  { name: 'trade/refunds', jobs: refundsJobs },
  { name: 'trade/foreign', jobs: foreignJobs },
  { name: 'trade/refundasks', jobs: refundAsksJobs },
  { name: 'trade/settlements', jobs: settlementsJobs },
  { name: 'trade/desk' },
  { name: 'trade/shipping', jobs: shippingJobs },
  { name: 'trade/claims' },
  { name: 'trade/complaints', jobs: complaintsJobs },
  { name: 'trade/discrepancies' },
  { name: 'money/bills' },
  { name: 'money/reconciliation', jobs: reconciliationJobs },
  { name: 'learning/progress' },
  { name: 'learning/plays' },
  { name: 'learning/reviews' },
  { name: 'showcase/academy' },
  { name: 'showcase/memberships', jobs: membershipJobs },
  { name: 'showcase/pages' },
  { name: 'showcase/firstscreens' },
  { name: 'insight/reports' },
  { name: 'insight/members' },
]

/** Puts every room's routes and doors on the server. */
export async function mountRooms(http: FastifyInstance, serving: Serving): Promise<void> {
  serveRoutes(http, serving, auditRoutes, audit)
  serveRoutes(http, serving, academyRoutes, settings)
  serveRoutes(http, serving, staffRoutes, staff)
  serveRoutes(http, serving, memberRoutes, members)
  serveRoutes(http, serving, addressRoutes, addresses)
  serveRoutes(http, serving, mediaRoutes, media)
  serveRoutes(http, serving, shelfRoutes, shelves)
  serveRoutes(http, serving, catalogRoutes, catalog)
  serveRoutes(http, serving, planRoutes, plans)
  serveRoutes(http, serving, accessRoutes, access)
  serveRoutes(http, serving, ledgerRoutes, ledger)
  serveTrade(http, serving)
  serveRoutes(http, serving, progressRoutes, progress)
  serveRoutes(http, serving, playRoutes, plays)
  serveRoutes(http, serving, reviewRoutes, reviews)
  serveRoutes(http, serving, academyFaceRoutes, academyFace)
  serveRoutes(http, serving, membershipRoutes, memberships)
  serveRoutes(http, serving, pageRoutes, pages)
  serveRoutes(http, serving, reportRoutes, reports)
  serveRoutes(http, serving, memberDeskRoutes, memberDesk)
  for (const mount of [mountMedia, mountNotices, mountPlays]) await http.register(async (apart) => mount(apart, serving))
}

function serveTrade(http: FastifyInstance, serving: Serving): void {
  serveRoutes(http, serving, channelRoutes, channels)
  serveRoutes(http, serving, coinRoutes, coins)
  serveRoutes(http, serving, coinPackRoutes, coinPacks)
  serveRoutes(http, serving, policyRoutes, policies)
  serveRoutes(http, serving, rateRoutes, rates)
  serveRoutes(http, serving, offerRoutes, offers)
  serveRoutes(http, serving, orderRoutes, orders)
  serveRoutes(http, serving, codeRoutes, codes)
  serveRoutes(http, serving, dueRoutes, dues)
  serveRoutes(http, serving, payoutRoutes, payouts)
  serveRoutes(http, serving, receiverRoutes, receivers)
  serveRoutes(http, serving, shareRoutes, shares)
  serveRoutes(http, serving, paymentRoutes, payments)
  serveRoutes(http, serving, noticeRoutes, notices)
  serveRoutes(http, serving, refundRoutes, refunds)
  serveRoutes(http, serving, refundAskRoutes, refundAsks)
  serveRoutes(http, serving, settlementRoutes, settlements)
  serveRoutes(http, serving, withdrawalRoutes, withdrawals)
  serveRoutes(http, serving, deskRoutes, desk)
  serveRoutes(http, serving, parcelRoutes, shipping)
  serveRoutes(http, serving, claimRoutes, claims)
  serveRoutes(http, serving, complaintRoutes, complaints)
  serveRoutes(http, serving, discrepancyRoutes, discrepancies)
  serveRoutes(http, serving, reconciliationRoutes, reconciliation)
}
