// A course being edited: what the server has, what was typed since, autosave, and conflicts.
import { computed, onBeforeUnmount, reactive, ref, shallowRef } from 'vue'
import type { EditedCourse } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { call, type AskOf } from '../call.ts'
import { sentenceOf, trying } from '../parts/asking.ts'
import { isConflict, useDrafts } from './drafting.ts'
import { queue } from './queue.ts'
import { isWaiting, lessonsIn, withReadiness } from './readiness.ts'

export type CourseFields = Omit<AskOf<'PATCH /console/courses/:course'>['body'], 'version'>
export type Editing = ReturnType<typeof useEditing>

const QUIET_MS = 900
const ASK_EVERY_MS = 3000

/** The course that the page holds open. */
const held = new Map<Id<'crs'>, Editing>()

export function editingOf(course: Id<'crs'>): Editing | undefined {
  return held.get(course)
}

export function useEditing(id: Id<'crs'>) {
  const course = shallowRef<EditedCourse>()
  const pending = reactive<CourseFields>({})
  const status = reactive({ saving: false, savedAt: '', problem: '', conflict: false })
  const isTyped = ref(false)
  const drafts = useDrafts((lesson) => lessonsIn(course.value).find((one) => one.id === lesson), (work) => inLine(async () => take(await work())))
  const isDirty = computed(() => isTyped.value || drafts.isDirty.value)
  const isSaving = computed(() => status.saving || drafts.isSaving.value)
  /** What undoes each thing done here, latest last. */
  const undoes = shallowRef<(() => unknown)[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let isUndoing = false
  /** Each question names the version that the one before it left. */
  const inLine = queue()
  const savesInLine = queue()

  async function load(): Promise<boolean> {
    status.problem = ''
    try {
      course.value = await call('GET /console/courses/:course', { params: { course: id } })
    } catch (thrown) {
      status.problem = sentenceOf(thrown)
    }
    return status.problem === ''
  }

  /** Notes a change; it is sent once typing pauses. */
  function change(fields: CourseFields): void {
    Object.assign(pending, fields)
    isTyped.value = true
    clearTimeout(timer)
    timer = setTimeout(save, QUIET_MS)
  }

  /** Ends when nothing of the course is under way any more: what is being sent first, then what was typed meanwhile. */
  function save(): Promise<void> {
    return savesInLine(send)
  }

  async function send(): Promise<void> {
    clearTimeout(timer)
    if (!isTyped.value || !course.value || status.conflict) return
    const sent = { ...pending }
    const before = course.value
    forget(sent)
    status.saving = true
    try {
      await inLine(async () => take(await call('PATCH /console/courses/:course', { params: { course: id }, body: { ...sent, version: course.value?.version ?? 0 } })))
      status.problem = ''
      remember(() => change(Object.fromEntries(Object.keys(sent).map((key) => [key, before[key as keyof CourseFields]]))))
    } catch (thrown) {
      Object.assign(pending, { ...sent, ...pending })
      isTyped.value = true
      status.conflict = isConflict(thrown)
      status.problem = sentenceOf(thrown)
    } finally {
      status.saving = false
    }
    if (isTyped.value && status.problem === '') change({})
  }

  function remember(undo: () => unknown): void {
    undoes.value = isUndoing ? undoes.value : [...undoes.value.slice(-19), undo]
    isUndoing = false
  }

  /** Takes the latest change back; what it takes back is not remembered as a change of its own. */
  async function undo(): Promise<void> {
    await save()
    const latest = undoes.value.at(-1)
    if (latest === undefined) return
    undoes.value = undoes.value.slice(0, -1)
    isUndoing = true
    await latest()
    await save()
    isUndoing = false
  }

  function forget(fields: CourseFields): void {
    for (const key of Object.keys(fields)) Reflect.deleteProperty(pending, key)
    isTyped.value = false
  }

  function take(saved: EditedCourse): EditedCourse {
    course.value = saved
    status.savedAt = new Date().toISOString()
    return saved
  }

  async function saveAll(): Promise<void> {
    await save()
    await drafts.saveAll()
  }

  /** Every other change of the tree: done at once, its answer is the course as it then is. */
  async function act(work: () => Promise<EditedCourse>, undo?: () => unknown): Promise<boolean> {
    await saveAll()
    const isDone = await trying(() => inLine(async () => take(await work())))
    if (isDone && undo) remember(undo)
    return isDone
  }

  async function settleConflict(whose: 'theirs' | 'mine'): Promise<void> {
    if (whose === 'theirs') forget({ ...pending })
    status.conflict = false
    await load()
    await save()
  }

  /** What is seen: the saved course with what was typed on top. */
  const shown = computed<EditedCourse | undefined>(() => (course.value ? { ...course.value, ...pending } : undefined))
  /** Recordings that are still being made become ready without anybody's doing. */
  async function watchRecordings(): Promise<void> {
    if (!course.value || !isWaiting(course.value)) return
    const fresh = await call('GET /console/courses/:course', { params: { course: id } }).catch(() => undefined)
    if (!fresh || !course.value) return
    const next = withReadiness(course.value, fresh)
    if (JSON.stringify(next) !== JSON.stringify(course.value)) course.value = next
  }

  const clock = setInterval(() => void watchRecordings(), ASK_EVERY_MS)
  onBeforeUnmount(() => {
    clearInterval(clock)
    held.delete(id)
    drafts.stop()
    void saveAll()
  })
  const editing = { id, course, shown, status, drafts, isDirty, isSaving, undoes, load, change, save, saveAll, act, undo, settleConflict }
  held.set(id, editing)
  return editing
}
