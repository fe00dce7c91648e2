// Who is signed in on this device: the bearer token and the member it belongs to.
import { ref } from 'vue'
import type { Member, SignedIn } from '../../contracts/members.ts'

const KEY = 'session'
type Kept = { token: string; member: Member }

function kept(): Kept | null {
  const value: unknown = uni.getStorageSync(KEY)
  return value && typeof value === 'object' ? (value as Kept) : null
}

const current = ref<Kept | null>(kept())

export function token(): string {
  return current.value?.token ?? ''
}

export function member(): Member | null {
  return current.value?.member ?? null
}

export function rememberMember({ token, member }: Pick<SignedIn, 'token' | 'member'>): void {
  current.value = { token, member }
  uni.setStorageSync(KEY, current.value)
}

export function forgetMember(): void {
  current.value = null
  uni.removeStorageSync(KEY)
}
