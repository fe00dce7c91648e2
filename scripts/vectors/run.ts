// Which gateway function each kind of vector is run through.
import { createHash } from 'node:crypto'
import { cutNode, isNoticeSigned, isTextSigned } from '#gateways/alipay/sign.ts'
import { isCallbackSigned, signOrder, writeAuthorization } from '#gateways/douyin/sign.ts'
import { readJson } from '#gateways/fields.ts'
import { digestSorted } from '#gateways/wechat/digest.ts'
import { openEnvelope, readAesKey } from '#gateways/wechat/envelope.ts'
import { signPush } from '#gateways/wechat/push.ts'
import { signPay, signSession } from '#gateways/wechat/virtual.ts'
import { openBill, type BillFile, type Row } from '#gateways/wechatpay/bills.ts'
import { openCertificates } from '#gateways/wechatpay/certificates.ts'
import { openField, openSealed, readApiv3Key } from '#gateways/wechatpay/cipher.ts'
import { composeRequest, signJsapi, signText } from '#gateways/wechatpay/sign.ts'
import { isSignedBy } from '#gateways/wechatpay/verify.ts'
import { expectSame, objectOf, textOf, type Complaints, type Json, type Keys, type Vector } from './file.ts'
import { runNoticeFlow, runPushFlow } from './flows.ts'

type Runner = (vector: Vector, keys: Keys) => Complaints | Promise<Complaints>
export type Result = { result: 'passed' | 'failed' | 'skipped'; why: string }

const runners = new Map<string, Runner>([
  ['rsa_sha256_sign', ({ inputs, expected }, keys) => expectSame('signature', signText(keyOf(keys, inputs), textOf(inputs, 'message')), expected['signature'])],
  ['wxv3.request_message', ({ inputs, expected }) => expectSame('message', composeRequest(requestOf(inputs)), expected['message'])],
  ['wxv3.request_sign', ({ inputs, expected }, keys) => expectSame('signature', signText(keyOf(keys, inputs), composeRequest(requestOf(inputs))), expected['signature'])],
  ['wxv3.pay_sign', runPaySign],
  ['wxv3.verify', ({ inputs, expected }, keys) => expectSame('valid', isSignedBy(keys(textOf(inputs, 'key')), signedOf(inputs)), expected['valid'])],
  ['aes_256_gcm_decrypt', ({ inputs, expected }) => expectOpened(openWithKey(inputs), expected)],
  ['wxv3.certificates_response', runCertificates],
  ['rsa_oaep_sha1_decrypt', ({ inputs, expected }, keys) => expectOpened(openField(keyOf(keys, inputs), textOf(inputs, 'ciphertext')), expected)],
  ['bill_parse', runBillParse],
  ['bill_download', runBillDownload],
  ['xpay.pay_sig', ({ inputs, expected }) => expectSame('pay_sig', signPay(textOf(inputs, 'app_key'), textOf(inputs, 'uri'), textOf(inputs, 'body')), expected['pay_sig'])],
  ['xpay.signature', ({ inputs, expected }) => expectSame('signature', signSession(textOf(inputs, 'session_key'), textOf(inputs, 'body')), expected['signature'])],
  ['wxpush.url_verify', ({ inputs, expected }) => expectSame('signature', digestSorted(wordsOf(inputs)), expected['signature'])],
  ['wxpush.aes_decrypt', runPushDecrypt],
  ['wxv3.notify_flow', runNoticeFlow],
  ['xpay.push_flow', runPushFlow],
  ['alipay.notify_verify', runAlipayNotice],
  ['alipay.response_verify', runAlipayAnswer],
  ['douyin.trade_request_sign', runDouyinOrder],
  ['douyin.trade_callback_verify', runDouyinCallback],
])

export async function runVector(vector: Vector, keys: Keys): Promise<Result> {
  const runner = runners.get(vector.kind)
  if (runner === undefined) return { result: 'skipped', why: 'unknown kind' }
  try {
    const complaints = await runner(vector, keys)
    if (complaints.length === 0) return { result: 'passed', why: '' }
    return vector.optional ? { result: 'passed', why: `optional, refused by us: ${complaints.join('; ')}` } : { result: 'failed', why: complaints.join('; ') }
  } catch (error) {
    return { result: 'failed', why: `crashed: ${String(error)}` }
  }
}

function keyOf(keys: Keys, inputs: Json) {
  return keys(textOf(inputs, 'private_key'))
}

function requestOf(inputs: Json) {
  return { method: textOf(inputs, 'method'), path: textOf(inputs, 'url'), timestamp: textOf(inputs, 'timestamp'), nonce: textOf(inputs, 'nonce'), body: textOf(inputs, 'body') }
}

function signedOf(inputs: Json) {
  return { timestamp: textOf(inputs, 'timestamp'), nonce: textOf(inputs, 'nonce'), body: textOf(inputs, 'body'), signature: textOf(inputs, 'signature') }
}

function wordsOf(inputs: Json): string[] {
  return ['token', 'timestamp', 'nonce'].map((name) => textOf(inputs, name))
}

function runPaySign({ inputs, expected }: Vector, keys: Keys): Complaints {
  const payment = signJsapi(keyOf(keys, inputs), textOf(inputs, 'appid'), textOf(inputs, 'prepay_id'), textOf(inputs, 'timestamp'), textOf(inputs, 'nonce'))
  return [
    ...expectSame('paySign', payment.paySign, expected['paySign']),
    ...expectSame('signType', payment.signType, expected['signType']),
    ...expectSame('package', payment.package, expected['package']),
  ]
}

