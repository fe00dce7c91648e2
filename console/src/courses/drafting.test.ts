// What was typed into a lesson is sent once at a time, and whoever leaves waits for the last of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EditedCourse } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'

// What node has not and a browser has: a memory, empty here.
Object.assign(globalThis, { localStorage: { getItem: () => null } })
const { useDrafts } = await import('./drafting.ts')
const { Refusal } = await import('../call.ts')

const lesson = 'lsn_1' as Id<'lsn'>

/** A server that answers when it is told to. */
function slowServer() {
  const asked: { answer: () => void; refuse: (why: Error) => void }[] = []
  const put = () => new Promise<EditedCourse>((resolve, refuse) => asked.push({ answer: () => resolve({ chapters: [] } as unknown as EditedCourse), refuse }))
  return { asked, put }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('whoever leaves while a lesson is being sent waits for it, and for what was typed meanwhile', async () => {
  const { asked, put } = slowServer()
  const drafts = useDrafts(() => undefined, put)
  drafts.change(lesson, { title: '第一眼看月亮' })
  void drafts.save(lesson)
  await settled()
  drafts.change(lesson, { title: '第二眼看月亮' })
  let hasLeft = false
  const leaving = drafts.saveAll().then(() => (hasLeft = true))
  await settled()
  assert.deepEqual([asked.length, hasLeft], [1, false], 'one question at a time')
  asked[0]?.answer()
  await settled()
  assert.deepEqual([asked.length, hasLeft, drafts.isDirty.value], [2, false, true])
  asked[1]?.answer()
  await leaving
  assert.deepEqual([asked.length, drafts.isDirty.value, drafts.isSaving.value], [2, false, false])
  drafts.stop()
})

test('what could not be sent stays typed, and leaving does not hang', async () => {
  const { asked, put } = slowServer()
  const drafts = useDrafts(() => undefined, put)
  drafts.change(lesson, { title: '第一眼看月亮' })
  const leaving = drafts.saveAll()
  await settled()
  asked[0]?.refuse(new Refusal('network.lost', {}, ''))
  await leaving
  assert.deepEqual([asked.length, drafts.isDirty.value, drafts.isSaving.value], [1, true, false])
  drafts.stop()
})
