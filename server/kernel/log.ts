// Structured logs that never hold a secret or a person.
import pino from 'pino'

export type Log = pino.Logger

const hidden = ['token', 'password', 'code', 'phone', 'openid', 'sessionKey', 'authorization', 'cookie']

export function openLog(level: string, to?: pino.DestinationStream): Log {
  return pino({ level, redact: { paths: hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' }, base: undefined }, to)
}

/** A log whose children for requests cost little: pino's own `child` runs the hiding over its bindings, and an id that we made hides nothing. */
export function logsOfRequests(log: Log): Log {
  const held = pino.symbols.chindingsSym
  const before = `${Reflect.get(log, held)},"reqId":`
  const child = (bindings: pino.Bindings, options?: pino.ChildLoggerOptions) => {
    if (typeof bindings['reqId'] !== 'string') return logsOfRequests(log.child(bindings, options))
    const one = Object.create(log) as Log
    Reflect.set(one, held, before + JSON.stringify(bindings['reqId']))
    return one
  }
  return Object.create(log, { child: { value: child } }) as Log
}
