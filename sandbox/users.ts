// The people of the sandbox: whoever a test or a page names exists, with an openid, a phone number and a session key of each app.
import { createHash, randomBytes } from 'node:crypto'
import { randomWord } from './keys.ts'
import type { User } from './records.ts'
import { put } from './state.ts'
import { clockOf } from './world.ts'
import type { CodeKind, World } from './world.ts'

const CODE_MS = 5 * 60_000

export function findOrMakeUser(world: World, appid: string, name: string): User {
  const id = `${appid}/${name}`
  const known = world.state.tables.users.get(id)
  if (known !== undefined) return known
  const user: User = { id, appid, user: name, openid: `o${digest(id)}`, unionid: `u${digest(name)}`, sessionKey: makeSessionKey(), phone: phoneOf(name) }
  put(world.state, 'users', id, user)
  return user
}

export function findUserByOpenid(world: World, appid: string, openid: string): User | undefined {
  for (const user of world.state.tables.users.values()) if (user.appid === appid && user.openid === openid) return user
  return undefined
}

/** Every exchange of a code makes the older session key worthless. */
export function renewSession(world: World, user: User): User {
  const renewed: User = { ...user, sessionKey: makeSessionKey() }
  put(world.state, 'users', user.id, renewed)
  return renewed
}

export function changePhone(world: World, user: User, phone: string): User {
  const changed: User = { ...user, phone }
  put(world.state, 'users', user.id, changed)
  return changed
}

export function issueCode(world: World, kind: CodeKind, user: User): string {
  const code = `0${randomWord(31)}`
  world.codes.set(code, { kind, userId: user.id, expiresAtMs: clockOf(world, user.appid).now() + CODE_MS, isUsed: false })
  forgetOldCodes(world)
  return code
}

/** A code is good once, for five minutes, at its own app. */
export function redeemCode(world: World, kind: CodeKind, appid: string, code: string): User | 'unknown' | 'used' {
  const issued = world.codes.get(code)
  if (issued === undefined || issued.kind !== kind) return 'unknown'
  const user = world.state.tables.users.get(issued.userId)
  if (user === undefined || user.appid !== appid) return 'unknown'
  if (issued.expiresAtMs <= clockOf(world, appid).now()) return 'unknown'
  world.codes.set(code, { ...issued, isUsed: true })
  return issued.isUsed ? 'used' : user
}

/** Codes are handed out in order of their expiry, so the oldest stand first. */
function forgetOldCodes(world: World): void {
  for (const code of world.codes.keys()) {
    if (world.codes.size < 10_000) return
    world.codes.delete(code)
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27)
}

function makeSessionKey(): string {
  return randomBytes(16).toString('base64')
}

function phoneOf(name: string): string {
  if (/^1\d{10}$/.test(name)) return name
  return `138${(createHash('sha256').update(name).digest().readUInt32BE(0) % 100_000_000).toString().padStart(8, '0')}`
}
