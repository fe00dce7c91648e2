// Which payment channel serves which place and kind of goods: dated data, because platforms and law change it.
import { route } from './route.ts'
import { At, Line, Maybe, OneOf, Shape, Type } from './shapes.ts'

export const channels = ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi', 'wechat_virtual', 'wechat_coins', 'alipay', 'douyin'] as const
export type Channel = (typeof channels)[number]

const matrixRow = { platform: Line(20), system: Line(60), goods: Line(20), channels: Type.Array(OneOf(channels)), missing: Type.Array(OneOf(channels)), since: At, until: Maybe(At), rule: Line(300) }

export const channelRoutes = {
  'GET /console/channels': route({
    as: { staff: 'ledger.read' },
    about: "Today's matrix: which channel serves which platform, system and kind of goods, since when, and why; and which rules start or end within ninety days. `missing` channels are allowed and have no keys.",
    reply: Shape({ items: Type.Array(Shape(matrixRow)), ahead: Type.Array(Shape({ ...matrixRow, at: At, change: OneOf(['starts', 'ends'] as const) })) }),
  }),
}
