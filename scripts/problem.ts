// A mistake the reader can mend: it is shown as a sentence, never as a stack.

const mark = Symbol.for('shuyuan.problem')

export function problem(sentence: string): Error {
  return Object.assign(new Error(sentence), { [mark]: true })
}

export function isProblem(thrown: unknown): thrown is Error {
  return thrown instanceof Error && mark in thrown
}

/** The text of anything thrown: the sentence of a problem, the stack of a bug. */
export function explain(thrown: unknown): string {
  if (isProblem(thrown)) return thrown.message
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
