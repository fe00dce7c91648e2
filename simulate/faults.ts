// What may go wrong on the platforms' side, by the numbers of the known failures; each with the act that brings it about.

/** `virtual`: inside the mini program, where goods are paid by JSAPI, `apple`: there on an iPhone; `coins`: there, from the purse; `jsapi`: inside WeChat's own browser. */
export type Road = 'native' | 'h5' | 'jsapi' | 'virtual' | 'apple' | 'coins' | 'alipay' | 'douyin'
export const roads: readonly Road[] = ['native', 'h5', 'jsapi', 'virtual', 'apple', 'coins', 'alipay', 'douyin']

/** `by`: the act that meets the fault; `road`: how that act pays. `armed` goes to the sandbox's switchboard as it stands. */
export type Fault = { name: string; by: 'buy' | 'refund' | 'close' | 'abandon' | 'payout' | 'tick' | 'ship' | 'complain' | 'answer'; road?: Road; armed: { kind: string; [more: string]: unknown } }

const notices: readonly [Road, string][] = [['native', 'wechatpay'], ['virtual', 'push'], ['alipay', 'alipay'], ['douyin', 'douyin']]
const queries: readonly [Road, string][] = [['native', 'query'], ['virtual', 'query_order'], ['alipay', 'trade_query'], ['douyin', 'order_query']]
const refunds: readonly [Road, string][] = [['native', 'refund'], ['virtual', 'refund_order'], ['alipay', 'trade_refund'], ['douyin', 'refund_create']]

function onNotices(name: string, kind: string, more: object = {}, among = notices): Fault[] {
  return among.map(([road, api]) => ({ name: `${name} ${kind} ${api}`, by: 'buy', road, armed: { kind, api, ...more } }))
}

function onCalls(name: string, by: Fault['by'], calls: readonly [Road, string][], kind: string, more: object = {}): Fault[] {
  return calls.map(([road, api]) => ({ name: `${name} ${kind} ${api}`, by, road, armed: { kind, api, ...more } }))
}

const onlyWechatPay = notices.slice(0, 1)
const onlyPush = notices.slice(1, 2)
const busy = { code: 'SYSTEM_ERROR', status: 500 }
const tooOften = { code: 'FREQUENCY_LIMITED', status: 429 }
const transfer: readonly [Road, string][] = [['native', 'transfer']]
const share: readonly [Road, string][] = [['native', 'share']]
const spend: readonly [Road, string][] = [['coins', 'currency_pay']]
const unspend: readonly [Road, string][] = [['coins', 'cancel_currency_pay']]
const prepay: readonly [Road, string][] = [['native', 'prepay'], ['h5', 'prepay'], ['jsapi', 'prepay'], ['alipay', 'trade_create']]
const shipment: readonly [Road, string][] = [['virtual', 'upload_shipping_info']]
const complaint: readonly [Road, string][] = [['native', 'complaint_answer']]

