// Makes real X.509 certificates: a small DER writer, just enough for self-signed RSA certificates.
import { createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const COMMON_NAME = '2.5.4.3'
const ORGANISATION = '2.5.4.10'
const COUNTRY = '2.5.4.6'
const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'

export type CertificateAsk = { key: KeyObject; serial: string; commonName: string; notBefore: Date; notAfter: Date }

/** A self-signed certificate in PEM. `serial` is hexadecimal, as WeChat Pay writes it. */
export function makeCertificate(ask: CertificateAsk): string {
  const algorithm = sequence([objectId(SHA256_WITH_RSA), der(0x05, Buffer.alloc(0))])
  const name = sequence([attribute(COUNTRY, 'CN'), attribute(ORGANISATION, 'Shuyuan Local Sandbox'), attribute(COMMON_NAME, ask.commonName)])
  const body = sequence([
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from(ask.serial, 'hex')),
    algorithm,
    name,
    sequence([utcTime(ask.notBefore), utcTime(ask.notAfter)]),
    name,
    createPublicKey(ask.key).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence([
      sequence([objectId(BASIC_CONSTRAINTS), der(0x04, sequence([]))]),
      sequence([objectId(KEY_USAGE), der(0x01, Buffer.from([0xff])), der(0x04, der(0x03, Buffer.from([0x04, 0xf0])))]),
    ])),
  ])
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, ask.key)]))
  return toPem(sequence([body, algorithm, signature]))
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function attribute(type: string, value: string): Buffer {
  return der(0x31, sequence([objectId(type), der(type === COUNTRY ? 0x13 : 0x0c, Buffer.from(value))]))
}

function sequence(parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

/** A leading zero keeps a number with its top bit set from reading as negative. */
function integer(bytes: Buffer): Buffer {
  return der(0x02, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`))
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length
  if (size < 128) return Buffer.concat([Buffer.from([tag, size]), content])
  const length = size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
