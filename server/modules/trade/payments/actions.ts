// Beginning a payment, finding out how it went, and closing what nobody paid.
import QRCode from 'qrcode'
import type { Channel } from '#contracts/channels.ts'
import type { Order } from '#contracts/orders.ts'
import type { PaymentAction } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { officialOpenid, wechatIdentity } from '#modules/people/members/actions.ts'
import { beginAlipay, expectAlipay, stopAlipay } from '#modules/trade/alipay/actions.ts'
import { beginDouyin, expectDouyin } from '#modules/trade/douyin/actions.ts'
import { attemptOf, beginAttempt, cannotBeShut, endAttempt, openAttempts, payableAttempts, queryAttempt, settleAttempt, type Attempt, type Expectation } from '#modules/trade/attempts/actions.ts'
import { spendCoins, waysToPay } from '#modules/trade/coins/actions.ts'
import { isShared } from '#modules/trade/shares/actions.ts'
import { channelsFor, type Sold } from '#modules/trade/channels/actions.ts'
import { readyItem } from '#modules/trade/offers/actions.ts'
import { dueOrders, kindsOf, lockedOrder, moveOrder, noteEvent, orderOf, ownOrder, showOwn, type KeptOrder } from '#modules/trade/orders/actions.ts'

/** Each try has an out-trade number of its own, kept before the gateway hears of it. */
export async function beginPayment(ctx: Ctx, member: Id<'mem'>, id: Id<'ord'>, { wide, payerCode, coins }: { wide: boolean; payerCode?: string; coins?: boolean }): Promise<{ attempt: Id<'pay'>; action: PaymentAction }> {
  const order = await ownOrder(ctx, member, id)
  if (order.state !== 'placed') refuse('order.state_forbids', { state: order.state })
  if (coins) return payWithCoins(ctx, order)
  const channel = chooseChannel(channelsFor(ctx, kindsOf(order.gives), order.total), wide, payerCode !== undefined)
  const expected = await expectationOf(ctx, order, channel, payerCode)
  const attempt = await inTransaction(ctx, async (ctx) => {
    const locked = await lockedOrder(ctx, order.id)
    if (locked.state !== 'placed') refuse('order.state_forbids', { state: locked.state })
    const [begun] = await Promise.all([beginAttempt(ctx, locked, channel, expected), noteEvent(ctx, order.id, 'payment_begun', channel)])
    return begun
  })
  return { attempt: attempt.id, action: await actionOf(ctx, member, order, attempt) }
}

/** Coins are taken at once. What became of an earlier try is found out first: two of them would take them twice. */
async function payWithCoins(ctx: Ctx, order: KeptOrder): Promise<{ attempt: Id<'pay'>; action: PaymentAction }> {
  for (const before of (await openAttempts(ctx, order.id)).filter((attempt) => attempt.channel === 'wechat_coins')) {
    const standing = await queryAttempt(ctx, before)
    if (standing !== 'closed') return { attempt: before.id, action: { kind: standing === 'paid' ? 'paid' : 'wait' } }
  }
  const { inCoins } = await waysToPay(ctx, kindsOf(order.gives), order.total)
  if (!inCoins) refuse('payment.channel_closed')
  const { openid } = (await wechatIdentity(ctx, order.member)) ?? refuse('payment.session_stale')
  const expected = { mchid: ctx.knobs.mchid, appid: ctx.knobs.wechatAppid, openid, env: ctx.knobs.xpayEnv, coins: inCoins.count }
  const attempt = await inTransaction(ctx, async (ctx) => {
    const locked = await lockedOrder(ctx, order.id)
    if (locked.state !== 'placed') refuse('order.state_forbids', { state: locked.state })
    const other = (await openAttempts(ctx, order.id)).find((one) => one.channel === 'wechat_coins')
    if (other) return { ...other, isOther: true }
    await noteEvent(ctx, order.id, 'payment_begun', 'wechat_coins')
    return { ...(await beginAttempt(ctx, locked, 'wechat_coins', expected)), amount: locked.total, order: locked.id, isOther: false }
  })
  return { attempt: attempt.id, action: attempt.isOther ? { kind: 'wait' } : await takeCoins(ctx, attempt) }
}

