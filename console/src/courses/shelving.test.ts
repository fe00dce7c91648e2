// Categories in their tree, and what changes when one is moved.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Category } from '#contracts/catalog.ts'
import { movesOf, treeOf } from './shelving.ts'

const category = (id: string, position: number, parent: string | null = null) => ({ id: `cat_${id}`, name: id, position, parent: parent === null ? null : `cat_${parent}` }) as Category
const shelves = [category('b', 3), category('b1', 4, 'b'), category('a', 0), category('a2', 2, 'a'), category('a1', 1, 'a')]

test('children stand behind their parent, each row of siblings in its order', () => {
  assert.deepEqual(treeOf(shelves).map((one) => `${one.depth}${one.category.name}`), ['0a', '1a1', '1a2', '0b', '1b1'])
  assert.deepEqual(treeOf(shelves).map((one) => [one.isFirst, one.isLast]), [[true, false], [true, false], [false, true], [false, true], [true, true]])
})

test('moving changes places with the next sibling and no other', () => {
  const moves = movesOf(shelves, category('a', 0), 1)
  assert.deepEqual(moves, [{ id: 'cat_a', position: 3 }, { id: 'cat_b', position: 0 }])
  const after = shelves.map((one) => ({ ...one, position: moves.find((move) => move.id === one.id)?.position ?? one.position }))
  assert.deepEqual(treeOf(after).map((one) => one.category.name), ['b', 'b1', 'a', 'a1', 'a2'])
})

test('the first cannot move up and the last cannot move down', () => {
  assert.deepEqual(movesOf(shelves, category('a', 0), -1), [])
  assert.deepEqual(movesOf(shelves, category('a2', 2, 'a'), 1), [])
})

test('two that share a position still change places', () => {
  const same = [category('x', 0), category('y', 0)]
  const moves = movesOf(same, category('x', 0), 1)
  const after = same.map((one) => ({ ...one, position: moves.find((move) => move.id === one.id)?.position ?? one.position }))
  assert.deepEqual(treeOf(after).map((one) => one.category.name), ['y', 'x'])
})