/** A key that is refused at open is as good a refusal as one at decryption. */
function openWithKey(inputs: Json): string | undefined {
  try {
    const sealed = { nonce: textOf(inputs, 'nonce'), associatedData: textOf(inputs, 'associated_data'), ciphertext: textOf(inputs, 'ciphertext') }
    return openSealed([readApiv3Key(textOf(inputs, 'key'))], sealed)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function expectOpened(plain: string | undefined, expected: Json): Complaints {
  if (expected['error'] === true) return plain === undefined ? [] : ['opened what must be refused']
  return plain === undefined ? ['refused'] : expectSame('plaintext', plain, expected['plaintext'] ?? null)
}

function runCertificates({ inputs, expected }: Vector): Complaints {
  const certificates = openCertificates([readApiv3Key(textOf(inputs, 'apiv3_key'))], readJson(textOf(inputs, 'response_body')))
  return expectSame('serials', certificates?.map((certificate) => certificate.serialNumber) ?? null, expected['serials'])
}

async function expectBill(file: BillFile<Row>, expected: Json): Promise<Complaints> {
  if (file.kind === 'refused') return [`not a bill: ${file.reason}`]
  const rows: Row[] = []
  for await (const some of file.bill.lines()) rows.push(...some)
  return [
    ...expectSame('columns', file.bill.columns.length, expected['columns']),
    ...expectSame('rows', rows.length, expected['rows']),
    ...expectSame('first row', rows[0], expected['first_row']),
    ...expectSame('last row', rows.at(-1), expected['last_row']),
    ...expectSame('summary', file.bill.summary, expected['summary']),
  ]
}

async function runBillParse({ inputs, expected }: Vector): Promise<Complaints> {
  const bytes = Buffer.from(textOf(inputs, 'csv'))
  return expectBill(await openBill(bytes, 'none', createHash('sha1').update(bytes).digest('hex'), (row) => row), expected)
}

async function runBillDownload({ inputs, expected }: Vector): Promise<Complaints> {
  const bytes = Buffer.from(textOf(inputs, 'payload_base64'), 'base64')
  const file = await openBill(bytes, inputs['tar_type'] === 'GZIP' ? 'GZIP' : 'none', textOf(inputs, 'hash_value'), (row) => row)
  const packed = createHash('sha1').update(bytes).digest('hex')
  return [
    ...expectSame('hash_ok', file.kind === 'bill', expected['hash_ok']),
    ...expectSame('sha1_of_gzip', packed, expected['sha1_of_gzip']),
    ...(file.kind === 'bill' ? await expectBill(file, expected) : expectSame('reason', file.reason, 'hash_differs')),
  ]
}

function runPushDecrypt({ inputs, expected }: Vector): Complaints {
  const [token = '', timestamp = '', nonce = ''] = wordsOf(inputs)
  const sealed = textOf(inputs, 'encrypt')
  const opened = openEnvelope(readAesKey(textOf(inputs, 'encoding_aes_key')), sealed)
  const pieces = Array.isArray(expected['plaintext_contains']) ? expected['plaintext_contains'].map(String) : []
  return [
    ...expectSame('msg_signature', signPush(token, timestamp, nonce, sealed), expected['msg_signature']),
    ...expectSame('plaintext', opened?.plain ?? null, expected['plaintext']),
    ...expectSame('receiver', opened?.receiver ?? null, expected['receiver_tail']),
    ...pieces.filter((piece) => opened?.plain.includes(piece) !== true).map((piece) => `plaintext lacks ${piece}`),
  ]
}

/** An answer tells its signature beside the node; a notice holds it among its parameters. */
function runAlipayNotice({ inputs, expected }: Vector, keys: Keys): Complaints {
  const params = Object.fromEntries(Object.entries(objectOf(inputs['params'])).map(([name, value]) => [name, String(value)]))
  return expectSame('valid', isNoticeSigned(keys(textOf(inputs, 'key')), params, inputs['keep_sign_type'] === true), expected['valid'])
}

function runAlipayAnswer({ inputs, expected }: Vector, keys: Keys): Complaints {
  const body = textOf(inputs, 'response_body')
  const node = cutNode(body, textOf(inputs, 'node'))
  const isValid = node !== undefined && isTextSigned(keys(textOf(inputs, 'key')), node, textOf(objectOf(readJson(body)), 'sign'))
  return [...expectSame('valid', isValid, expected['valid']), ...expectSame('signed content', node, expected['signed_content'])]
}

function runDouyinOrder({ inputs, expected }: Vector, keys: Keys): Complaints {
  const order = { method: textOf(inputs, 'method'), uri: textOf(inputs, 'uri'), timestamp: textOf(inputs, 'timestamp'), nonce: textOf(inputs, 'nonce'), body: textOf(inputs, 'data') }
  const signer = { appid: textOf(inputs, 'app_id'), keyVersion: textOf(inputs, 'key_version'), key: keyOf(keys, inputs) }
  return [
    ...expectSame('signature', signOrder(signer.key, order), expected['signature']),
    ...expectSame('header without quotes', writeAuthorization({ ...signer, quotes: false }, order), expected['header_unquoted']),
    ...expectSame('header with quotes', writeAuthorization({ ...signer, quotes: true }, order), expected['header_quoted']),
  ]
}

function runDouyinCallback({ inputs, expected }: Vector, keys: Keys): Complaints {
  const headers = objectOf(inputs['headers'])
  const signed = { timestamp: textOf(headers, 'Byte-Timestamp'), nonce: textOf(headers, 'Byte-Nonce-Str'), body: textOf(inputs, 'body'), signature: textOf(headers, 'Byte-Signature') }
  return expectSame('valid', isCallbackSigned(keys(textOf(inputs, 'platform_public')), signed), expected['valid'])
}
