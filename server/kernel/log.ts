// Structured logs that never hold a secret or a person.
import pino from 'pino'

/** What actions write to: things by name, and a sentence. */
export type Log = Record<'info' | 'warn' | 'error', (fields: object, sentence: string) => void>

const hidden = ['token', 'password', 'code', 'phone', 'openid', 'sessionKey', 'authorization', 'cookie']

export function openLog(level: string, to?: pino.DestinationStream): pino.Logger {
  return pino({ level, redact: { paths: hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' }, base: undefined }, to)
}

/** The log of one request: every line of it carries the id. Pino's own `child` costs more than a small answer's whole ctx. */
export function logOf(log: Log, requestId: string): Log {
  return {
    info: (fields, sentence) => log.info({ requestId, ...fields }, sentence),
    warn: (fields, sentence) => log.warn({ requestId, ...fields }, sentence),
    error: (fields, sentence) => log.error({ requestId, ...fields }, sentence),
  }
}
