// Decides about operators: lock-outs, last owners, what a role may do.
import { permissions, roleMay, type Permission, type Role } from '#contracts/words/permissions.ts'

export const SESSION_HOURS = 12
export const FAILURE_WINDOW_MINUTES = 15

/** Failed sign-ins of late: of this name from this address, of any name from it, of this name from anywhere. */
export type Failures = { both: number; address: number; email: number }
const MOST: Failures = { both: 8, address: 40, email: 100 }

/** A stranger elsewhere hardly locks an operator out, yet nobody may go on guessing. */
export function isLockedOut(failures: Failures): boolean {
  return failures.both >= MOST.both || failures.address >= MOST.address || failures.email >= MOST.email
}

export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((permission) => roleMay(role, permission))
}

/** An academy always keeps an active owner. */
export function leavesNoOwner(before: { role: Role; active: boolean }, after: { role: Role; active: boolean }, activeOwners: number): boolean {
  const wasOwner = before.role === 'owner' && before.active
  const isOwner = after.role === 'owner' && after.active
  return wasOwner && !isOwner && activeOwners <= 1
}
