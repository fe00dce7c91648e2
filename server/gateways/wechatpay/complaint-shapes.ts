// What the rest of the product sees of complaints that payers made at WeChat Pay.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'

export type ComplaintState = 'PENDING' | 'PROCESSING' | 'PROCESSED'
export type ComplaintKind = 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS'
/** `phone` is there when the payer left one and it opened with our key; `awaitsReply` when the payer spoke last; `asks` is the sum that is asked back. */
export type Complaint = {
  id: string
  state: ComplaintState
  kind: ComplaintKind
  detail: string
  madeAt: string
  phone: string | undefined
  orders: { outTradeNo: string; transactionId: string; amount: Cents }[]
  awaitsReply: boolean
  isRefunded: boolean
  times: number
  asks: Cents | undefined
  isRisky: boolean
  /** Names of the pictures that came with it, as they stand in an address; WeChat Pay shows payers' pictures only to merchants that it lists for it. */
  pictures: string[]
}
/** One step of the talk: who did what, in whose words. */
export type ComplaintStep = { id: string; by: string; at: string; what: string; words: string; pictures: string[] }
export type RefundWord = { agrees: true; days: number } | { agrees: false; reason: string }

export type Complaints = {
  /** Made from one day of Beijing to another, at most thirty apart, newest first; `limit` is at most fifty. */
  list(span: { from: string; to: string }, offset: number, limit: number): Promise<Answer<{ items: Complaint[]; total: number }>>
  find(id: string): Promise<Answer<Complaint>>
  /** Oldest first, the last three hundred steps. */
  history(id: string): Promise<Answer<ComplaintStep[]>>
  /** The bytes of a picture as somebody sent them: nothing about them is proven. */
  picture(name: string): Promise<Answer<Buffer>>
  /** At most two hundred characters. Said twice it stands twice. */
  reply(id: string, words: string): Promise<Answer<'done'>>
  /** Says that it is done with; the payer may go on complaining. */
  complete(id: string): Promise<Answer<'done'>>
  /** What becomes of the refund that is asked for; `days` are working days until it is begun. */
  decideRefund(id: string, word: RefundWord): Promise<Answer<'done'>>
  /** Where notices of complaints go. */
  findAddress(): Promise<Answer<{ url: string }>>
  setAddress(url: string, isKnown: boolean): Promise<Answer<{ url: string }>>
}
