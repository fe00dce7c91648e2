// Every page there is: its address, wing, the permission that shows it, and what to load.
import type { RouteRecordRaw } from 'vue-router'
import type { Permission } from '#contracts/words/permissions.ts'
import type { words } from '../phrases/shell.ts'

export type PageName = keyof typeof words.pages
export type Wing = keyof typeof words.wings
export type PageEntry = { name: PageName; path: string; wing: Wing; needs?: Permission; hidden?: boolean; load: () => Promise<unknown> }

export const pages: PageEntry[] = [
  { name: 'today', path: '/', wing: 'desk', needs: 'report.read', load: () => import('../today/TodayPage.vue') },
  { name: 'courses', path: '/courses', wing: 'content', needs: 'course.read', load: () => import('../courses/CourseList.vue') },
  { name: 'course', path: '/courses/:course', wing: 'content', needs: 'course.read', hidden: true, load: () => import('../courses/CourseEditor.vue') },
  { name: 'shelves', path: '/shelves', wing: 'content', needs: 'shelf.write', load: () => import('../courses/ShelvesPage.vue') },
  { name: 'media', path: '/media', wing: 'content', needs: 'course.read', load: () => import('../media/AssetList.vue') },
  { name: 'reviews', path: '/reviews', wing: 'content', needs: 'review.reply', load: () => import('../reviews/ReviewList.vue') },
  { name: 'offers', path: '/offers', wing: 'selling', needs: 'course.read', load: () => import('../offers/OfferList.vue') },
  { name: 'goods', path: '/goods', wing: 'selling', needs: 'course.read', load: () => import('../offers/GoodsList.vue') },
  { name: 'plans', path: '/plans', wing: 'selling', needs: 'course.read', load: () => import('../offers/PlanList.vue') },
  { name: 'coins', path: '/coins', wing: 'selling', needs: 'offer.read', load: () => import('../coins/CoinPage.vue') },
  { name: 'codes', path: '/codes', wing: 'selling', needs: 'price.write', load: () => import('../offers/CodeList.vue') },
  { name: 'orders', path: '/orders', wing: 'trade', needs: 'order.read', load: () => import('../orders/OrderList.vue') },
  { name: 'shipping', path: '/shipping', wing: 'trade', needs: 'order.read', load: () => import('../parcels/ShippingPage.vue') },
  { name: 'claims', path: '/claims', wing: 'trade', needs: 'order.read', load: () => import('../claims/ClaimList.vue') },
  { name: 'complaints', path: '/complaints', wing: 'trade', needs: 'complaint.answer', load: () => import('../complaints/ComplaintList.vue') },
  { name: 'refundAsks', path: '/refund-asks', wing: 'trade', needs: 'order.read', load: () => import('../orders/RefundAskList.vue') },
  { name: 'ledger', path: '/ledger', wing: 'money', needs: 'ledger.read', load: () => import('../ledger/LedgerPage.vue') },
  { name: 'reconciliation', path: '/reconciliation', wing: 'money', needs: 'ledger.read', load: () => import('../ledger/ReconciliationPage.vue') },
  { name: 'differences', path: '/differences', wing: 'money', needs: 'ledger.read', hidden: true, load: () => import('../ledger/DifferenceList.vue') },
  { name: 'discrepancies', path: '/discrepancies', wing: 'money', needs: 'ledger.read', load: () => import('../ledger/DiscrepancyList.vue') },
  { name: 'notices', path: '/notices', wing: 'money', needs: 'ledger.read', load: () => import('../ledger/NoticeList.vue') },
  { name: 'channels', path: '/channels', wing: 'money', needs: 'ledger.read', load: () => import('../ledger/ChannelMatrix.vue') },
  { name: 'shares', path: '/shares', wing: 'money', needs: 'ledger.read', load: () => import('../shares/SharePage.vue') },
  { name: 'payouts', path: '/payouts', wing: 'money', needs: 'payout.manage', load: () => import('../payouts/PayoutPage.vue') },
  { name: 'members', path: '/members', wing: 'people', needs: 'member.read', load: () => import('../members/MemberList.vue') },
  { name: 'staff', path: '/staff', wing: 'academy', needs: 'staff.manage', load: () => import('../staff/StaffList.vue') },
  { name: 'audit', path: '/audit', wing: 'academy', needs: 'audit.read', load: () => import('../staff/AuditLog.vue') },
  { name: 'academy', path: '/academy', wing: 'academy', needs: 'academy.manage', load: () => import('../academy/SettingsPage.vue') },
  { name: 'agreements', path: '/agreements', wing: 'academy', needs: 'academy.manage', load: () => import('../academy/AgreementPage.vue') },
  { name: 'account', path: '/account', wing: 'academy', load: () => import('../staff/AccountPage.vue') },
]

export const wings: Wing[] = ['desk', 'content', 'selling', 'trade', 'money', 'people', 'academy']

export const records: RouteRecordRaw[] = [
  ...pages.map((page) => ({ path: page.path, name: page.name, component: page.load, meta: { needs: page.needs } }) as RouteRecordRaw),
  { path: '/:lost(.*)*', name: 'lost', component: () => import('./LostPage.vue') },
]
