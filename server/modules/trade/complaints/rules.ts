// What WeChat Pay's words for a complaint mean here, until when it wants an answer, and who may still say what.
import type { Complaint } from '#contracts/complaints.ts'
import type { Complaint as Told, ComplaintStep as ToldStep } from '#gateways/wechatpay/complaint-shapes.ts'
import type { Step } from './store.ts'

const HOUR_MS = 3_600_000
const REPLY_HOURS = 24
const SETTLE_HOURS = 72

const states: Record<Told['state'], Complaint['state']> = { PENDING: 'pending', PROCESSING: 'processing', PROCESSED: 'done' }
const kinds: Record<Told['kind'], Complaint['kind']> = { REFUND: 'refund', SERVICE_NOT_WORK: 'service', OTHERS: 'other' }

export function stateOf(told: Told): Complaint['state'] {
  return states[told.state]
}

export function kindOf(told: Told): Complaint['kind'] {
  return kinds[told.kind]
}

/** Pictures that no step names came with the complaint itself, which is the first step. */
export function stepsOf({ pictures }: Told, history: ToldStep[]): Step[] {
  const named = new Set(history.flatMap((step) => step.pictures))
  const rest = pictures.filter((picture) => !named.has(picture))
  return history.map(stepOf).map((step, at) => (at === 0 ? { ...step, pictures: [...step.pictures, ...rest] } : step))
}

function stepOf({ at, what, words, pictures }: ToldStep): Step {
  const by = what.startsWith('MERCHANT') ? 'academy' : what.startsWith('USER') && !what.includes('SYSTEM') ? 'payer' : 'platform'
  return { at, by, what: what.slice(0, 80), words: words.slice(0, 2000), pictures }
}

type Standing = { state: Complaint['state']; madeAt: Date; steps: Pick<Step, 'by'>[] }

/** A day for the first word, three days until it is done with. */
export function deadlinesOf({ state, madeAt, steps }: Standing): { replyBy: Date | null; settleBy: Date | null } {
  const isAnswered = steps.some((step) => step.by === 'academy')
  const after = (hours: number) => new Date(madeAt.getTime() + hours * HOUR_MS)
  return { replyBy: state !== 'done' && !isAnswered ? after(REPLY_HOURS) : null, settleBy: state === 'done' ? null : after(SETTLE_HOURS) }
}

/** WeChat Pay wants a word before it takes a complaint as done, and hears of a refund only where one was asked for. */
export function actionsOf({ state, kind, steps, decision }: Standing & Pick<Complaint, 'kind' | 'decision'>): Complaint['can'] {
  if (state === 'done') return ['reply']
  const can: Complaint['can'] = ['reply']
  if (steps.some((step) => step.by === 'academy')) can.push('complete')
  if (kind === 'refund' && decision === null) can.push('decide')
  return can
}

/** The span that is asked for: thirty days until today, as Beijing counts them. */
export function lastDays(now: Date): { from: string; to: string } {
  const day = (at: number) => new Date(at + 8 * HOUR_MS).toISOString().slice(0, 10)
  return { from: day(now.getTime() - 29 * 24 * HOUR_MS), to: day(now.getTime()) }
}

/** WeChat Pay's own spelling. */
const decisionWords = { agreed: 'MERCHANT_APPROVE_REFUND', declined: 'MERCHANT_REFUSE_RERUND' } as const

/** Whether a step of the history is our word about the money. */
export function isWordOf(decision: keyof typeof decisionWords, what: string): boolean {
  return what === decisionWords[decision]
}

type Kept = { state: Complaint['state']; awaitsReply: boolean; times: number; isRefunded: boolean }

/** Whether something has happened since it was kept. */
export function isNews(told: Told, kept: Kept | undefined): boolean {
  return kept === undefined || kept.state !== stateOf(told) || kept.awaitsReply !== told.awaitsReply || kept.times !== told.times || kept.isRefunded !== told.isRefunded
}
