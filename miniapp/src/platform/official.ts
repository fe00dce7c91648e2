// Being named inside WeChat's own browser: away to its page of authorization, and back with a code in the address.
import { call } from '../call'

/** The browser leaves, and comes back to `back` with `code` and `state`; false where the academy has no official account. */
export async function visitOfficial(back: string, state: string): Promise<boolean> {
  const { url } = await call('POST /official-visits', { body: { back, state } })
  if (url === null) return false
  location.href = url
  return new Promise<never>(() => undefined)
}
