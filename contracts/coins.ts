// Coins of WeChat virtual payment: bought in packs inside WeChat, kept and counted by WeChat, spent on what the academy sells.
import { Sale } from './channels.ts'
import { route } from './route.ts'
import { coinRatios, type CoinRatio } from './words/coins.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Price, Shape, Type, type Static } from './shapes.ts'

const coin = { name: Line(10, 1), perYuan: Type.Unsafe<CoinRatio>(Type.Integer({ enum: [...coinRatios] })), onSale: Type.Boolean({ description: 'packs can be bought; what was bought can be spent either way' }) }
export const Coin = Shape(coin)
export type Coin = Static<typeof Coin>

/** Why the balance is not told: the session with WeChat is over, WeChat does not answer, or somebody has never been inside WeChat. */
export const balanceGaps = ['session_stale', 'no_answer', 'not_in_wechat'] as const

export const CoinPack = Shape({ offer: IdOf('ofr'), coins: Type.Integer(), price: Price })
export type CoinPack = Static<typeof CoinPack>

export const coinRoutes = {
  'GET /me/coins': route({
    as: 'member',
    about: 'The own balance as WeChat tells it now; `given` is the part that nobody paid for. Null when the academy has no coin.',
    reply: Shape({ coin: Maybe(Coin), balance: Maybe(Shape({ total: Type.Integer(), given: Type.Integer() })), gap: Maybe(OneOf(balanceGaps)) }),
    limit: { count: 30, seconds: 60 },
  }),
  'GET /console/coin': route({
    as: { staff: 'offer.read' },
    about: 'The coin, since when its name and worth are fixed, and what learners hold of it by the books.',
    reply: Shape({ coin: Maybe(Coin), fixedAt: Maybe(At), owed: Money }),
  }),
  'PUT /console/coin': route({
    as: { staff: 'price.write' },
    about: 'Sets the coin. Once it was on sale its name and worth stay: WeChat changes them for nobody either.',
    body: Coin,
    reply: Shape({ coin: Maybe(Coin), fixedAt: Maybe(At), owed: Money }),
    refusals: ['coin.fixed', 'coin.not_connected'],
  }),
}

export const coinPackRoutes = {
  'GET /coins/packs': route({
    as: 'anyone',
    about: 'The packs that can be bought here today, the smallest first; empty where coins are not sold.',
    reply: Shape({ items: Type.Array(CoinPack), sale: Sale }),
  }),
}
