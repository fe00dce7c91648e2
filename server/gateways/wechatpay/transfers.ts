// Merchant transfers of WeChat Pay: begun by us, confirmed by the person, queried and cancelled by our number.
import { filledText, textOf, type Fields } from '../fields.ts'
import { askFor, sealFor, type Line } from './exchange.ts'
import { readTransfer } from './read.ts'
import type { BegunTransfer, TransferState, Transfers } from './transfer-shapes.ts'

const STATES: readonly TransferState[] = ['ACCEPTED', 'PROCESSING', 'WAIT_USER_CONFIRM', 'TRANSFERING', 'SUCCESS', 'FAIL', 'CANCELING', 'CANCELLED']
/** 佣金报酬: the only scene this product pays out in, and what WeChat Pay wants to know of it. */
const COMMISSION = '1005'

export function openTransfers(line: Line): Transfers {
  const root = '/v3/fund-app/mch-transfer/transfer-bills'
  const byNumber = (outBillNo: string) => `${root}/out-bill-no/${encodeURIComponent(outBillNo)}`
  return {
    begin: ({ appid, outBillNo, openid, amount, remark, role, reason, name, notifyUrl }) => {
      const body = {
        appid, out_bill_no: outBillNo, transfer_scene_id: COMMISSION, openid, transfer_amount: amount, transfer_remark: remark.slice(0, 32), notify_url: notifyUrl,
        transfer_scene_report_infos: [{ info_type: '岗位类型', info_content: role }, { info_type: '报酬说明', info_content: reason }],
        ...(name === undefined ? {} : { user_name: sealFor(line, name) }),
      }
      return askFor(line, { method: 'POST', path: root, body }, readBegun)
    },
    find: (outBillNo) => askFor(line, { method: 'GET', path: byNumber(outBillNo) }, readTransfer),
    cancel: (outBillNo) => askFor(line, { method: 'POST', path: `${byNumber(outBillNo)}/cancel` }, readBegun),
  }
}

function readBegun(fields: Fields | undefined): BegunTransfer | undefined {
  const [outBillNo, transferBillNo] = [filledText(fields, 'out_bill_no'), filledText(fields, 'transfer_bill_no')]
  const state = STATES.find((one) => one === textOf(fields, 'state'))
  if (outBillNo === undefined || transferBillNo === undefined || state === undefined) return undefined
  return { outBillNo, transferBillNo, state, packageInfo: filledText(fields, 'package_info') }
}
