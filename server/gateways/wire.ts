// One request to a vendor and what may have come of it: the outcomes every gateway speaks in.

/** `unknown` means that the effect may have happened: ask the vendor, then decide. It is never a failure. */
export type Answer<T> = Done<T> | Refused | Unknown
export type Done<T> = { outcome: 'done'; value: T }
export type Refused = { outcome: 'refused'; code: string; message: string; status: number; requestId?: string }
export type Unknown = { outcome: 'unknown'; why: string }

export type Parcel = { method: 'GET' | 'POST' | 'PUT'; url: string; headers: Record<string, string>; body?: string; timeoutMs: number }
export type Got = { outcome: 'got'; status: number; headers: Headers; bytes: Buffer }

/** Sends exactly these bytes; a reset, a timeout or a broken answer is unknown, and redirects are not followed. */
export async function sendParcel(parcel: Parcel): Promise<Got | Unknown> {
  try {
    const answer = await fetch(parcel.url, {
      method: parcel.method,
      headers: parcel.headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(parcel.timeoutMs),
      ...(parcel.body === undefined ? {} : { body: parcel.body }),
    })
    return { outcome: 'got', status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
  } catch (error) {
    return { outcome: 'unknown', why: nameOf(error) }
  }
}

export function done<T>(value: T): Done<T> {
  return { outcome: 'done', value }
}

export function unknown(why: string): Unknown {
  return { outcome: 'unknown', why }
}

/** What every call of a vendor without keys answers. */
export function notConfigured(vendor: string): Refused {
  return { outcome: 'refused', code: 'NOT_CONFIGURED', message: `${vendor} has no keys in the configuration`, status: 0 }
}

/** Only the kind of trouble: a message of the network library may carry an address with a token in it. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'network'
  if (error.name === 'TimeoutError') return 'timeout'
  const cause = error.cause
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return code === '' ? 'network' : `network: ${code}`
}
