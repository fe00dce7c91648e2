// Money of sales that rails still hold: when it should be the academy's to withdraw.
import { route } from './route.ts'
import { Day, Money, OneOf, Shape, Type, type Static } from './shapes.ts'

/** Rails that hold the money of a sale until they settle it. */
export const settledRails = ['wechat_virtual', 'douyin'] as const

/** Sales of one rail that should be settled in the same days; `late` when the last of them has gone by. */
export const ExpectedSettlement = Shape({ rail: OneOf(settledRails), from: Day, by: Day, count: Type.Integer(), amount: Money, late: Type.Boolean() })
export type ExpectedSettlement = Static<typeof ExpectedSettlement>

export const settlementRoutes = {
  'GET /console/settlements': route({
    as: { staff: 'ledger.read' },
    about: 'What is not settled yet, by the days of Beijing in which it should be: WeChat virtual payment three days after a sale, 45 to 60 for iOS; Douyin a week after it.',
    reply: Shape({ items: Type.Array(ExpectedSettlement) }),
  }),
}
