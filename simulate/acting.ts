// Everything that members and operators do besides buying, and the round in which it happens.
import type { Json } from '../server/test/sandbox.ts'
import { choose } from './chance.ts'
import { inWechat, type Cast, type Person } from './cast.ts'
import { fill } from './coins.ts'
import { answerComplaints, complain } from './complaints.ts'
import { askApple, giveBackPast } from './console.ts'
import { receive, shipParcels } from './parcels.ts'
import { abandon, atPhone, buy, orderBook, pay, race, upgrade } from './paying.ts'
import type { Act, Round, What } from './plan.ts'
import type { World } from './world.ts'

type Perform = (world: World, cast: Cast, person: Person, act: Act) => Promise<unknown>

/** One of the own orders, chosen by a die; nothing happens to whom has none. */
function onOrder(act: (world: World, cast: Cast, person: Person, order: string, dice: number[]) => Promise<unknown>): Perform {
  return async (world, cast, person, { dice }) => {
    const [which = 0, ...rest] = dice
    return person.orders.length === 0 ? undefined : act(world, cast, person, choose(person.orders, which), rest)
  }
}

const performances: Record<What, Perform> = {
  buy,
  abandon,
  race,
  async pay(world, cast, person, { dice: [which = 0] }) {
    if (person.sheets.length > 0) await pay(world, cast, person, choose(person.sheets, which), 'pay')
  },
  check: onOrder((_world, cast, person, order) => Promise.all([cast.as(person, `POST /orders/${order}/checks`), cast.as(person, `GET /orders/${order}`)])),
  close: onOrder((_world, cast, person, order) => cast.as(person, `POST /orders/${order}/closings`)),
  redeem,
  claim: onOrder((_world, cast, person, order) => cast.as(person, `POST /orders/${order}/claims`, { reason: '没有时间学' })),
  withdraw: onOrder(withdraw),
  decide: (world, cast, _person, { dice }) => decideClaims(world, cast, dice),
  refund: onOrder(giveBack),
  payout: beginPayout,
  confirm,
  cancel: cancelPayout,
  learn: (world, cast, person, { dice: [which = 0, far = 0] }) => {
    const { lesson } = choose(world.academy.courses, which)
    const end = 1 + Math.floor(far * 9999)
    return cast.as(person, `PUT /lessons/${lesson}/progress`, { ranges: [[0, end]], positionSeconds: end, at: new Date(world.now()).toISOString() })
  },
  grant: (world, cast, person, { dice: [which = 0, howLong = 0] }) => {
    const until = howLong < 0.5 ? null : new Date(world.now() + 3 * 86_400_000).toISOString()
    return cast.desk(`POST /console/members/${person.member}/entitlements`, { course: choose(world.academy.courses, which).id, until, note: '读书会奖励' })
  },
  revoke,
  replay,
  ask: onOrder(askInDouyin),
  upgrade,
  order: orderBook,
  ship: (world, cast, _person, act) => shipParcels(world, cast, act),
  receive,
  complain,
  answer: (world, cast, _person, act) => answerComplaints(world, cast, act),
  fill,
  console: giveBackPast,
  apple: askApple,
  unwind,
}

/** One round: what goes wrong is armed, people act one after the other or all at once, the server may die meanwhile; then the hour leaps and the timetable comes round. */
export async function playRound(world: World, cast: Cast, round: Round): Promise<void> {
  if (round.fault) {
    await world.sim('POST', '/__sim/faults', { tenant: world.tenant.appid, armed: round.fault.armed['count'] ?? 1, ...round.fault.armed })
    cast.note(`fault ${round.fault.name}`)
  }
  if (round.lagSeconds !== 0) meet(cast, 'F30', `the server's clock is ${round.lagSeconds} s behind`)
  world.lag(round.lagSeconds)
  const dying = round.killAfterMs === undefined ? undefined : world.kill(round.killAfterMs)
  if (dying) meet(cast, 'F27', `the server is killed after ${round.killAfterMs} ms`)
  const perform = (act: Act) => performances[act.what](world, cast, choose(cast.people, act.who / cast.people.length), act)
  if (round.isTogether) await Promise.all(round.acts.map(perform))
  else for (const act of round.acts) await perform(act)
  await dying
  world.lag(0)
  await world.rest()
  cast.note(`the hour leaps ${round.leapSeconds} s`)
  await world.leap(round.leapSeconds)
  await world.tick()
  await world.rest()
  if (round.fault && (await disarm(world))) cast.met.push(round.fault.name)
}

