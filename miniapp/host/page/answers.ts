// How a function of wx answers: by callbacks, with its name in the message.
export type Options = Record<string, unknown> & { success?: (answer: object) => void; fail?: (answer: object) => void; complete?: (answer: object) => void }

/** Throw or reject with a sentence and the call has failed with it. */
export function answering<T extends Options>(name: string, work: (asked: T) => unknown): (asked?: T) => void {
  return (asked = {} as T) => {
    const end = (answer: object, isGood: boolean) => {
      if (isGood) asked.success?.(answer)
      else asked.fail?.(answer)
      asked.complete?.(answer)
    }
    Promise.resolve()
      .then(() => work(asked))
      .then(
        (answer) => end({ ...(answer as object | undefined), errMsg: `${name}:ok` }, true),
        (reason: unknown) => end({ ...(reason instanceof Error ? {} : (reason as object)), errMsg: `${name}:fail ${messageOf(reason)}` }, false),
      )
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String((reason as { message?: unknown }).message ?? '')
}

/** For work that says why it did not happen; an empty sentence is success. */
export function orThrow(refusal: string): void {
  if (refusal) throw new Error(refusal)
}
