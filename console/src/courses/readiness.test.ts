// What transcoding changes joins a course being edited; what other people wrote meanwhile does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EditedCourse } from '#contracts/catalog.ts'
import { isWaiting, withReadiness } from './readiness.ts'

type Lesson = EditedCourse['chapters'][number]['lessons'][number]

function lesson(change: Partial<Lesson>): Lesson {
  return { id: 'lsn_1', chapter: 'chp_1', position: 0, title: '月亮', kind: 'video', summary: '', asset: 'ast_1', durationSeconds: null, articleHtml: '', free: false, trial: null, subtitles: [], ready: false, ...change } as Lesson
}

function course(version: number, lessons: Lesson[], missing: string[]): EditedCourse {
  return { title: `第 ${version} 版`, version, missing, chapters: [{ id: 'chp_1', title: '一', position: 0, lessons }] } as unknown as EditedCourse
}

test('a recording that became ready joins, and neither the words nor the version of others do', () => {
  const mine = course(3, [lesson({})], ['lesson_not_ready:lsn_1'])
  const next = withReadiness(mine, course(4, [lesson({ ready: true, durationSeconds: 61, title: '别人的' })], []))
  assert.deepEqual(next, course(3, [lesson({ ready: true, durationSeconds: 61 })], []))
})

test('readiness of another film than the one shown here is not taken over', () => {
  const mine = course(3, [lesson({})], ['lesson_not_ready:lsn_1'])
  assert.equal(withReadiness(mine, course(4, [lesson({ asset: 'ast_2' as never, ready: true })], [])).chapters[0]?.lessons[0]?.ready, false)
})

test('only a film that is there and not ready is waited for', () => {
  assert.equal(isWaiting(course(1, [lesson({})], [])), true)
  assert.equal(isWaiting(course(1, [lesson({ ready: true }), lesson({ asset: null }), lesson({ kind: 'article', asset: null })], [])), false)
})
