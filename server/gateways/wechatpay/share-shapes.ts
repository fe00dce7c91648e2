// What the rest of the product sees of profit sharing: receivers, parts of an order's money and what became of each.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'

export type ReceiverKind = 'merchant' | 'person'
/** A merchant by its number, which needs its full name; a person by their openid of this merchant's app. */
export type Receiver = { kind: ReceiverKind; account: string; name?: string; relation: 'PARTNER' | 'DISTRIBUTOR' | 'STAFF' | 'SUPPLIER' }

/** A finished share says nothing by itself: each part has a result of its own. */
export type SharedPart = { kind: ReceiverKind; account: string; amount: Cents; result: 'pending' | 'done' | 'closed'; why: string | undefined; detailNo: string | undefined }
export type Shared = { outOrderNo: string; transactionId: string; isFinished: boolean; parts: SharedPart[] }

export type ReturnedShare = { outReturnNo: string; amount: Cents; result: 'pending' | 'done' | 'failed'; why: string | undefined }

export type Sharing = {
  /** Again and again for the same receiver is fine. */
  addReceiver(receiver: Receiver): Promise<Answer<'added'>>
  removeReceiver(receiver: Pick<Receiver, 'kind' | 'account'>): Promise<Answer<'removed'>>
  /** One part for one receiver; what is left stays frozen. Repeat with the same number as often as needed. */
  share(ask: { transactionId: string; outOrderNo: string; kind: ReceiverKind; account: string; amount: Cents; description: string }): Promise<Answer<Shared>>
  findShare(transactionId: string, outOrderNo: string): Promise<Answer<Shared>>
  /** Sets free what was not shared; the number is one of its own. */
  unfreeze(ask: { transactionId: string; outOrderNo: string; description: string }): Promise<Answer<Shared>>
  /** From merchants only. Repeat with the same number as often as needed. */
  takeBack(ask: { outOrderNo: string; outReturnNo: string; mchid: string; amount: Cents; description: string }): Promise<Answer<ReturnedShare>>
  findReturn(outOrderNo: string, outReturnNo: string): Promise<Answer<ReturnedShare>>
  findUnsplit(transactionId: string): Promise<Answer<{ unsplit: Cents }>>
}