/** Takes back what is still armed; true when it has gone off at least once. */
async function disarm(world: World): Promise<boolean> {
  const { items } = await world.sim('GET', `/__sim/faults?tenant=${world.tenant.appid}`)
  await world.sim('DELETE', `/__sim/faults?tenant=${world.tenant.appid}`)
  return (items as Json[]).every((one) => one.count < (one.armed ?? 1))
}

function meet(cast: Cast, name: string, step: string): void {
  cast.met.push(name)
  cast.note(`${name} ${step}`)
}

/** Two people with one code at once; whoever has it may try again. */
async function redeem(world: World, cast: Cast, person: Person, { dice: [which = 0, both = 0] }: Act): Promise<void> {
  const half = world.academy.codes.length / 2
  const code = world.academy.codes[(which < 0.5 ? 0 : half) + (world.academy.codesUsed++ % half)] ?? ''
  const others = both < 0.3 ? cast.people : [person]
  const answers = await Promise.all(others.map((other) => cast.as(other, 'POST /redemptions', { code })))
  if (answers.filter((answer) => answer.status === 200).length > 1) throw new Error(`code ${code} was redeemed by two`)
  if (both < 0.1) await cast.as(person, 'POST /redemptions', { code })
}

async function withdraw(_world: World, cast: Cast, person: Person, order: string): Promise<void> {
  const { body } = await cast.as(person, `GET /orders/${order}/claims`)
  const asked = body?.items?.find((claim: Json) => claim.state === 'asked')
  if (asked) await cast.as(person, `POST /claims/${asked.id}/withdrawals`)
}

/** Two operators at once, who may not agree: the first word stands. */
export async function decideClaims(_world: World, cast: Cast, dice: number[]): Promise<void> {
  const [how = 0, fault = 0, part = 0] = dice
  const { body } = await cast.desk('GET /console/claims?open=true&limit=100')
  for (const claim of body.items as Json[]) {
    if (claim.state !== 'asked') continue
    const approval = { fault: fault < 0.7 ? 'learner' : 'academy', answer: '按规则退还', ...(part < 0.2 ? { amount: 1 + Math.floor(part * 500) } : {}) }
    const approve = () => cast.desk(`POST /console/claims/${claim.id}/approvals`, approval)
    const decline = () => cast.desk(`POST /console/claims/${claim.id}/refusals`, { answer: '课程已学完' })
    const answers = await Promise.all(how < 0.5 ? [approve(), approve()] : how < 0.75 ? [approve(), decline()] : [decline()])
    const decided = answers.filter((answer) => answer.status === 200).length
    if (decided > 1) throw new Error(`claim ${claim.id} was decided twice`)
    // Nothing is left to give back: the learner is told so.
    if (decided === 0) await decline()
  }
}

/** All or a part, pressed once or thrice at once with the same key, or by two operators with keys of their own. */
async function giveBack(_world: World, cast: Cast, _person: Person, order: string, [how = 0, much = 0, pressed = 0]: number[]): Promise<void> {
  const wish = { reason: '学员申请', requestKey: cast.key(), ...(how < 0.5 ? {} : { amount: 1 + Math.floor(much * 4000), endsAccess: how > 0.85 }) }
  const keys = pressed < 0.6 ? [wish.requestKey] : pressed < 0.8 ? [wish.requestKey, wish.requestKey, wish.requestKey] : [wish.requestKey, cast.key()]
  const answers = await Promise.all(keys.map((requestKey) => cast.desk(`POST /console/orders/${order}/refunds`, { ...wish, requestKey })))
  const made = new Set(answers.filter((answer) => answer.status === 200).map((answer) => answer.body.id))
  if (made.size > new Set(keys).size) throw new Error(`one key made ${made.size} refunds of ${order}`)
}

/** What an upgrade bought is given back, the lower order first or the higher. */
async function unwind(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  const before = person.orders.length
  await upgrade(world, cast, person, act)
  const [turned = 0, ...rest] = act.dice
  const bought = person.orders.slice(before)
  for (const order of turned < 0.5 ? bought : bought.toReversed()) await giveBack(world, cast, person, order, rest)
}

