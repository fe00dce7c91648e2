// Structured logs that never hold a secret or a person.
import pino from 'pino'

export type Log = pino.Logger

const hidden = ['token', 'password', 'code', 'phone', 'openid', 'sessionKey', 'authorization', 'cookie']

export function openLog(level: string): Log {
  return pino({ level, redact: { paths: hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' }, base: undefined })
}
