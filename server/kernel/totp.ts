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

/** The step of time a right code belongs to; a code of half a minute before or after is right too, one used before is not. */
export function totpStep(secret: string, token: string, now: Date, lastStep: number): number | undefined {
  const told = verifySync({ secret, token, epoch: Math.floor(now.getTime() / 1000), epochTolerance: SLACK_SECONDS, ...(lastStep > 0 ? { afterTimeStep: lastStep } : {}) })
  return told.valid && 'timeStep' in told ? told.timeStep : undefined
}

/** The address as a picture to scan: a data: URL of a PNG. */
export function drawTotp(url: string): Promise<string> {
  return QRCode.toDataURL(url, { margin: 1, width: 240 })
}
