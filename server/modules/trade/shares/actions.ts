// Sharing the money of paid orders: planned at payment, sent after it cooled, taken back before a refund, and the rest set free.
import type { Share } from '#contracts/shares.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, cents, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { post, shareEntry, shareReturnEntry } from '#modules/money/ledger/actions.ts'
import { allReceivers, ratesOf, readTerms } from '#modules/trade/receivers/actions.ts'
import { lockedOrder, orderOf, ordersOf } from '#modules/trade/orders/actions.ts'
import { attemptsOf } from '#modules/trade/attempts/actions.ts'
import { backOf, hasEnded, isOver, isPassing, outOrderNo, partOf, termOf } from './rules.ts'
import { claimShare, findByOrder, findLine, findShare, insertLine, insertReturn, insertShare, listDue, listLines, listMoved, listNumbers, listOpenReturns, listShares, unclaimShare, updateLine, updateRefunding, updateRetried, updateReturn, updateShare, type KeptLine, type KeptReturn, type KeptShare } from './store.ts'

/** Whether orders of an offer are placed with money that can be shared. */
export async function isShared(ctx: TxCtx, offer: Id<'ofr'>): Promise<boolean> {
  return (await ratesOf(ctx, offer)).length > 0
}

/** Money that was paid to be shared is planned for at the rates of the day; without any it is set free. */
export async function planShare(ctx: TxCtx, id: Id<'ord'>): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    const paid = (await attemptsOf(ctx, id)).find((attempt) => attempt.state === 'paid')
    if (!paid?.expected.isShared || !paid.transactionNo) return
    const share = { id: newId('shr'), order: id, transactionNo: paid.transactionNo, total: order.total, state: 'cooling' as const, ...termOf(paid.settledAt ?? ctx.now(), await readTerms(ctx)), madeAt: ctx.now() }
    if (!(await insertShare(ctx.db, share))) return
    for (const rate of await ratesOf(ctx, order.offer)) {
      const line = newId('shl')
      await insertLine(ctx.db, { id: line, share: share.id, receiver: rate.receiver, basisPoints: rate.basisPoints, amount: partOf({ total: order.total, refunding: ZERO }, rate.basisPoints), outOrderNo: outOrderNo(line, 1), state: 'waiting' })
    }
  })
}

/** Inside the transaction that begins a refund: what was shared is asked back by the rate it was shared at; what was not shrinks. A refund may be faster than the planning, which would then know nothing of it. */
export async function shrinkShare(ctx: TxCtx, order: Id<'ord'>, refund: Id<'rfd'>, amount: Cents): Promise<void> {
  await planShare(ctx, order)
  const share = await findByOrder(ctx.db, order)
  if (!share) return
  await updateRefunding(ctx.db, share.id, amount)
  const now = { total: share.total, refunding: cents(share.refunding + amount) }
  const receivers = await allReceivers(ctx)
  for (const line of await listLines(ctx.db, [share.id])) {
    if (line.state === 'waiting') await updateLine(ctx.db, line, { state: 'waiting', amount: partOf(now, line.basisPoints), why: null })
    const back = line.state === 'sent' || line.state === 'done' ? backOf(line, now, amount) : ZERO
    if (back === 0 || receivers.get(line.receiver)?.kind !== 'merchant') continue
    const id = newId('srt')
    await insertReturn(ctx.db, { id, line: line.id, refund, outReturnNo: `B${id.slice(4)}`, amount: back, state: 'waiting' })
  }
}

/** A refund that came to nothing leaves more to share. */
export async function growShare(ctx: TxCtx, order: Id<'ord'>, amount: Cents): Promise<void> {
  const share = await findByOrder(ctx.db, order)
  if (share) await updateRefunding(ctx.db, share.id, cents(0 - amount))
}

/** True when nothing is on its way to or from a receiver: only then may money of the order go back. Works on what is. */
export async function isSettled(ctx: Ctx, order: Id<'ord'>): Promise<boolean> {
  const share = await findByOrder(ctx.db, order)
  if (!share) return true
  const isQuiet = async () => (await listOpenReturns(ctx.db, share.id)).length === 0 && (await listLines(ctx.db, [share.id])).every((line) => line.state !== 'sent')
  if (await isQuiet()) return true
  await stepShare(ctx, share.id)
  return isQuiet()
}

/** Each order's sharing is one step further. WeChat Pay limits how often one order may be asked about: a step a round is enough. */
export async function sweepShares(ctx: Ctx): Promise<void> {
  for (const share of await listDue(ctx.db, ctx.now(), new Date(ctx.now().getTime() - 20_000), 200)) await stepShare(ctx, share.id)
}

/** More than a step's calls can take: whoever died over it is not waited for. */
const LEASE_MS = 120_000

/** One at a time, however many sweep or begin refunds: of a part told twice at once one could be heard and the other refused. */
async function stepShare(ctx: Ctx, id: Id<'shr'>): Promise<void> {
  const share = await claimShare(ctx.db, id, ctx.now(), new Date(ctx.now().getTime() + LEASE_MS))
  if (!share) return
  await step(ctx, share)
  await unclaimShare(ctx.db, id)
}

