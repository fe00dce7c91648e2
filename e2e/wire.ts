// What passes between the page and the server while a film plays.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { Page, Response } from 'playwright-core'
import { patience } from './people.ts'

export type Passed = { url: string; status: number; headers: Record<string, string>; body: Buffer }
export type Wire = { keys: Passed[]; segments: Passed[]; clear(): void }

/** Keeps every key and segment that the page fetches from now on. */
export function watchWire(page: Page): Wire {
  const wire: Wire = { keys: [], segments: [], clear: () => { wire.keys.length = 0; wire.segments.length = 0 } }
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (/\/keys\/\d+$/.test(pathname)) void keep(response, wire.keys)
    if (pathname.endsWith('.ts')) void keep(response, wire.segments)
  })
  return wire
}

/** What is kept comes a moment later than the page has it. */
export async function first(list: Passed[]): Promise<Passed> {
  for (const end = Date.now() + patience; list.length === 0 && Date.now() < end; ) await setTimeout(100)
  return list[0] ?? assert.fail('nothing of it was fetched')
}

async function keep(response: Response, list: Passed[]): Promise<void> {
  const [headers, body] = [await response.request().allHeaders(), await response.body().catch(() => Buffer.alloc(0))]
  list.push({ url: response.url(), status: response.status(), headers, body })
}

/** A packet of MPEG-TS in the clear begins with 0x47, every 188 bytes; of a cipher's bytes each is that once in 256. */
export function isClear(segment: Buffer): boolean {
  return [0, 188, 376, 564].every((at) => segment[at] === 0x47)
}

/** The status of the same question again: `as` has the headers of whoever asks it now. */
export async function statusAs(url: string, as: Record<string, string>): Promise<number> {
  const names = ['cookie', 'authorization', 'x-client']
  const headers = Object.fromEntries(Object.entries(as).filter(([name]) => names.includes(name)))
  return (await fetch(url, { headers })).status
}
