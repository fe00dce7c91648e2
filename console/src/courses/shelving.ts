// How categories are drawn as a tree and change places with their neighbours.
import type { Category } from '#contracts/catalog.ts'

export type Shelf = { category: Category; depth: number; isFirst: boolean; isLast: boolean }

/** Each category behind its parent, in the order of positions among those that share a parent. */
export function treeOf(categories: Category[], parent: Category['parent'] = null, depth = 0): Shelf[] {
  const siblings = siblingsOf(categories, parent)
  return siblings.flatMap((category, index) => [{ category, depth, isFirst: index === 0, isLast: index === siblings.length - 1 }, ...treeOf(categories, category.id, depth + 1)])
}

function siblingsOf(categories: Category[], parent: Category['parent']): Category[] {
  return categories.filter((one) => one.parent === parent).toSorted((one, other) => one.position - other.position)
}

/** The two changes of position that move a category by one among its siblings; none at the ends. */
export function movesOf(categories: Category[], moved: Category, step: 1 | -1): { id: Category['id']; position: number }[] {
  const siblings = siblingsOf(categories, moved.parent)
  const neighbour = siblings[siblings.findIndex((one) => one.id === moved.id) + step]
  if (!neighbour) return []
  const position = neighbour.position === moved.position ? moved.position + step : neighbour.position
  return [{ id: moved.id, position: Math.max(0, position) }, { id: neighbour.id, position: moved.position }]
}
