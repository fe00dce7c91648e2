// An answer on its way: loading, then there, or a sentence of what went wrong. What was there before is kept.
import { ref, shallowRef } from 'vue'
import { sentenceOf } from '../call'

export function useAnswer<T>(ask: () => Promise<T>) {
  const answer = shallowRef<T | null>(null)
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
  return { answer, problem, loading, load }
}

export function toast(title: string): void {
  uni.showToast({ title, icon: 'none' })
}
