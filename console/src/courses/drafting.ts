// What was typed into lessons and is not saved yet: kept with the course, so that turning to another lesson loses nothing.
import { computed, reactive } from 'vue'
import type { EditedCourse } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { Refusal, call, type AskOf } from '../call.ts'
import { sentenceOf } from '../parts/asking.ts'
import { queue } from './queue.ts'
import { lessonsIn, type Lesson } from './readiness.ts'

export type LessonFields = Omit<AskOf<'PATCH /console/lessons/:lesson'>['body'], 'version'>
/** `version`: the one on which what is typed stands. */
type Draft = { version: number; fields: LessonFields; saving: boolean; problem: string; conflict: boolean }

const QUIET_MS = 900
const RETRY_MS = 5000

export function isConflict(thrown: unknown): boolean {
  return thrown instanceof Refusal && thrown.code === 'thing.changed_meanwhile'
}

/** The same question may be answered in a while. */
function isPassing(thrown: unknown): boolean {
  return thrown instanceof Refusal && (thrown.code === 'network.lost' || thrown.code === 'server.bug')
}

function isTyped(draft: Draft): boolean {
  return Object.keys(draft.fields).length > 0
}

/** `put` asks when its turn has come and takes the answer over. */
export function useDrafts(find: (lesson: Id<'lsn'>) => Lesson | undefined, put: (work: () => Promise<EditedCourse>) => Promise<EditedCourse>) {
  const drafts = reactive(new Map<Id<'lsn'>, Draft>())
  const timers = new Map<Id<'lsn'>, ReturnType<typeof setTimeout>>()
  const lines = new Map<Id<'lsn'>, ReturnType<typeof queue>>()
  const isDirty = computed(() => [...drafts.values()].some(isTyped))
  const isSaving = computed(() => [...drafts.values()].some((draft) => draft.saving))

  function of(lesson: Id<'lsn'>): Draft {
    const fresh: Draft = { version: find(lesson)?.version ?? 0, fields: {}, saving: false, problem: '', conflict: false }
    if (!drafts.has(lesson)) drafts.set(lesson, fresh)
    return drafts.get(lesson) ?? fresh
  }

  function wait(lesson: Id<'lsn'>, milliseconds: number): void {
    clearTimeout(timers.get(lesson))
    timers.set(lesson, setTimeout(() => void save(lesson), milliseconds))
  }

  /** Notes a change; it is sent once typing pauses. */
  function change(lesson: Id<'lsn'>, fields: LessonFields): void {
    Object.assign(of(lesson).fields, fields)
    wait(lesson, QUIET_MS)
  }

  /** Ends when nothing of the lesson is under way any more: what is being sent first, then what was typed meanwhile. */
  function save(lesson: Id<'lsn'>): Promise<void> {
    const inLine = lines.get(lesson) ?? queue()
    lines.set(lesson, inLine)
    return inLine(() => send(lesson))
  }

  async function send(lesson: Id<'lsn'>): Promise<void> {
    clearTimeout(timers.get(lesson))
    const draft = drafts.get(lesson)
    if (!draft || draft.conflict || !isTyped(draft)) return
    const sent = { ...draft.fields }
    draft.saving = true
    draft.problem = ''
    try {
      noteSaved(draft, lesson, await put(() => call('PATCH /console/lessons/:lesson', { params: { lesson }, body: { ...sent, version: draft.version } })))
      for (const [key, value] of Object.entries(sent)) if (draft.fields[key as keyof LessonFields] === value) Reflect.deleteProperty(draft.fields, key)
    } catch (thrown) {
      draft.conflict = isConflict(thrown)
      draft.problem = sentenceOf(thrown)
      if (isPassing(thrown)) wait(lesson, RETRY_MS)
    } finally {
      draft.saving = false
    }
    if (isTyped(draft) && draft.problem === '') wait(lesson, QUIET_MS)
  }

  function noteSaved(draft: Draft, lesson: Id<'lsn'>, saved: EditedCourse): void {
    draft.version = lessonsIn(saved).find((one) => one.id === lesson)?.version ?? draft.version
  }

  /** What is typed goes on standing on what was saved beside it, when it stood on what was there before. */
  function rebase(lesson: Id<'lsn'>, from: number, saved: EditedCourse): void {
    const draft = drafts.get(lesson)
    if (draft?.version === from) noteSaved(draft, lesson, saved)
  }

  /** What is typed stands on the saved lesson from now on; `theirs` drops it. */
  async function settle(lesson: Id<'lsn'>, whose: 'theirs' | 'mine'): Promise<void> {
    const draft = of(lesson)
    if (whose === 'theirs') draft.fields = {}
    Object.assign(draft, { version: find(lesson)?.version ?? draft.version, conflict: false, problem: '' })
    await save(lesson)
  }

  async function saveAll(): Promise<void> {
    for (const lesson of drafts.keys()) await save(lesson)
  }

  function isUnsaved(lesson: Id<'lsn'>): boolean {
    const draft = drafts.get(lesson)
    return draft !== undefined && isTyped(draft)
  }

  function drop(lesson: Id<'lsn'>): void {
    drafts.delete(lesson)
  }

  function stop(): void {
    for (const timer of timers.values()) clearTimeout(timer)
  }

  return { isDirty, isSaving, of, isUnsaved, change, save, saveAll, rebase, settle, drop, stop }
}
