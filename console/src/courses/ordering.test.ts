// Moving lessons and chapters by one step.
import assert from 'node:assert/strict'
import test from 'node:test'
import { moveLesson, moveOne } from './ordering.ts'

const tree = [{ lessons: ['a', 'b'] }, { lessons: [] as string[] }, { lessons: ['c'] }]
const shape = (moved: { lessons: string[] }[] | undefined) => moved?.map((one) => one.lessons.join('')).join('|')

test('a lesson changes places within its chapter', () => {
  assert.equal(shape(moveLesson(tree, 'a', 1)), 'ba||c')
  assert.equal(shape(moveLesson(tree, 'b', -1)), 'ba||c')
})

test('past the end of its chapter a lesson enters the next one, at the near end', () => {
  assert.equal(shape(moveLesson(tree, 'b', 1)), 'a|b|c')
  assert.equal(shape(moveLesson(tree, 'c', -1)), 'ab|c|')
  assert.equal(shape(moveLesson([{ lessons: ['a'] }, { lessons: ['b', 'c'] }], 'b', -1)), 'ab|c')
})

test('nothing moves beyond the ends, and the tree given stays as it was', () => {
  assert.equal(moveLesson(tree, 'a', -1), undefined)
  assert.equal(moveLesson(tree, 'c', 1), undefined)
  assert.equal(moveLesson(tree, 'x', 1), undefined)
  assert.equal(shape(tree), 'ab||c')
})

test('a chapter moves by one among its fellows', () => {
  assert.deepEqual(moveOne([1, 2, 3], 3, -1), [1, 3, 2])
  assert.deepEqual(moveOne([1, 2, 3], 1, 1), [2, 1, 3])
  assert.equal(moveOne([1, 2, 3], 1, -1), undefined)
  assert.equal(moveOne([1, 2, 3], 4, 1), undefined)
})
