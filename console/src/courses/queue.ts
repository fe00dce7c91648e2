// One after another: what is asked of the server about one thing, each question standing on the answer before it.

/** What is given to it runs in the order of giving, each when the one before has ended; one that fails holds up nobody. */
export function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
