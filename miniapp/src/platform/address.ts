// The address of a page that changes what it shows: on the web it can be copied, and comes back with the browser's own Back.

/** The router goes by what the browser's history holds of the page, so it is told there. */
export function keepAddress(path: string): void {
  // #ifdef H5
  history.replaceState({ ...(history.state as object | null), current: path }, '', path)
  // #endif
}
