// One signed request to WeChat Pay and its verified answer.
import { readJson, textOf, type Fields } from '../fields.ts'
import { done, sendParcel, unknown, type Answer, type Got, type Refused, type Unknown } from '../wire.ts'
import { sealField } from './cipher.ts'
import type { Hosts } from './hosts.ts'
import { makeNonce, secondsOf, writeAuthorization, type Merchant } from './sign.ts'
import { SKEW_SECONDS, verifySigned, type Keyring } from './verify.ts'

export type Ask = { method: 'GET' | 'POST' | 'PUT'; path: string; body?: Fields }
export type Told = { outcome: 'told'; status: number; fields: Fields | undefined; got: Got }
export type Line = {
  hosts: Hosts
  merchant: Merchant
  keyring: Keyring
  /** Named in every request: it chooses the key that signs the answer. */
  wantedSerial: () => string | undefined
  now: () => Date
  timeoutMs: number
  /** Told each time WeChat Pay does not accept our signature: nothing can be paid until a person has looked. */
  onDistrust: (distrust: Distrust) => void
}
/** `CLOCK_OFF`: our clock and theirs differ by more than they allow; otherwise the keys are not those they know. */
export type Distrust = { code: 'CLOCK_OFF' | 'SIGN_ERROR'; aheadSeconds: number; message: string }

/** A 2xx that cannot be verified and any 5xx are unknown: money may have moved. */
export async function exchange(line: Line, ask: Ask): Promise<Told | Refused | Unknown> {
  const got = await sendSigned(line, ask)
  if (got.outcome !== 'got') return got
  const verdict = verifySigned(line.keyring, Object.fromEntries(got.headers), got.bytes, line.now())
  if (got.status === 401) return readDistrust(line, got)
  if (got.status < 200 || got.status > 299) return readRefusal(got, !verdict.ok && verdict.reason === 'signature_wrong')
  if (!verdict.ok) return unknown(`answer not verified: ${verdict.reason}`)
  const fields = got.bytes.length === 0 ? undefined : readJson(got.bytes.toString('utf8'))
  if (got.bytes.length > 0 && fields === undefined) return unknown('answer is not JSON')
  const code = textOf(fields, 'code')
  if (got.status === 202 && code !== undefined) return refusalOf(got, code, fields)
  return { outcome: 'told', status: got.status, fields, got }
}

export async function sendSigned(line: Line, { method, path, body }: Ask): Promise<Got | Unknown> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const authorization = writeAuthorization(line.merchant, { method, path, timestamp: secondsOf(line.now()), nonce: makeNonce(), body: text })
  const serial = line.wantedSerial()
  const told = await sendParcel({
    method,
    url: `${line.hosts.url()}${path}`,
    headers: {
      authorization,
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'shuyuan',
      ...(serial === undefined ? {} : { 'wechatpay-serial': serial }),
    },
    ...(method === 'GET' ? {} : { body: text }),
    timeoutMs: line.timeoutMs,
  })
  line.hosts.note(told)
  return told
}

/** The answer's own date tells which of the two it is: with a clock that is off, its signature cannot be judged either. */
export function readDistrust(line: Line, got: Got): Refused | Unknown {
  const refusal = readRefusal(got, false)
  const theirs = Date.parse(got.headers.get('date') ?? '')
  const aheadSeconds = Number.isNaN(theirs) ? 0 : Math.round((line.now().getTime() - theirs) / 1000)
  const code = Math.abs(aheadSeconds) >= SKEW_SECONDS ? 'CLOCK_OFF' : 'SIGN_ERROR'
  line.onDistrust({ code, aheadSeconds, message: refusal.outcome === 'refused' ? refusal.message : refusal.why })
  return refusal.outcome === 'refused' && code === 'CLOCK_OFF' ? { ...refusal, code } : refusal
}

/** Refusals are believed without a signature, as the official clients do, but not with a wrong one, nor when no code is told. */
export function readRefusal(got: Got, isForged: boolean): Refused | Unknown {
  const fields = readJson(got.bytes.toString('utf8'))
  const code = textOf(fields, 'code')
  if (isForged) return unknown('answer not verified: signature_wrong')
  if (code === undefined) return unknown(`status ${got.status} without a code`)
  if (got.status < 400 || got.status >= 500) return unknown(`status ${got.status} ${code}`)
  return refusalOf(got, code, fields)
}

function refusalOf(got: Got, code: string, fields: Fields | undefined): Refused {
  const requestId = got.headers.get('request-id')
  return { outcome: 'refused', code, message: textOf(fields, 'message') ?? '', status: got.status, ...(requestId === null ? {} : { requestId }) }
}

/** A verified answer that lacks what it must have is unknown, not a failure. */
export async function askFor<T>(line: Line, ask: Ask, reader: (fields: Fields | undefined) => T | undefined): Promise<Answer<T>> {
  const told = await exchange(line, ask)
  if (told.outcome !== 'told') return told
  const value = reader(told.fields)
  return value === undefined ? unknown('answer lacks a field') : done(value)
}

/** Sealed for the platform's key that the request names; without one nothing personal is sent. */
export function sealFor(line: Line, text: string): string {
  const known = line.keyring.get(line.wantedSerial() ?? '')
  if (known === undefined) throw new Error('no key of WeChat Pay to seal a personal field for')
  return sealField(known.key, text)
}
