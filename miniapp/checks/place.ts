// The place that tests of logic run in: a platform's storage and line, of which each test decides what comes back.
import { beforeEach } from 'vitest'

type Asked = { url: string; method: string; header: Record<string, string>; data?: string; success: (answer: { statusCode: number; data: unknown }) => void; fail: () => void }
export type Sent = { method: string; url: string; body: unknown }
/** A status to answer with, or null for a line that is cut. */
type Answer = { status: number; data?: unknown } | null

/** As text, for that is what a platform keeps. */
const kept = new Map<string, string>()
export const sent: Sent[] = []
let answers: (asked: Sent) => Answer = () => ({ status: 200, data: {} })

export function answerWith(answer: (asked: Sent) => Answer): void {
  answers = answer
}

beforeEach(() => {
  kept.clear()
  sent.length = 0
  answers = () => ({ status: 200, data: {} })
})

Object.assign(globalThis, {
  uni: {
    getStorageSync: (key: string): unknown => JSON.parse(kept.get(key) ?? '""'),
    setStorageSync: (key: string, value: unknown) => void kept.set(key, JSON.stringify(value)),
    removeStorageSync: (key: string) => void kept.delete(key),
    getSystemInfoSync: () => ({ platform: 'android', system: 'Android 14', windowWidth: 390, windowHeight: 844 }),
    request({ url, method, data, success, fail }: Asked) {
      const asked = { method, url, body: data === undefined ? undefined : JSON.parse(data) as unknown }
      sent.push(asked)
      const answer = answers(asked)
      queueMicrotask(() => (answer ? success({ statusCode: answer.status, data: answer.data ?? null }) : fail()))
    },
  },
})