/** Only the first answer to a number can say that nothing was taken. */
async function takeCoins(ctx: Ctx, attempt: FreshAttempt & Pick<Attempt, 'order' | 'amount'>): Promise<PaymentAction> {
  const told = await spendCoins(ctx, attempt)
  if (told.outcome === 'unknown') return { kind: 'wait' }
  if (told.outcome === 'refused') {
    await endAttempt(ctx, attempt.id, 'failed', told.code)
    if (told.code === 'too_few') refuse('coin.not_enough')
    return told.code === 'session_over' ? refuse('payment.session_stale') : refuse('payment.gateway_unavailable', { code: told.code })
  }
  await settleAttempt(ctx, attempt, { transactionNo: attempt.outTradeNo, amount: attempt.amount })
  return { kind: 'paid' }
}

/** On the web a payer who is named pays inside WeChat's own browser. */
function chooseChannel(allowed: Channel[], isWide: boolean, isNamed: boolean): Channel {
  const wanted: Channel = isNamed && allowed.includes('wechat_pay_jsapi') ? 'wechat_pay_jsapi' : isWide ? 'wechat_pay_native' : 'wechat_pay_h5'
  return allowed.find((channel) => channel === wanted) ?? allowed.find((channel) => !isWeb(channel) && channel !== 'wechat_coins') ?? refuse('payment.channel_closed')
}

function isWeb(channel: Channel): boolean {
  return channel === 'wechat_pay_native' || channel === 'wechat_pay_h5'
}

async function expectationOf(ctx: Ctx, order: KeptOrder, channel: Channel, payerCode?: string): Promise<Expectation> {
  if (channel === 'alipay') return expectAlipay(ctx, payerCode)
  if (channel === 'douyin') return expectDouyin(ctx)
  if (channel === 'wechat_pay_jsapi') return expectJsapi(ctx, order, payerCode)
  if (channel !== 'wechat_virtual') return { mchid: ctx.knobs.mchid, appid: ctx.knobs.payAppid, ...((await isShared(ctx, order.offer)) ? { isShared: true } : {}) }
  const identity = (await wechatIdentity(ctx, order.member)) ?? refuse('payment.session_stale')
  const what = order.gives.coins === undefined ? { productId: (await readyItem(ctx, order.offer, order.total)).productId } : { coins: order.gives.coins }
  return { mchid: ctx.knobs.mchid, appid: ctx.knobs.wechatAppid, openid: identity.openid, env: ctx.knobs.xpayEnv, ...what }
}

/** Inside the mini program the payer is known to it by an openid, on the web to the official account by a fresh code, and to nobody else. */
async function expectJsapi(ctx: Ctx, order: KeptOrder, payerCode?: string): Promise<Expectation> {
  const isWeb = ctx.client.platform === 'h5'
  const openid = isWeb ? await officialOpenid(ctx, payerCode ?? '') : ((await wechatIdentity(ctx, order.member)) ?? refuse('payment.session_stale')).openid
  return { mchid: ctx.knobs.mchid, appid: isWeb ? ctx.knobs.officialAppid : ctx.knobs.wechatAppid, openid, ...((await isShared(ctx, order.offer)) ? { isShared: true } : {}) }
}

type FreshAttempt = Pick<Attempt, 'id' | 'outTradeNo' | 'channel' | 'expected'>

const LONGEST_MS = 1_800_000

