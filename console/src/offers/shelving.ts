// What pages of offers share: those of one kind, the one that is being edited, and the courses that they name.
import { onMounted, ref } from 'vue'
import type { Offer } from '#contracts/offers.ts'
import { call } from '../call.ts'
import { useList, useLoad } from '../parts/asking.ts'

export function useOffers(kind: Offer['kind']) {
  const editing = ref<Offer | 'new' | null>(null)
  const list = useList(async () => ({ items: (await call('GET /console/offers', { query: {} })).items.filter((offer) => offer.kind === kind), next: null }))
  onMounted(list.load)
  function changed(): void {
    editing.value = null
    void list.load()
  }
  return { editing, list, changed }
}

/** For those who may see courses. */
export function useNamedCourses() {
  const courses = useLoad(async () => (await call('GET /console/courses', { query: { limit: 100 } })).items)
  onMounted(courses.load)
  const titlesOf = (offer: Offer) => offer.courses.map((id) => courses.value.value?.find((course) => course.id === id)?.title ?? '').join('、')
  return { courses, titlesOf }
}
