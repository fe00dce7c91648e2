// The figures of the first page of the console.
import { route } from './route.ts'
import { Day, Line, Money, OneOf, Shape, Type, type Static } from './shapes.ts'

const Compared = <T extends typeof Money | ReturnType<typeof Type.Integer>>(value: T) => Shape({ today: value, yesterday: value, lastWeek: value })

export const Today = Shape({
  day: Day,
  zone: Line(60),
  takings: Compared(Money),
  orders: Compared(Type.Integer()),
  newMembers: Compared(Type.Integer()),
  activeLearners: Compared(Type.Integer()),
  days: Type.Array(Shape({ day: Day, takings: Money, orders: Type.Integer(), newMembers: Type.Integer(), activeLearners: Type.Integer() })),
  attention: Type.Array(Shape({ kind: OneOf(['failed_media', 'refunds_waiting', 'notices_to_check', 'differences_open', 'complaints_waiting', 'claims_waiting', 'refund_asks_open', 'parcels_to_ship', 'payouts_waiting', 'reviews_unanswered', 'items_not_ready'] as const), count: Type.Integer() })),
  checklist: Type.Array(Shape({ step: OneOf(['academy_named', 'totp_on', 'course_published', 'offer_on_sale', 'payment_connected', 'first_sale'] as const), done: Type.Boolean() })),
  bestCourses: Type.Array(Shape({ title: Line(60), takings: Money, orders: Type.Integer() })),
})
export type Today = Static<typeof Today>

export const reportRoutes = {
  'GET /console/reports/today': route({ as: { staff: 'report.read' }, about: "Today beside yesterday and last week, the last thirty days, and what needs attention. Takings are net of refunds.", reply: Today }),
}