async function actionOf(ctx: Ctx, member: Id<'mem'>, order: KeptOrder, attempt: FreshAttempt): Promise<PaymentAction> {
  if (attempt.channel === 'wechat_virtual') return virtualAction(ctx, member, order, attempt)
  if (attempt.channel === 'alipay' || attempt.channel === 'douyin') return otherAction(ctx, member, order, attempt)
  const prepay = { outTradeNo: attempt.outTradeNo, description: order.title, total: order.total, notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/wechatpay`, expiresAt: payUntil(ctx, order), isShared: attempt.expected.isShared ?? false }
  if (attempt.channel === 'wechat_pay_h5') {
    const told = await askTwice(() => ctx.gateways.wechatPay.prepayH5({ ...prepay, payerAddress: ctx.address }))
    if (told.outcome === 'done') return { kind: 'redirect', url: `${told.value.url}&redirect_url=${encodeURIComponent(`${ctx.knobs.publicUrl}/pkg-order/result?order=${order.id}`)}` }
    return notBegun(ctx, attempt, told)
  }
  if (attempt.channel === 'wechat_pay_jsapi') {
    const { appid, openid = '' } = attempt.expected
    const told = await askTwice(() => ctx.gateways.wechatPay.prepayJsapi({ ...prepay, appid, openid }))
    return told.outcome === 'done' ? { kind: 'jsapi', ...ctx.gateways.wechatPay.signJsapi(told.value.prepayId, appid) } : notBegun(ctx, attempt, told)
  }
  const told = await askTwice(() => ctx.gateways.wechatPay.prepayNative(prepay))
  if (told.outcome !== 'done') return notBegun(ctx, attempt, told)
  const picture = `data:image/svg+xml;base64,${Buffer.from(await QRCode.toString(told.value.codeUrl, { type: 'svg', margin: 1 })).toString('base64')}`
  const page = ctx.knobs.sandboxUrl ? `${ctx.knobs.sandboxUrl}/cashier/native?code_url=${encodeURIComponent(told.value.codeUrl)}` : null
  return { kind: 'qr', content: told.value.codeUrl, picture, page }
}

function payUntil(ctx: TxCtx, order: KeptOrder): Date {
  return order.closesAt ?? new Date(ctx.now().getTime() + LONGEST_MS)
}

async function otherAction(ctx: Ctx, member: Id<'mem'>, order: KeptOrder, attempt: FreshAttempt): Promise<PaymentAction> {
  const { cover } = await showOwn(ctx, member, order.id)
  const sold: Sold = { order: order.id, offer: order.offer, title: order.title, picture: new URL(cover?.url ?? '/logo.webp', ctx.knobs.publicUrl).href, payUntil: payUntil(ctx, order) }
  const tried = { ...attempt, amount: order.total }
  const told = attempt.channel === 'douyin' ? beginDouyin(ctx, tried, sold) : await askTwice(() => beginAlipay(ctx, tried, sold))
  return told.outcome === 'done' ? told.value : notBegun(ctx, attempt, told)
}

type Told<T> = { outcome: 'done'; value: T } | { outcome: 'refused'; code: string } | { outcome: 'unknown'; why: string }

/** A lost answer is asked for once more under the same number, which the gateway knows again. A refusal then says nothing about the first try. */
async function askTwice<T>(ask: () => Promise<Told<T>>): Promise<Told<T>> {
  const first = await ask()
  if (first.outcome !== 'unknown' || first.why === 'timeout') return first
  const second = await ask()
  return second.outcome === 'refused' ? first : second
}

async function virtualAction(ctx: Ctx, member: Id<'mem'>, order: KeptOrder, attempt: FreshAttempt): Promise<PaymentAction> {
  const identity = (await wechatIdentity(ctx, member)) ?? refuse('payment.session_stale')
  const { productId = '', coins } = attempt.expected
  const request = ctx.gateways.wechat.virtual.prepare({ outTradeNo: attempt.outTradeNo, sessionKey: identity.sessionKey, ...(coins === undefined ? { product: productId, quantity: 1, price: order.total } : { coins }) })
  return { kind: 'wechat_virtual', ...request }
}

/** A refusal ends the attempt; a lost answer leaves it open, because the gateway may have it. */
async function notBegun(ctx: Ctx, attempt: FreshAttempt, told: { outcome: 'refused'; code: string } | { outcome: 'unknown'; why: string }): Promise<PaymentAction> {
  if (told.outcome === 'unknown') return { kind: 'wait' }
  await endAttempt(ctx, attempt.id, 'failed', told.code)
  return refuse('payment.gateway_unavailable', { code: told.code })
}

/** Asks now about every attempt of the own order that may have been paid. */
export async function checkOrder(ctx: Ctx, member: Id<'mem'>, id: Id<'ord'>): Promise<Order> {
  const order = await ownOrder(ctx, member, id)
  for (const attempt of await payableAttempts(ctx, order.id)) await queryAttempt(ctx, attempt)
  return showOwn(ctx, member, id)
}

export async function closeOwn(ctx: Ctx, member: Id<'mem'>, id: Id<'ord'>): Promise<Order> {
  const order = await ownOrder(ctx, member, id)
  if (order.state !== 'placed') refuse('order.state_forbids', { state: order.state })
  if ((await closeOrder(ctx, id)) === 'unknown') refuse('payment.gateway_unavailable')
  return showOwn(ctx, member, id)
}

/** Closes an unpaid order, but only when the gateway says that nothing can be paid for it any more. */
export async function closeOrder(ctx: Ctx, id: Id<'ord'>): Promise<'closed' | 'paid' | 'unknown'> {
  for (const attempt of await openAttempts(ctx, id)) {
    const standing = await stopAttempt(ctx, attempt)
    if (standing === 'paid' || standing === 'unknown') return standing
  }
  return inTransaction(ctx, async (ctx) => {
    const order = await lockedOrder(ctx, id)
    if (order.state !== 'placed') return order.state === 'closed' ? 'closed' : 'paid'
    if ((await openAttempts(ctx, id)).length > 0) return 'unknown'
    await moveOrder(ctx, order, 'closed', [{ what: 'closed', detail: null }])
    await ctx.tell('order.closed', { order: id })
    return 'closed'
  })
}

async function stopAttempt(ctx: Ctx, attempt: Attempt): Promise<'closed' | 'paid' | 'unknown'> {
  const standing = await queryAttempt(ctx, attempt)
  if (standing !== 'open') return standing
  if (!cannotBeShut(attempt.channel) && !(await shut(ctx, attempt))) {
    const after = await queryAttempt(ctx, attempt)
    return after === 'open' ? 'unknown' : after
  }
  await endAttempt(ctx, attempt.id, 'closed')
  return 'closed'
}

async function shut(ctx: Ctx, attempt: Attempt): Promise<boolean> {
  if (attempt.channel === 'alipay') return stopAlipay(ctx, attempt)
  return (await ctx.gateways.wechatPay.close(attempt.outTradeNo)).outcome === 'done'
}

/** Each unpaid order whose time is over becomes a job of its own: one that the gateway is slow about keeps no other waiting. */
export async function closeDue(ctx: TxCtx): Promise<void> {
  for (const order of await dueOrders(ctx, 1000)) await ctx.later('payments.close_unpaid', { order }, { key: order })
}

/** While the gateway is unsure the order stays as it is, until the next look at what is due. */
export async function closeUnpaid(ctx: Ctx, id: Id<'ord'>): Promise<void> {
  const order = await orderOf(ctx, id)
  if (order?.state === 'placed') await closeOrder(ctx, id)
}

export async function noteProvided(ctx: Ctx, id: Id<'pay'>): Promise<void> {
  const attempt = await attemptOf(ctx, id)
  if (!attempt?.expected.openid) return
  const told = await ctx.gateways.wechat.virtual.noteProvided(attempt.expected.openid, attempt.outTradeNo)
  if (told.outcome === 'unknown') throw new Error(`note_provided is unknown: ${told.why}`)
  if (told.outcome === 'refused') ctx.log.error({ attempt: id, reason: told.code }, 'WeChat does not take the word that the goods were given')
}

/** Learns the platform's new certificates before the old ones end. Merchants who have only the public key have none to fetch. */
export async function refreshCertificates(ctx: Ctx): Promise<void> {
  if (!ctx.gateways.wechatPay.hasCertificates) return
  const told = await ctx.gateways.wechatPay.refreshCertificates()
  if (told.outcome === 'done') ctx.log.info({ serials: told.value.serials }, "the platform's certificates are fresh")
  else ctx.log.error({ why: told.outcome === 'refused' ? told.code : told.why }, "the platform's certificates could not be fetched")
}
