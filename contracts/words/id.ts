// Handles of things: a short prefix that names the noun, and a UUIDv7 in base 36.

/** Every noun that has a handle. The prefix is what a person sees in a log. */
export type Prefix =
  | 'stf' | 'adt' | 'mem' | 'idn' | 'ses' | 'adr'
  | 'cat' | 'lec' | 'crs' | 'chp' | 'lsn' | 'sub'
  | 'ast' | 'upl' | 'key'
  | 'ent' | 'pln' | 'ofr' | 'btc' | 'ord' | 'pay' | 'rfd' | 'ntc' | 'itm' | 'ask' | 'clm' | 'cpl'
  | 'pyo' | 'wdr' | 'due' | 'rcv' | 'shr' | 'shl' | 'srt'
  | 'ldg' | 'dif' | 'rvw' | 'prg' | 'dev'

export type Id<P extends Prefix> = string & { readonly __prefix: P }

const body = /^[0-9a-z]{25}$/

/** True when the text is a handle of that noun; says nothing about whether the thing exists. */
export function isId<P extends Prefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && body.test(text.slice(prefix.length + 1))
}

/** The pattern for schemas, as a JSON-schema regular expression. */
export function idPattern(prefix: Prefix): string {
  return `^${prefix}_[0-9a-z]{25}$`
}
