// What the rest of the product sees of merchant transfers.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'
import type { Transfer } from './shapes.ts'

export type TransferState = 'ACCEPTED' | 'PROCESSING' | 'WAIT_USER_CONFIRM' | 'TRANSFERING' | 'SUCCESS' | 'FAIL' | 'CANCELING' | 'CANCELLED'
/** `packageInfo` opens the page on which the person confirms; it is told only when the transfer is begun. */
export type BegunTransfer = { outBillNo: string; transferBillNo: string; state: TransferState; packageInfo: string | undefined }

export type Transfers = {
  /** `appid` is the app in which the person has this openid. At least ten fen; from 2 000 yuan on the person's `name` is needed. Repeat with the same number as often as needed: a new one pays twice. */
  begin(ask: { appid: string; outBillNo: string; openid: string; amount: Cents; remark: string; role: string; reason: string; name?: string; notifyUrl: string }): Promise<Answer<BegunTransfer>>
  find(outBillNo: string): Promise<Answer<Transfer>>
  /** Only while nobody has confirmed; CANCELING is on its way, not there. */
  cancel(outBillNo: string): Promise<Answer<BegunTransfer>>
}
