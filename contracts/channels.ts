// Which payment channel serves which place and kind of goods, and what may be shown and said there: dated data, because platforms and law change it.
import { route } from './route.ts'
import { At, Line, Maybe, OneOf, Price, Shape, Type, type Static } from './shapes.ts'

export const channels = ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi', 'wechat_virtual', 'wechat_coins', 'alipay', 'douyin'] as const
export type Channel = (typeof channels)[number]

/** What a client says where something is sold, or is not; it has sentences for each. Where no price is shown there is no word of buying either. */
export const saleWords = ['buy', 'buy_apple', 'top_up', 'not_open', 'browse', 'see_balance'] as const

export type SaleWords = (typeof saleWords)[number]

/** Whether a price may be shown to this caller here today, and in which words. A price that is hidden is not sent. */
export const Sale = Shape({ price: OneOf(['shown', 'hidden'] as const), words: OneOf(saleWords) })
export type Sale = Static<typeof Sale>

const matrixRow = { platform: Line(20), system: Line(60), goods: Line(20), channels: Type.Array(OneOf(channels)), missing: Type.Array(OneOf(channels)), least: Maybe(Price), sale: Sale, since: At, until: Maybe(At), rule: Line(300) }

export const channelRoutes = {
  'GET /console/channels': route({
    as: { staff: 'ledger.read' },
    about: "Today's matrix: which channel serves which platform, system and kind of goods, what is shown and said there, since when, and why; and which rules start or end within ninety days. `missing` channels are allowed and have no keys.",
    reply: Shape({ items: Type.Array(Shape(matrixRow)), ahead: Type.Array(Shape({ ...matrixRow, at: At, change: OneOf(['starts', 'ends'] as const) })) }),
  }),
}