async function step(ctx: Ctx, share: KeptShare): Promise<void> {
  const lines = await listLines(ctx.db, [share.id])
  const sent = lines.find((line) => line.state === 'sent')
  if (sent) return askLine(ctx, share, sent)
  for (const one of await listOpenReturns(ctx.db, share.id)) await stepReturn(ctx, one, lines)
  if (share.state === 'cooling' && share.dueAt <= ctx.now()) await updateShare(ctx.db, share.id, 'cooling', 'sharing', null)
  const next = lines.find((line) => line.state === 'waiting')
  if (share.dueAt <= ctx.now() && share.state !== 'releasing' && share.state !== 'done' && next) return sendLine(ctx, share, next)
  if (hasEnded(lines, share, ctx.now())) await updateShare(ctx.db, share.id, 'sharing', 'releasing', null)
  if ((await findShare(ctx.db, share.id))?.state === 'releasing') await release(ctx, share)
}

/** The amount stands from here on: it is kept as sent before the gateway hears of it, and every retry says the same. */
async function sendLine(ctx: Ctx, share: KeptShare, { id }: KeptLine): Promise<void> {
  const line = await inTransaction(ctx, async (ctx) => {
    await lockedOrder(ctx, share.order)
    const [fresh] = (await listLines(ctx.db, [share.id])).filter((one) => one.id === id)
    const now = await findShare(ctx.db, share.id)
    if (fresh?.state !== 'waiting' || !now) return undefined
    const amount = partOf(now, fresh.basisPoints)
    await updateLine(ctx.db, fresh, amount === 0 ? { state: 'dropped', amount, why: 'nothing_left' } : { state: 'sent', amount, why: null })
    return amount === 0 ? undefined : { ...fresh, amount, state: 'sent' as const }
  })
  if (line) await tellLine(ctx, share, line)
}

async function tellLine(ctx: Ctx, share: KeptShare, line: KeptLine): Promise<void> {
  const receiver = (await allReceivers(ctx)).get(line.receiver)
  const order = await orderOf(ctx, share.order)
  if (!receiver || !order) throw new Error(`share line ${line.id} has lost its receiver or order`)
  const told = await ctx.gateways.wechatPay.sharing.share({ transactionId: share.transactionNo, outOrderNo: line.outOrderNo, kind: receiver.kind, account: receiver.account, amount: line.amount, description: `分账 ${order.number}` })
  if (told.outcome === 'refused') return isPassing(told.code) ? void (await updateLine(ctx.db, line, { ...line, state: 'waiting', why: told.code })) : settleLine(ctx, share, line, 'closed', told.code)
  if (told.outcome === 'done') await readLine(ctx, share, line, told.value.parts)
}

/** What became of a part that was sent. A number that the gateway does not know was never heard: it is told again. */
async function askLine(ctx: Ctx, share: KeptShare, line: KeptLine): Promise<void> {
  const told = await ctx.gateways.wechatPay.sharing.findShare(share.transactionNo, line.outOrderNo)
  if (told.outcome === 'refused' && told.status === 404) return tellLine(ctx, share, line)
  if (told.outcome === 'done') await readLine(ctx, share, line, told.value.parts)
}

async function readLine(ctx: Ctx, share: KeptShare, line: KeptLine, parts: { result: 'pending' | 'done' | 'closed'; why: string | undefined }[]): Promise<void> {
  const [part] = parts
  if (part && part.result !== 'pending') await settleLine(ctx, share, line, part.result, part.why ?? null)
}

async function settleLine(ctx: TxCtx, share: KeptShare, line: KeptLine, to: 'done' | 'closed', why: string | null): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await lockedOrder(ctx, share.order)
    if (!(await updateLine(ctx.db, line, { state: to, amount: line.amount, why }))) return
    if (to === 'done') await post(ctx, shareEntry(line.id, line.amount), share.order)
    else for (const one of await listOpenReturns(ctx.db, share.id)) if (one.line === line.id) await updateReturn(ctx.db, one, 'void', 'nothing was shared')
  })
}

/** Asked back by one number for all tries. A receiver who cannot pay does not keep the learner waiting: the academy bears it. */
async function stepReturn(ctx: Ctx, one: KeptReturn, lines: KeptLine[]): Promise<void> {
  const line = lines.find((other) => other.id === one.line)
  const receiver = line && (await allReceivers(ctx)).get(line.receiver)
  if (!line || !receiver) return
  const { sharing } = ctx.gateways.wechatPay
  const asked = one.state === 'sent' ? await sharing.findReturn(line.outOrderNo, one.outReturnNo) : undefined
  if (!asked) await updateReturn(ctx.db, one, 'sent', null)
  const isLost = asked?.outcome === 'refused' && asked.status === 404
  const told = !asked || isLost ? await sharing.takeBack({ outOrderNo: line.outOrderNo, outReturnNo: one.outReturnNo, mchid: receiver.account, amount: one.amount, description: '订单退款' }) : asked
  if (told.outcome === 'unknown' || (told.outcome === 'refused' && isPassing(told.code)) || (told.outcome === 'done' && told.value.result === 'pending')) return
  const isDone = told.outcome === 'done' && told.value.result === 'done'
  const why = told.outcome === 'refused' ? told.code : (told.value.why ?? null)
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateReturn(ctx.db, { id: one.id, state: 'sent' }, isDone ? 'done' : 'failed', why))) return
    if (isDone) await post(ctx, shareReturnEntry(one.id, one.amount), null)
  })
}

