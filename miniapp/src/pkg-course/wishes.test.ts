// What a learner looks for goes into an address and comes back the same.
import { expect, test } from 'vitest'
import type { Category } from '../../../contracts/catalog.ts'
import { askOf, levelsOf, noWish, pathOf, readWish } from './wishes'

const category = (id: string, parent: string | null) => ({ id, name: id, parent, position: 0 }) as Category
const tree = [category('cat_nature', null), category('cat_stars', 'cat_nature'), category('cat_sounds', 'cat_nature'), category('cat_words', null)]

test('a wish comes back from its address as it went in, also where a platform leaves it encoded', () => {
  const wish = { ...noWish, q: '识字 & 写字', kind: 'audio', price: 'free' }
  const query = pathOf(wish).split('?')[1] ?? ''
  expect(readWish(Object.fromEntries(query.split('&').map((part) => part.split('='))))).toEqual(wish)
  expect(readWish(Object.fromEntries(new URLSearchParams(query)))).toEqual(wish)
  expect(readWish({ q: '100%' }).q).toBe('100%')
})

test('who wishes for nothing has the plain address, and asks for nothing', () => {
  expect([pathOf(noWish), askOf(readWish())]).toEqual(['/pkg-course/courses', {}])
})

test('the tree is open down to what is chosen, and one row below it', () => {
  const rows = (chosen: string) => levelsOf(tree, chosen).map((level) => [level.above, level.chosen, level.choices.map(({ id }) => id)])
  const top = ['cat_nature', 'cat_words']
  expect(rows('')).toEqual([['', '', top]])
  expect(rows('cat_nature')).toEqual([['', 'cat_nature', top], ['cat_nature', '', ['cat_stars', 'cat_sounds']]])
  expect(rows('cat_sounds')).toEqual([['', 'cat_nature', top], ['cat_nature', 'cat_sounds', ['cat_stars', 'cat_sounds']]])
  expect(rows('cat_words')).toEqual([['', 'cat_words', top]])
  expect(rows('cat_gone')).toEqual([['', '', top]])
})
