// Operators signing in and out, and who may do what.
import type { Me, Operator } from '#contracts/staff.ts'
import type { Id } from '#contracts/words/id.ts'
import { roleMay, type Permission, type Role } from '#contracts/words/permissions.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { hashPassword, isPassword } from '#kernel/password.ts'
import { refuse } from '#kernel/refuse.ts'
import { hashToken, newToken, seal, unseal } from '#kernel/seal.ts'
import { drawTotp, newTotpSecret, totpStep, totpUrl } from '#kernel/totp.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { changeSettings, readSettings } from '#modules/academy/settings/actions.ts'
import { FAILURE_WINDOW_MINUTES, SESSION_HOURS, isLockedOut, leavesNoOwner, permissionsOf } from './rules.ts'
import { countActiveOwners, countFailures, countStaff, deleteFailures, endSessions, findByEmail, findSession, findStaff, insertFailure, insertSession, insertStaff, listStaff, lockSetup, spendTotpStep, updatePendingTotp, updateStaff, updateTotp, type Kept } from './store.ts'

const TOTP = 'staff.totp'

export type Opened = { me: Me; token: string; expiresAt: Date }

/** Who the cookie names, while the session lives and the operator is active. */
export async function findOperator(ctx: TxCtx, token: string): Promise<OperatorActor | undefined> {
  const session = await findSession(ctx.db, hashToken(token), ctx.now())
  if (!session) return undefined
  const { id, name, role } = session.staff
  return { kind: 'operator', staff: id, session: session.id, name, role, may: (permission: Permission) => roleMay(role, permission) }
}

export async function isSetupNeeded(ctx: TxCtx): Promise<{ needed: boolean }> {
  return { needed: (await countStaff(ctx.db)) === 0 }
}

/** Makes the first owner. The key was printed by the server, so only whoever runs it can. */
export async function setUp(ctx: TxCtx, ask: { key: string; academy: string; name: string; email: string; password: string }): Promise<Opened> {
  if (ctx.knobs.setupKey === '' || hashToken(ask.key) !== hashToken(ctx.knobs.setupKey)) refuse('staff.not_permitted')
  const made = await inTransaction(ctx, async (ctx) => {
    await lockSetup(ctx.db)
    if ((await countStaff(ctx.db)) > 0) refuse('setup.already_done')
    await changeSettings(ctx, { ...(await readSettings(ctx)), name: ask.academy })
    return addStaff(ctx, { name: ask.name, email: ask.email, role: 'owner', password: ask.password })
  })
  return openSession(ctx, made.id)
}

export async function signIn(ctx: TxCtx, ask: { email: string; password: string; totp?: string }): Promise<Opened> {
  const email = ask.email.toLowerCase()
  const since = new Date(ctx.now().getTime() - FAILURE_WINDOW_MINUTES * 60_000)
  if (isLockedOut(await countFailures(ctx.db, email, ctx.address, since))) refuse('staff.locked_out', { minutes: FAILURE_WINDOW_MINUTES })
  const staff = await findByEmail(ctx.db, email)
  if (!(await isPassword(staff?.passwordHash, ask.password)) || !staff?.active) return failSignIn(ctx, email, 'staff.wrong_password')
  if (staff.totpOn) {
    if (!ask.totp) refuse('staff.totp_needed')
    if (!(await spendTotp(ctx, staff, ask.totp))) return failSignIn(ctx, email, 'staff.totp_wrong')
  }
  await deleteFailures(ctx.db, email, ctx.address)
  return openSession(ctx, staff.id)
}

/** True once for each right code: somebody who saw it typed cannot use it again. */
async function spendTotp(ctx: TxCtx, staff: Kept, code: string): Promise<boolean> {
  const step = totpStep(unseal(ctx.knobs.secret, TOTP, staff.totpSecret ?? ''), code, ctx.now(), staff.totpStep)
  return step !== undefined && spendTotpStep(ctx.db, staff.id, step)
}

async function failSignIn(ctx: TxCtx, email: string, code: 'staff.wrong_password' | 'staff.totp_wrong'): Promise<never> {
  await insertFailure(ctx.db, email, ctx.address, ctx.now())
  return refuse(code)
}

async function openSession(ctx: TxCtx, staff: Id<'stf'>): Promise<Opened> {
  const token = newToken()
  const id = newId('ses')
  const expiresAt = new Date(ctx.now().getTime() + SESSION_HOURS * 3_600_000)
  await insertSession(ctx.db, { tokenHash: hashToken(token), id, staff, at: ctx.now(), expiresAt })
  return { me: await showMe(ctx, staff), token, expiresAt }
}

export async function signOut(ctx: TxCtx, session: Id<'ses'>): Promise<Record<string, never>> {
  await endSessions(ctx.db, { session }, ctx.now())
  return {}
}

export async function showMe(ctx: TxCtx, id: Id<'stf'>): Promise<Me> {
  const staff = await getStaff(ctx, id)
  const { name, zone } = await readSettings(ctx)
  return { operator: shown(staff), permissions: permissionsOf(staff.role), academy: { name, zone }, demo: ctx.knobs.demo }
}

