// Signs what we send to Alipay and believes it only by its signature: RSA2 over sorted parameters, and over the raw node of an answer.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** `k=v` of every parameter that is not empty, sorted by name, joined by `&`; values as they are, not encoded. */
export function composeParams(params: Record<string, string>): string {
  const pairs = Object.entries(params).filter(([name, value]) => name !== 'sign' && value !== '')
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join('&')
}

export function signParams(key: KeyObject, params: Record<string, string>): string {
  return sign('sha256', Buffer.from(composeParams(params)), key).toString('base64')
}

/** Trade notices are signed without `sign_type`; messages of the service market keep it. Values are already decoded, exactly once. */
export function isNoticeSigned(key: KeyObject, params: Record<string, string>, keepsSignType = false): boolean {
  const { sign_type: signType, ...rest } = params
  const signed = keepsSignType && signType !== undefined ? { ...rest, sign_type: signType } : rest
  return isTextSigned(key, composeParams(signed), params['sign'] ?? '')
}

export function isTextSigned(key: KeyObject, text: string, signature: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(signature) && verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

const KEY = /\s*,?\s*("(?:[^"\\]|\\.)*")\s*:\s*/y
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^"[\]{},\s]+|[,\s]+/y

/** The raw text of one member of the outermost object, exactly as it was sent: the signature covers these characters and no others. */
export function cutNode(text: string, name: string): string | undefined {
  let at = text.indexOf('{') + 1
  for (;;) {
    KEY.lastIndex = at
    const key = KEY.exec(text)?.[1]
    if (at === 0 || key === undefined) return undefined
    const start = KEY.lastIndex
    at = endOfValue(text, start)
    if (at <= start) return undefined
    if (key === JSON.stringify(name)) return text.slice(start, at).trimEnd()
  }
}

function endOfValue(text: string, start: number): number {
  let depth = 0
  for (TOKEN.lastIndex = start; ; ) {
    const before = TOKEN.lastIndex
    const token = TOKEN.exec(text)?.[0]
    if (token === undefined) return start
    if (token === '}' || token === ']') depth -= 1
    if (depth < 0 || (depth === 0 && token.startsWith(','))) return before
    if (token === '{' || token === '[') depth += 1
    if (depth === 0 && !/^[,\s]/.test(token)) return TOKEN.lastIndex
  }
}

/** Throws at open, with words for the operator, rather than at the first payment. */
export function readKeys(config: { privateKey: string; publicKey: string }): { own: KeyObject; theirs: KeyObject } {
  const [own, theirs] = [createPrivateKey(config.privateKey), createPublicKey(config.publicKey)]
  if (own.asymmetricKeyType !== 'rsa' || theirs.asymmetricKeyType !== 'rsa') throw new TypeError('the keys of Alipay must be RSA keys')
  if (createPublicKey(own).equals(theirs)) throw new TypeError("ALIPAY_PUBLIC_KEY is the app's own public key; Alipay's is needed")
  return { own, theirs }
}
