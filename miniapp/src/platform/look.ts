// How the pages look on this device: light, dark or as the system; ordinary or large type.
import { computed, ref } from 'vue'
import { onShow } from '@dcloudio/uni-app'

export type Theme = 'auto' | 'light' | 'dark'

const kept: unknown = uni.getStorageSync('theme')
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')
export const isLarge = ref(uni.getStorageSync('type') === 'large')
const names = computed(() => `look ${theme.value}${isLarge.value ? ' large' : ''}`)

/** The class names of a page's outermost view. */
export function useLook() {
  onShow(paintBars)
  return names
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  uni.setStorageSync('theme', chosen)
  paintBars()
}

export function chooseType(large: boolean): void {
  isLarge.value = large
  uni.setStorageSync('type', large ? 'large' : 'ordinary')
  paintBars()
}

/** On the web the root element carries the names, and the bars follow by style; elsewhere the platform paints its bar. */
function paintBars(): void {
  // #ifdef H5
  document.documentElement.className = names.value
  // #endif
  // #ifndef H5
  const isDark = theme.value === 'dark'
  uni.setNavigationBarColor({ frontColor: isDark ? '#ffffff' : '#000000', backgroundColor: isDark ? '#151412' : '#FAF8F5', fail: () => undefined })
  // #endif
}