async function beginPayout(_world: World, cast: Cast, person: Person, { dice: [much = 0, agreed = 0] }: Act): Promise<void> {
  const wish = { member: person.member, amount: 10 + Math.floor(much * 70_000), role: '讲师', reason: '讲课费', requestKey: cast.key() }
  const answers = await Promise.all([1, 2].map(() => cast.desk('POST /console/payouts', wish)))
  const [payout] = answers.filter((answer) => answer.status === 200).map((answer) => answer.body)
  if (payout?.state !== 'requested') return
  const second = agreed < 0.8 ? cast.desk(`POST /console/payouts/${payout.id}/agreements`, undefined, 'second') : cast.desk(`POST /console/payouts/${payout.id}/rejections`, { answer: '先核对课时' }, 'second')
  await Promise.all([cast.desk(`POST /console/payouts/${payout.id}/agreements`), second])
}

/** The person confirms what is theirs, leaves the page, or lets the day pass. */
export async function confirm(world: World, cast: Cast, person: Person, { dice: [how = 0] }: Pick<Act, 'dice'>): Promise<void> {
  const { body } = await cast.as(person, 'GET /payouts', undefined, inWechat)
  for (const payout of (body.items as Json[]).filter((one) => one.confirm)) {
    if (how > 0.85) return
    const told = await atPhone(world, person, 'transfer', { ...payout.confirm, ...(how > 0.7 ? { do: 'cancel' } : {}) })
    cast.note(`${person.name} at the page of ${payout.id} → ${JSON.stringify(told)}`)
    await cast.as(person, `POST /payouts/${payout.id}/checks`, undefined, inWechat)
  }
}

async function cancelPayout(_world: World, cast: Cast, person: Person, { dice: [how = 0] }: Act): Promise<void> {
  const { body } = await cast.desk('GET /console/payouts?limit=50')
  const own = (body.items as Json[]).filter((payout) => payout.member === person.member)
  for (const payout of own.filter((one) => one.can.includes('cancel'))) await cast.desk(`POST /console/payouts/${payout.id}/cancellations`)
  for (const payout of own.filter((one) => one.can.includes('retry'))) if (how < 0.5) await Promise.all([1, 2].map(() => cast.desk(`POST /console/payouts/${payout.id}/retries`)))
}

async function revoke(_world: World, cast: Cast, person: Person): Promise<void> {
  const { body } = await cast.desk(`GET /console/members/${person.member}/entitlements`)
  const granted = (body.items as Json[]).find((right) => right.reason === 'granted' && right.live)
  if (granted) await cast.desk(`POST /console/entitlements/${granted.id}/revocations`, { why: '发错了人' })
}

/** The platform sends an old notice once more, genuine as it was. */
async function replay(world: World, cast: Cast, person: Person, { dice: [which = 0] }: Act): Promise<void> {
  const numbers = await world.rows('select out_trade_no from payment_attempts where order_id = any($1) order by id', [person.orders])
  if (numbers.length === 0) return
  const { items } = await world.sim('GET', `/__sim/deliveries?tenant=${world.tenant.appid}&subject=${choose(numbers, which).out_trade_no}`)
  for (const one of items as Json[]) await world.sim('POST', `/__sim/deliveries/${one.id}/replay`)
  if (items.length > 0) meet(cast, 'F15', `${items.length} old notices come again`)
}

/** Inside Douyin's own app, past our pages. */
async function askInDouyin(world: World, cast: Cast, person: Person, order: string, [much = 0]: number[]): Promise<void> {
  const sheet = person.sheets.find((one) => one.road === 'douyin' && one.order === order)
  if (!sheet) return
  const opened = await atPhone(world, person, 'douyin/request-order', { data: sheet.action.data, byteAuthorization: sheet.action.byteAuthorization })
  if (opened.errNo !== 0) return
  const told = await atPhone(world, person, 'douyin/ask-refund', { orderId: opened.orderId, reason: '听不懂', ...(much < 0.3 ? { cents: 100 } : {}) })
  cast.note(`${person.name} asks back inside Douyin → ${JSON.stringify(told)}`)
}