export async function changePassword(ctx: TxCtx, actor: OperatorActor, ask: { current: string; next: string }): Promise<Record<string, never>> {
  const staff = await getStaff(ctx, actor.staff)
  if (!(await isPassword(staff.passwordHash, ask.current))) refuse('staff.wrong_password')
  const passwordHash = await hashPassword(ask.next)
  await inTransaction(ctx, async (ctx) => {
    await updateStaff(ctx.db, staff.id, { ...staff, passwordHash })
    await endSessions(ctx.db, { staff: staff.id, except: actor.session }, ctx.now())
    await audit(ctx, { action: 'staff.password_changed', subject: staff.id, before: null, after: null })
  })
  return {}
}

/** Offers a secret. What protects the account now goes on doing so until the new one is proved. */
export async function beginTotp(ctx: TxCtx, id: Id<'stf'>) {
  const staff = await getStaff(ctx, id)
  const secret = newTotpSecret()
  await updatePendingTotp(ctx.db, id, seal(ctx.knobs.secret, TOTP, secret))
  const url = totpUrl((await readSettings(ctx)).name, staff.email, secret)
  return { secret, url, qr: await drawTotp(url) }
}

export async function completeTotp(ctx: TxCtx, id: Id<'stf'>, code: string): Promise<Me> {
  const { totpPending } = await getStaff(ctx, id)
  const step = totpPending ? totpStep(unseal(ctx.knobs.secret, TOTP, totpPending), code, ctx.now(), 0) : undefined
  if (step === undefined) return refuse('staff.totp_wrong')
  await inTransaction(ctx, async (ctx) => {
    await updateTotp(ctx.db, id, { secret: totpPending, step })
    await audit(ctx, { action: 'staff.totp_on', subject: id, before: null, after: null })
  })
  return showMe(ctx, id)
}

export async function endTotp(ctx: TxCtx, id: Id<'stf'>, password: string): Promise<Me> {
  const staff = await getStaff(ctx, id)
  if (!(await isPassword(staff.passwordHash, password))) refuse('staff.wrong_password')
  await inTransaction(ctx, async (ctx) => {
    await updateTotp(ctx.db, id, { secret: null, step: 0 })
    await audit(ctx, { action: 'staff.totp_off', subject: id, before: null, after: null })
  })
  return showMe(ctx, id)
}

/** For whoever runs the machine: an operator whom nobody else can let in goes without the second step, and is signed out everywhere. */
export async function takeTotpAway(ctx: TxCtx, address: string): Promise<Operator> {
  return inTransaction(ctx, async (ctx) => {
    const { id, totpOn } = (await findByEmail(ctx.db, address.toLowerCase())) ?? refuse('thing.not_found', { what: 'operator' })
    await updateTotp(ctx.db, id, { secret: null, step: 0 })
    await endSessions(ctx.db, { staff: id }, ctx.now())
    await audit(ctx, { action: 'staff.totp_taken_away', subject: id, before: { totp: totpOn }, after: { totp: false } })
    return shown(await getStaff(ctx, id))
  })
}

export async function listOperators(ctx: TxCtx): Promise<{ items: Operator[] }> {
  return { items: (await listStaff(ctx.db)).map(shown) }
}

export async function addStaff(ctx: TxCtx, ask: { name: string; email: string; role: Role; password: string }): Promise<Operator> {
  const passwordHash = await hashPassword(ask.password)
  return inTransaction(ctx, async (ctx) => {
    const staff = { id: newId('stf'), name: ask.name, email: ask.email.toLowerCase(), role: ask.role, passwordHash, createdAt: ctx.now() }
    if (!(await insertStaff(ctx.db, staff))) refuse('staff.email_taken')
    await audit(ctx, { action: 'staff.added', subject: staff.id, before: null, after: { name: staff.name, email: staff.email, role: staff.role } })
    return shown(await getStaff(ctx, staff.id))
  })
}

export async function changeStaff(ctx: TxCtx, id: Id<'stf'>, change: { name?: string; role?: Role; active?: boolean; password?: string; totp?: false }): Promise<Operator> {
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  return inTransaction(ctx, async (ctx) => {
    const owners = await countActiveOwners(ctx.db)
    const before = await getStaff(ctx, id)
    const after: Kept = { ...before, name: change.name ?? before.name, role: change.role ?? before.role, active: change.active ?? before.active, passwordHash: passwordHash ?? before.passwordHash }
    if (leavesNoOwner(before, after, owners)) refuse('staff.last_owner')
    await updateStaff(ctx.db, id, after)
    const losesTotp = change.totp === false && before.totpOn
    if (losesTotp) await updateTotp(ctx.db, id, { secret: null, step: 0 })
    if (!after.active || after.role !== before.role || passwordHash || losesTotp) await endSessions(ctx.db, { staff: id }, ctx.now())
    await audit(ctx, { action: 'staff.changed', subject: id, before: { name: before.name, role: before.role, active: before.active, totp: before.totpOn }, after: { name: after.name, role: after.role, active: after.active, totp: before.totpOn && !losesTotp } })
    return shown(await getStaff(ctx, id))
  })
}

export async function oneOperator(ctx: TxCtx, id: Id<'stf'>): Promise<Operator> {
  return shown(await getStaff(ctx, id))
}

async function getStaff(ctx: TxCtx, id: Id<'stf'>): Promise<Kept> {
  return (await findStaff(ctx.db, id)) ?? refuse('thing.not_found', { what: 'operator' })
}

function shown(staff: Kept): Operator {
  return { id: staff.id, name: staff.name, email: staff.email, role: staff.role, totp: staff.totpOn, active: staff.active, createdAt: instant(staff.createdAt), lastSeenAt: staff.lastSeenAt && instant(staff.lastSeenAt) }
}
