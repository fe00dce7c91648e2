// How many coins a yuan may buy: each coin is worth whole fen.

export const coinRatios = [1, 10, 100] as const
export type CoinRatio = (typeof coinRatios)[number]
