// Which rates of interest held on a day, and noting one that was published.
import type { InterestRate } from '#contracts/rates.ts'
import { dayOf, instant, isDay } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { insertRate, listRates, listRatesAt, type KeptRate } from './store.ts'

/** Both rates are published in Beijing. */
const ZONE = 'Asia/Shanghai'

/** A year's interest in basis points at an hour, by whose doing it is that money goes back: 法释〔2025〕4号 art. 16. */
export async function ratesAt(ctx: TxCtx, at: Date): Promise<{ learner: number; academy: number }> {
  const held = new Map((await listRatesAt(ctx.db, dayOf(at, ZONE))).map((rate) => [rate.kind, rate.basisPoints]))
  return { learner: held.get('deposit_1y') ?? 0, academy: held.get('lpr_1y') ?? 0 }
}

export async function showRates(ctx: TxCtx): Promise<{ items: InterestRate[] }> {
  return { items: (await listRates(ctx.db)).map(shown) }
}

export async function noteRate(ctx: TxCtx, wish: Pick<InterestRate, 'kind' | 'since' | 'basisPoints'>, by: Pick<OperatorActor, 'name'>): Promise<InterestRate> {
  if (!isDay(wish.since)) refuse('request.invalid', { in: 'body', field: 'since', problem: 'is no day' })
  if (wish.since > dayOf(ctx.now(), ZONE)) refuse('request.invalid', { in: 'body', field: 'since', problem: 'has not come yet' })
  return inTransaction(ctx, async (ctx) => {
    const rate = { ...wish, by: by.name, notedAt: ctx.now() }
    await insertRate(ctx.db, rate)
    await audit(ctx, { action: 'interest_rate.noted', subject: 'academy', before: null, after: wish })
    return shown(rate)
  })
}

function shown({ notedAt, ...rate }: KeptRate): InterestRate {
  return { ...rate, notedAt: instant(notedAt) }
}
