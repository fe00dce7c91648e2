// The small film: while it runs and its place has scrolled away, the frame stays in a corner of the window.
import { onBeforeUnmount, onMounted, ref, watch, type ShallowRef } from 'vue'
import type { Reel } from './reel'

export function useSmall(place: () => HTMLElement | undefined, reel: ShallowRef<Reel | null>) {
  const isSmall = ref(false)
  const watcher = new IntersectionObserver(([seen]) => {
    const isAway = !seen?.isIntersecting && place()?.isConnected === true
    isSmall.value = isAway && (isSmall.value || reel.value?.state.isPlaying === true)
  })
  onMounted(() => {
    const element = place()
    if (element) watcher.observe(element)
  })
  onBeforeUnmount(() => watcher.disconnect())
  // At its end it has nothing more to show in a corner.
  watch(() => reel.value?.state.hasEnded, (ended) => ended && (isSmall.value = false))
  function dismiss(): void {
    isSmall.value = false
    reel.value?.element.pause()
  }
  return { isSmall, dismiss }
}
