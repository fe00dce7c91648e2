// Asking the server from a page: loading something, paging a list, and doing something with its refusal told.
import { ElMessage } from 'element-plus'
import { ref, shallowRef } from 'vue'
import { Refusal } from '../call.ts'
import { fieldSentence, refusalSentences } from '../phrases/refusals.ts'
import { forgetMe } from '../shell/session.ts'

export function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof Refusal)) throw thrown
  const field = thrown.code === 'request.invalid' ? fieldSentence(thrown.details['field']) : undefined
  return field ?? refusalSentences[thrown.code] ?? refusalSentences['server.bug']
}

function noteSignedOut(thrown: unknown): void {
  if (thrown instanceof Refusal && thrown.code === 'staff.sign_in_needed') forgetMe()
}

/** Does something and says why when it was refused; true when it was done. */
export async function trying(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (thrown) {
    noteSignedOut(thrown)
    ElMessage({ message: sentenceOf(thrown), type: 'error', duration: 6000, showClose: true })
    return false
  }
}

/** A form that is sent as a whole: busy meanwhile, and with its refusal beneath it. */
export function useSubmit(work: () => Promise<unknown>) {
  const busy = ref(false)
  const problem = ref('')
  async function submit(): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = ''
    try {
      await work()
    } catch (thrown) {
      noteSignedOut(thrown)
      problem.value = sentenceOf(thrown)
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, submit }
}

/** Something a page shows: what came, whether it is on its way, or the sentence of its refusal. */
export function useLoad<T>(ask: () => Promise<T>) {
  const value = shallowRef<T>()
  const problem = ref('')
  const loading = ref(false)
  async function load(): Promise<void> {
    loading.value = true
    problem.value = ''
    try {
      value.value = await ask()
    } catch (thrown) {
      noteSignedOut(thrown)
      problem.value = sentenceOf(thrown)
    } finally {
      loading.value = false
    }
  }
  return { value, problem, loading, load }
}

export type Page<T> = { items: T[]; next: string | null }

/** A list read page by page; a newer question makes an older answer void. */
export function useList<T>(ask: (cursor: string | undefined) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const problem = ref('')
  const loading = ref(false)
  const asked = ref(0)
  async function read(cursor: string | undefined): Promise<void> {
    const turn = ++asked.value
    loading.value = true
    problem.value = ''
    try {
      const page = await ask(cursor)
      if (turn !== asked.value) return
      items.value = cursor === undefined ? page.items : [...items.value, ...page.items]
      next.value = page.next
    } catch (thrown) {
      noteSignedOut(thrown)
      if (turn === asked.value) problem.value = sentenceOf(thrown)
    } finally {
      if (turn === asked.value) loading.value = false
    }
  }
  return { items, next, problem, loading, asked, load: () => read(undefined), more: () => read(next.value ?? undefined) }
}
