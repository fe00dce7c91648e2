// One-time codes of an authenticator app (RFC 6238).
import { generateSecret, generateURI, verifySync } from 'otplib'
import QRCode from 'qrcode'

const SLACK_SECONDS = 30

export function newTotpSecret(): string {
  return generateSecret()
}

export function totpUrl(issuer: string, label: string, secret: string): string {
  return generateURI({ issuer, label, secret })
}

/** A code of now, or of half a minute before or after. */
export function isTotp(secret: string, token: string, now: Date): boolean {
  return verifySync({ secret, token, epoch: Math.floor(now.getTime() / 1000), epochTolerance: SLACK_SECONDS }).valid
}

/** The address as a picture to scan: a data: URL of a PNG. */
export function drawTotp(url: string): Promise<string> {
  return QRCode.toDataURL(url, { margin: 1, width: 240 })
}