export const faults: readonly Fault[] = [
  ...onNotices('F1', 'duplicate_notice', { copies: 9 }),
  ...onNotices('F26', 'impatient_notice', {}),
  ...onNotices('F2', 'reorder_notices', { count: 2 }, onlyWechatPay),
  ...onNotices('F3', 'delay_notice', { delaySeconds: 86_400 }),
  ...onNotices('F4', 'drop_notice', { count: 3 }),
  { name: 'F5 pay_before_answer', by: 'buy', road: 'native', armed: { kind: 'pay_before_answer' } },
  ...[...prepay.map((one) => ['buy', one] as const), ...spend.map((one) => ['buy', one] as const), ...[...refunds, ...unspend].map((one) => ['refund', one] as const), ...transfer.map((one) => ['payout', one] as const), ...share.map((one) => ['tick', one] as const)].flatMap(([by, call]) => [
    ...onCalls('F6', by, [call], 'lose_request', { count: 2 }),
    ...onCalls(by === 'refund' ? 'F7' : 'F6', by, [call], 'lose_answer', { count: 2 }),
  ]),
  ...onCalls('F6', 'ship', shipment, 'lose_answer', { count: 2 }),
  ...onCalls('F6', 'answer', complaint, 'lose_request', { count: 2 }),
  ...onCalls('F6', 'answer', complaint, 'lose_answer', { count: 2 }),
  ...onCalls('F10', 'answer', complaint, 'refuse', tooOften),
  { name: 'F4 drop_notice complaint', by: 'complain', road: 'native', armed: { kind: 'drop_notice', api: 'wechatpay' } },
  ...onCalls('F6', 'buy', prepay.slice(0, 1), 'refuse', { ...busy, count: 2 }),
  ...onCalls('F6', 'refund', refunds.slice(0, 1), 'refuse', busy),
  ...onCalls('F6', 'payout', transfer, 'refuse', busy),
  ...onCalls('F6', 'tick', share, 'refuse', busy),
  ...onCalls('F9', 'abandon', [['native', 'close']], 'refuse', tooOften),
  ...onCalls('F9', 'abandon', [['native', 'close']], 'refuse', { code: 'USER_PAYING', status: 403 }),
  ...onCalls('F10', 'close', queries.slice(0, 1), 'refuse', { ...tooOften, count: 3 }),
  ...onCalls('F10', 'tick', share, 'refuse', tooOften),
  ...onNotices('F11', 'mismatch_amount', {}),
  ...['mismatch_currency', 'mismatch_mchid', 'mismatch_appid'].flatMap((kind) => onNotices('F11', kind, {}, onlyWechatPay)),
  ...onNotices('F11', 'mismatch_out_trade_no', { value: 'SNOBODYKNOWSTHIS' }, onlyWechatPay),
  ...onCalls('F11', 'close', queries, 'mismatch_amount'),
  ...['forge_notice', 'tamper_notice', 'unsigned_notice'].flatMap((kind) => onNotices(kind === 'tamper_notice' ? 'F18' : 'F13', kind, { attempts: 2 })),
  ...['stale_notice', 'future_notice'].flatMap((kind) => onNotices('F14', kind, {}, onlyWechatPay)),
  ...onNotices('F16', 'signtest_notice', {}, onlyWechatPay),
  ...onNotices('F17', 'unknown_serial_notice', { attempts: 3 }, onlyWechatPay),
  ...['wrong_apiv3_key', 'previous_apiv3_key', 'empty_associated_data'].flatMap((kind) => onNotices('F18', kind, {}, onlyWechatPay)),
  ...['certificate_notice', 'public_key_notice'].flatMap((kind) => onNotices('F19', kind, {}, onlyWechatPay)),
  ...onCalls('F22', 'refund', refunds.slice(0, 1), 'refund_outcome', { value: 'ABNORMAL' }),
  ...onCalls('F22', 'refund', refunds.slice(0, 1), 'refund_outcome', { value: 'CLOSED' }),
  ...onCalls('F22', 'refund', refunds.slice(1, 2), 'refund_outcome', { value: 'FAILED' }),
  { name: 'F23 share_outcome', by: 'tick', road: 'native', armed: { kind: 'share_outcome', value: 'RECEIVER_HIGH_RISK' } },
  { name: 'F23 return_outcome', by: 'refund', road: 'native', armed: { kind: 'return_outcome', value: 'BALANCE_NOT_ENOUGH' } },
  { name: 'F24 transfer_outcome', by: 'payout', armed: { kind: 'transfer_outcome', value: 'REAL_NAME_CHECK_FAIL' } },
  ...['mismatch_product', 'mismatch_env', 'mismatch_quantity', 'wrong_appid_tail'].flatMap((kind) => onNotices('F28', kind, {}, onlyPush)),
  ...onCalls('F29', 'buy', [['native', 'native']], 'forge_answer', { how: 'wrong_key' }),
  ...onCalls('F29', 'close', queries.slice(0, 1), 'forge_answer', { how: 'no_signature' }),
  ...onCalls('F29', 'refund', refunds.slice(0, 1), 'forge_answer', { how: 'other_body' }),
  ...onCalls('F29', 'payout', transfer, 'forge_answer', { how: 'wrong_key' }),
]

/** What is false in a bill: a row of WeChat Pay's trades, of the movements of its account, or of Alipay's bill. */
export type Falsehood = 'missing' | 'extra' | 'amount' | 'state' | 'flow missing' | 'flow extra' | 'flow amount' | 'alipay'
export type BillFault = { name: string; armed: Fault['armed']; falsehood?: Falsehood }

function falseRow(falsehood: Falsehood, api: string, how: string): BillFault {
  return { name: `F25 bill_difference ${falsehood}`, falsehood, armed: { kind: 'bill_difference', api, how } }
}

/** F25: bills that come late, broken or different; met when a day is reconciled. */
export const billFaults: readonly BillFault[] = [
  { name: 'F25 bill_wrong_hash', armed: { kind: 'bill_wrong_hash', api: 'trade' } },
  { name: 'F25 bill_cut_short', armed: { kind: 'bill_cut_short', api: 'fund_flow' } },
  { name: 'F25 trade_bill refused', armed: { kind: 'refuse', api: 'trade_bill', ...busy } },
  { name: 'F25 bill_file lost', armed: { kind: 'lose_answer', api: 'bill_file' } },
  ...(['missing', 'extra', 'amount', 'state'] as const).map((how) => falseRow(how, 'trade', how)),
  ...(['missing', 'extra', 'amount'] as const).map((how) => falseRow(`flow ${how}`, 'fund_flow', how)),
  falseRow('alipay', 'alipay', 'amount'),
]
