// Decides about operators: lock-outs, last owners, what a role may do.
import { permissions, roleMay, type Permission, type Role } from '#contracts/words/permissions.ts'

export const SESSION_HOURS = 12
export const FAILURE_WINDOW_MINUTES = 15
const MOST_FAILURES = 8

export function isLockedOut(failures: number): boolean {
  return failures >= MOST_FAILURES
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
