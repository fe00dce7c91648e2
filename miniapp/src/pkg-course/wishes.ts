// What a learner looks for in the list of courses, and how it stands in an address; an empty wish is for everything.
import type { AllRoutes } from '../../../contracts/all.ts'
import type { Category } from '../../../contracts/catalog.ts'
import type { Id } from '../../../contracts/words/id.ts'

const names = ['q', 'category', 'kind', 'price', 'sort'] as const
export type Wish = Record<(typeof names)[number], string>
export const noWish: Wish = { q: '', category: '', kind: '', price: '', sort: '' }

/** From the query of a page, which mini programs leave encoded. */
export function readWish(query: Record<string, unknown> = {}): Wish {
  const wish = { ...noWish }
  for (const name of names) wish[name] = decoded(String(query[name] ?? ''))
  return wish
}

/** A sign of percent that a learner typed is no code. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Ask = AllRoutes['GET /courses']['query']['static']
const wishedFor = (wish: Wish) => names.filter((name) => wish[name] !== '').map((name) => [name, wish[name]] as const)

/** Only what is wished for; what an address holds beside that the server refuses. */
export function askOf(wish: Wish): Ask {
  return Object.fromEntries(wishedFor(wish)) as Ask
}

export function pathOf(wish: Wish): string {
  const query = wishedFor(wish).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `/pkg-course/courses${query.length > 0 ? `?${query.join('&')}` : ''}`
}

export type Level = { above: Id<'cat'> | ''; chosen: Id<'cat'> | ''; choices: Category[] }

/** The rows of the tree that are open down to the chosen category, and the one below it. */
export function levelsOf(categories: Category[], chosen: string): Level[] {
  const path: Category[] = []
  for (let at = categories.find(({ id }) => id === chosen); at && !path.includes(at); at = categories.find(({ id }) => id === path[0]?.parent)) path.unshift(at)
  const rows = [null, ...path].map((above, depth): Level => ({ above: above?.id ?? '', chosen: path[depth]?.id ?? '', choices: categories.filter(({ parent }) => parent === (above?.id ?? null)) }))
  return rows.filter(({ choices }) => choices.length > 0)
}
