// An answer on its way: loading, then there, or a sentence of what went wrong. What was there before is kept.
import { ref, shallowRef, watch } from 'vue'
import { sentenceOf } from '../call'
import { dropFirstScreen } from '../platform/firstscreen'

/** `first` is an answer that is here already. */
export function useAnswer<T>(ask: () => Promise<T>, first: T | null = null) {
  const answer = shallowRef<T | null>(first)
  const problem = ref('')
  const loading = ref(false)
  async function load(): Promise<void> {
    loading.value = true
    problem.value = ''
    try {
      answer.value = await ask()
    } catch (error) {
      problem.value = sentenceOf(error)
    } finally {
      loading.value = false
    }
  }
  watch(() => answer.value !== null || problem.value !== '', (isThere) => isThere && dropFirstScreen(), { immediate: true, flush: 'post' })
  return { answer, problem, loading, load }
}

export function toast(title: string): void {
  uni.showToast({ title, icon: 'none' })
}
