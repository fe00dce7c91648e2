// An answer on its way: loading, then there, or a sentence of what went wrong. What was there before is kept.
import { ref, shallowRef, watch } from 'vue'
import { codeOf, sentenceOf } from '../call'
import { dropFirstScreen } from '../platform/firstscreen'

/** `first` is an answer that is here already; it was made a moment ago, so the first load asks nobody. */
export function useAnswer<T>(ask: () => Promise<T>, first: T | null = null) {
  const answer = shallowRef<T | null>(first)
  const problem = ref('')
  const gone = ref(false)
  const loading = ref(false)
  let isFresh = first !== null
  /** Takes an answer that came by another way, as `first`. */
  function take(given: T | null): void {
    if (given === null) return
    answer.value = given
    isFresh = true
  }
  async function load(): Promise<void> {
    if (isFresh) {
      isFresh = false
      return
    }
    loading.value = true
    problem.value = ''
    try {
      answer.value = await ask()
    } catch (error) {
      problem.value = sentenceOf(error)
      gone.value = codeOf(error) === 'thing.not_found'
    } finally {
      loading.value = false
    }
  }
  watch(() => answer.value !== null || problem.value !== '', (isThere) => isThere && dropFirstScreen(), { immediate: true, flush: 'post' })
  return { answer, problem, gone, loading, load, take }
}

export function toast(title: string): void {
  uni.showToast({ title, icon: 'none' })
}
