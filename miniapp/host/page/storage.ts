// wx storage: values of any kind, copied in and out, kept between two starts of the same app.
import { phone } from './given.ts'

const mark = `wx/${phone.appid}/`

export const storage = {
  getStorageSync: (key: string): unknown => read(key) ?? '',
  setStorageSync: (key: string, data: unknown) => localStorage.setItem(mark + key, JSON.stringify({ data })),
  removeStorageSync: (key: string) => localStorage.removeItem(mark + key),
  clearStorageSync: () => keys().forEach((key) => localStorage.removeItem(mark + key)),
  getStorageInfoSync: () => ({ keys: keys(), currentSize: 1, limitSize: 10_240 }),
}

export function read(key: string): unknown {
  const kept = localStorage.getItem(mark + key)
  return kept === null ? undefined : (JSON.parse(kept) as { data?: unknown }).data
}

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(mark)).map((key) => key.slice(mark.length))
}
