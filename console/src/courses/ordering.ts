// Where a lesson or chapter goes when it is moved by one step.

/** A lesson one place up or down; past the end of its chapter it enters the next one. Undefined when there is no further. */
export function moveLesson<L, C extends { lessons: L[] }>(tree: C[], lesson: L, step: 1 | -1): C[] | undefined {
  const at = tree.findIndex((chapter) => chapter.lessons.includes(lesson))
  const from = tree[at]
  if (!from) return undefined
  const place = from.lessons.indexOf(lesson)
  const rest = from.lessons.filter((one) => one !== lesson)
  if (place + step >= 0 && place + step < from.lessons.length) return tree.map((one, index) => (index === at ? { ...one, lessons: rest.toSpliced(place + step, 0, lesson) } : one))
  const into = tree[at + step]
  if (!into) return undefined
  const received = step === 1 ? [lesson, ...into.lessons] : [...into.lessons, lesson]
  return tree.map((one, index) => (index === at ? { ...one, lessons: rest } : index === at + step ? { ...one, lessons: received } : one))
}

/** A thing one place up or down a list; undefined at the ends. */
export function moveOne<T>(list: T[], one: T, step: 1 | -1): T[] | undefined {
  const place = list.indexOf(one)
  if (place < 0 || place + step < 0 || place + step >= list.length) return undefined
  return list.toSpliced(place, 1).toSpliced(place + step, 0, one)
}
