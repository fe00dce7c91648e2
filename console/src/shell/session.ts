// Who is signed in, what they may do, and the academy's zone.
import { shallowReactive } from 'vue'
import type { Me } from '#contracts/staff.ts'
import type { Permission } from '#contracts/words/permissions.ts'
import { call } from '../call.ts'

const state = shallowReactive<{ me: Me | undefined }>({ me: undefined })

export const session: { readonly me: Me | undefined } = state

export async function loadMe(): Promise<void> {
  const me = await call('GET /console/me')
  state.me = me
}

export function setMe(me: Me): void {
  state.me = me
}

export async function signOut(): Promise<void> {
  await call('DELETE /console/sessions/current')
  state.me = undefined
}

export function forgetMe(): void {
  state.me = undefined
}

export function may(permission: Permission): boolean {
  return state.me?.permissions.includes(permission) ?? false
}

export function zone(): string {
  return state.me?.academy.zone ?? 'Asia/Shanghai'
}