/** Sets free what was not shared. That it is free already is as good. */
async function release(ctx: Ctx, share: KeptShare): Promise<void> {
  const { sharing } = ctx.gateways.wechatPay
  const told = await sharing.unfreeze({ transactionId: share.transactionNo, outOrderNo: `U${share.id.slice(4)}`, description: '解冻剩余资金' })
  if (told.outcome === 'done') return void (await updateShare(ctx.db, share.id, 'releasing', 'done', null))
  const left = await sharing.findUnsplit(share.transactionNo)
  const isFree = left.outcome === 'done' && left.value.unsplit === 0
  await updateShare(ctx.db, share.id, 'releasing', isFree ? 'done' : 'releasing', isFree ? null : told.outcome === 'refused' ? told.code : told.why)
}

/** A refused part once more, by a number of its own: the one before is known to have moved nothing. */
export async function retryLine(ctx: TxCtx, id: Id<'shl'>): Promise<Share> {
  return inTransaction(ctx, async (ctx) => {
    const line = (await findLine(ctx.db, id)) ?? refuse('thing.not_found', { what: 'line' })
    const share = await lockedShare(ctx, line.share)
    if (share.state !== 'sharing' || !(await updateRetried(ctx.db, line, outOrderNo(line.id, line.tries + 1)))) refuse('share.state_forbids', { state: line.state })
    await audit(ctx, { action: 'share_line.retried', subject: line.id, before: { why: line.why }, after: null })
    return showShare(ctx, share.id)
  })
}

export async function releaseShare(ctx: TxCtx, id: Id<'shr'>): Promise<Share> {
  return inTransaction(ctx, async (ctx) => {
    const share = await lockedShare(ctx, id)
    const lines = await listLines(ctx.db, [id])
    if (share.state !== 'sharing' || !lines.every((line) => isOver(line.state)) || !lines.some((line) => line.state === 'closed')) refuse('share.state_forbids', { state: share.state })
    for (const line of lines) if (line.state === 'closed') await updateLine(ctx.db, line, { ...line, state: 'dropped' })
    await audit(ctx, { action: 'share.released', subject: id, before: null, after: null })
    return showShare(ctx, id)
  })
}

async function lockedShare(ctx: TxCtx, id: Id<'shr'>): Promise<KeptShare> {
  const share = (await findShare(ctx.db, id)) ?? refuse('thing.not_found', { what: 'share' })
  await lockedOrder(ctx, share.order)
  return (await findShare(ctx.db, id)) ?? share
}

export async function showShares(ctx: TxCtx, ask: { attention?: boolean; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const kept = await listShares(ctx.db, ask.attention ?? false, idBefore('shr', ask.cursor), limit + 1)
  return { items: await shownAll(ctx, kept.slice(0, limit)), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

async function showShare(ctx: TxCtx, id: Id<'shr'>): Promise<Share> {
  const share = await findShare(ctx.db, id)
  const [shown] = share ? await shownAll(ctx, [share]) : []
  return shown ?? refuse('thing.not_found', { what: 'share' })
}

async function shownAll(ctx: TxCtx, shares: KeptShare[]): Promise<Share[]> {
  const [lines, receivers] = await Promise.all([listLines(ctx.db, shares.map((share) => share.id)), allReceivers(ctx)])
  const orders = new Map((await ordersOf(ctx, shares.map((share) => share.order))).map((order) => [order.id, order]))
  return shares.map((share) => {
    const own = lines.filter((line) => line.share === share.id)
    const shown = own.map(({ share: _share, outOrderNo: _number, tries: _tries, ...line }) => ({ ...line, name: receivers.get(line.receiver)?.name ?? '', can: line.state === 'closed' && share.state === 'sharing' ? ['retry' as const] : [] }))
    const mayRelease = share.state === 'sharing' && own.some((line) => line.state === 'closed') && own.every((line) => isOver(line.state))
    return {
      id: share.id, order: share.order, number: orders.get(share.order)?.number ?? '', title: orders.get(share.order)?.title ?? '', total: share.total, refunding: share.refunding, state: share.state,
      dueAt: instant(share.dueAt), problem: share.problem, lines: shown, can: mayRelease ? ['release'] : [],
    }
  })
}

/** For reconciliation: what sharing has booked under each of those numbers. */
export async function sharesMoved(ctx: TxCtx, numbers: string[]): Promise<Map<string, Cents>> {
  return listMoved(ctx.db, numbers)
}

/** And under which number each of its entries stands at WeChat Pay, by the entry's cause. */
export async function shareNumbers(ctx: TxCtx, causes: string[]): Promise<Map<string, string>> {
  return listNumbers(ctx.db, causes)
}
