// Every route there is, as one type for the clients and one list for the server.
import { academyFaceRoutes, academyRoutes } from './academy.ts'
import { accessRoutes } from './access.ts'
import { addressRoutes } from './addresses.ts'
import { catalogRoutes, shelfRoutes } from './catalog.ts'
import { channelRoutes } from './channels.ts'
import { codeRoutes } from './codes.ts'
import { claimRoutes } from './claims.ts'
import { coinPackRoutes, coinRoutes } from './coins.ts'
import { complaintRoutes } from './complaints.ts'
import { deskRoutes } from './desk.ts'
import { discrepancyRoutes } from './discrepancies.ts'
import { dueRoutes } from './dues.ts'
import { ledgerRoutes } from './ledger.ts'
import { mediaRoutes } from './media.ts'
import { memberDeskRoutes, memberRoutes } from './members.ts'
import { offerRoutes } from './offers.ts'
import { orderRoutes } from './orders.ts'
import { pageRoutes } from './pages.ts'
import { noticeRoutes, paymentRoutes } from './payments.ts'
import { membershipRoutes, planRoutes } from './plans.ts'
import { playRoutes } from './plays.ts'
import { policyRoutes } from './policies.ts'
import { rateRoutes } from './rates.ts'
import { progressRoutes } from './progress.ts'
import { reconciliationRoutes } from './reconciliation.ts'
import { refundAskRoutes } from './refundasks.ts'
import { refundRoutes } from './refunds.ts'
import { reportRoutes } from './reports.ts'
import { parcelRoutes } from './parcels.ts'
import { payoutRoutes } from './payouts.ts'
import { receiverRoutes, shareRoutes } from './shares.ts'
import { settlementRoutes } from './settlements.ts'
import { withdrawalRoutes } from './withdrawals.ts'
import { reviewRoutes } from './reviews.ts'
import { auditRoutes, staffRoutes } from './staff.ts'

export const allRoutes = {
  ...academyRoutes,
  ...academyFaceRoutes,
  ...staffRoutes,
  ...auditRoutes,
  ...memberRoutes,
  ...memberDeskRoutes,
  ...addressRoutes,
  ...mediaRoutes,
  ...shelfRoutes,
  ...catalogRoutes,
  ...planRoutes,
  ...membershipRoutes,
  ...accessRoutes,
  ...ledgerRoutes,
  ...channelRoutes,
  ...coinRoutes,
  ...coinPackRoutes,
  ...policyRoutes,
  ...rateRoutes,
  ...offerRoutes,
  ...orderRoutes,
  ...codeRoutes,
  ...dueRoutes,
  ...payoutRoutes,
  ...receiverRoutes,
  ...shareRoutes,
  ...paymentRoutes,
  ...noticeRoutes,
  ...reconciliationRoutes,
  ...refundRoutes,
  ...refundAskRoutes,
  ...settlementRoutes,
  ...withdrawalRoutes,
  ...deskRoutes,
  ...parcelRoutes,
  ...claimRoutes,
  ...complaintRoutes,
  ...discrepancyRoutes,
  ...playRoutes,
  ...progressRoutes,
  ...reviewRoutes,
  ...pageRoutes,
  ...reportRoutes,
}

export type AllRoutes = typeof allRoutes
