// The screen that the server drew into the page: its answer is used once, and it goes when the real page stands.
// #ifdef H5
let given: { route: string; reply: unknown } | null = null
const text = document.getElementById('first-answer')?.textContent
if (text) given = JSON.parse(text) as typeof given
// #endif

/** The answer that came with the page, if it is this one; a second question goes to the server. */
export function firstAnswer<T>(route: string): T | null {
  // #ifdef H5
  if (given?.route === route) {
    const { reply } = given
    given = null
    return reply as T
  }
  // #endif
  return null
}

/** Two frames later, for the page under it is painted by then. */
export function dropFirstScreen(): void {
  // #ifdef H5
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById('first-screen')?.remove()))
  // #endif
}
