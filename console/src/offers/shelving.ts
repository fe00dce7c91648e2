// What pages of offers share: those of one kind, the courses that they name, and the one that is being edited.
import { onMounted, ref } from 'vue'
import type { Offer } from '#contracts/offers.ts'
import { call } from '../call.ts'
import { useList, useLoad } from '../parts/asking.ts'

export function useOffers(kind: Offer['kind']) {
  const editing = ref<Offer | 'new' | null>(null)
  const courses = useLoad(async () => (await call('GET /console/courses', { query: { limit: 100 } })).items)
  const list = useList(async () => ({ items: (await call('GET /console/offers', { query: {} })).items.filter((offer) => offer.kind === kind), next: null }))
  onMounted(() => Promise.all([list.load(), courses.load()]))
  const titlesOf = (offer: Offer) => offer.courses.map((id) => courses.value.value?.find((course) => course.id === id)?.title ?? '').join('、')
  function changed(): void {
    editing.value = null
    void list.load()
  }
  return { editing, courses, list, titlesOf, changed }
}
