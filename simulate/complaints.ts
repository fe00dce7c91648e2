// Complaints of payers: made in WeChat, answered and decided by operators; and what must be so of each in the end.
import type { Json } from '../server/test/sandbox.ts'
import { choose } from './chance.ts'
import type { Cast, Person } from './cast.ts'
import { atPhone } from './paying.ts'
import type { Act } from './plan.ts'
import type { World } from './world.ts'

const kinds = ['REFUND', 'REFUND', 'SERVICE_NOT_WORK', 'OTHERS'] as const

/** About something that the person paid for, also for the second time. */
export async function complain(world: World, cast: Cast, person: Person, { dice: [which = 0, kind = 0] }: Act): Promise<void> {
  const paid = await world.rows("select out_trade_no from payment_attempts where order_id = any($1) and channel like 'wechat_pay%' and state = 'paid' order by id", [person.orders])
  if (paid.length === 0) return
  const told = await atPhone(world, person, 'complain', { out_trade_no: choose(paid, which).out_trade_no, kind: choose(kinds, kind), words: '和介绍的不一样' })
  cast.note(`${person.name} complains of ${choose(paid, which).out_trade_no} → ${JSON.stringify(told)}`)
}

/** A word to each, money given or not by two who may not agree, and the end of it; with `isLast` none is left open. */
export async function answerComplaints(_world: World, cast: Cast, { dice: [how = 0, part = 0] }: Pick<Act, 'dice'>, isLast = false): Promise<void> {
  const { body } = await cast.desk('GET /console/complaints?open=true&limit=100')
  for (const { id, can, left } of body.items as Json[]) {
    const at = `POST /console/complaints/${id}`
    await cast.desk(`${at}/replies`, { words: '我们马上处理' })
    if (can.includes('decide')) {
      const agree = () => cast.desk(`${at}/refunds`, { amount: part < 0.5 ? left : 1 + Math.floor(part * (left - 1)) })
      const decline = () => cast.desk(`${at}/refusals`, { reason: '课程已学完' })
      const words = left === 0 || how > 0.7 ? [decline()] : how < 0.4 ? [agree(), agree()] : [agree(), decline()]
      const decided = (await Promise.all(words)).filter((answer) => answer.status === 200).length
      if (decided > 1) throw new Error(`complaint ${id} was decided ${decided} times`)
      if (decided === 0 && isLast) await decline()
    }
    if (isLast || how < 0.5) await cast.desk(`${at}/completions`)
  }
}

/** What WeChat Pay holds of a complaint is what we hold, it heard one decision at most, and what was promised was begun. */
export async function judgeComplaints(world: World): Promise<string[]> {
  const { items } = await world.sim('GET', `/__sim/complaints?tenant=${world.tenant.appid}`)
  const ours = new Map((await world.rows('select number, state, decision, refund_id from complaints')).map((row) => [row.number, row]))
  return (items as Json[]).flatMap((told) => judgeComplaint(told, ours.get(told.id)))
}

const states: Record<string, string> = { PENDING: 'pending', PROCESSING: 'processing', PROCESSED: 'done' }

function judgeComplaint({ id, state, steps }: Json, kept: Json | undefined): string[] {
  if (kept === undefined) return [`nobody heard of complaint ${id}`]
  const count = (what: string) => (steps as Json[]).filter((step) => step.what === what).length
  const [agreed, declined] = [count('MERCHANT_APPROVE_REFUND'), count('MERCHANT_REFUSE_RERUND')]
  return [
    ...(kept.state === states[state] ? [] : [`complaint ${id} is ${state} at WeChat Pay, ${kept.state} with us`]),
    ...(agreed <= Number(kept.decision === 'agreed') && declined <= Number(kept.decision === 'declined') ? [] : [`WeChat Pay heard of complaint ${id} ${agreed} times that money is given and ${declined} times that it is not; it was ${kept.decision}`]),
    ...(kept.decision === 'agreed' && kept.refund_id === null ? [`money was promised for complaint ${id}, and no refund begun`] : []),
  ]
}
