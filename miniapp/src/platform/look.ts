// How the pages look on this device: light, dark or as the system; ordinary or large type; bars in the learner's language.
import { computed, ref } from 'vue'
import { onShow } from '@dcloudio/uni-app'
import { chosenLanguage, say } from '../phrases/say'

export type Theme = 'auto' | 'light' | 'dark'

const kept: unknown = uni.getStorageSync('theme')
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')
export const isLarge = ref(uni.getStorageSync('type') === 'large')
const names = computed(() => `look ${theme.value}${isLarge.value ? ' large' : ''}`)

/** The class names of a page's outermost view. */
export function useLook() {
  onShow(() => {
    paintBars()
    nameBars()
  })
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

function routeNow(): string {
  return getCurrentPages().at(-1)?.route ?? ''
}
const isAtTab = () => routeNow().startsWith('pages/')

/** A page with a name of its own, a course or a lesson, sets it itself. */
export function nameBars(): void {
  const route = routeNow()
  const title = say.titles[route]
  if (title) uni.setNavigationBarTitle({ title, fail: () => undefined })
  if (isAtTab()) Object.values(say.tabs).forEach((text, index) => uni.setTabBarItem({ index, text, fail: () => undefined }))
  // #ifdef H5
  document.documentElement.lang = chosenLanguage() === 'en' ? 'en' : 'zh-CN'
  // #endif
}

function isDarkNow(): boolean {
  // #ifdef MP-WEIXIN
  if (theme.value === 'auto') return uni.getSystemInfoSync().theme === 'dark'
  // #endif
  return theme.value === 'dark'
}
// #ifdef MP-WEIXIN
uni.onThemeChange(paintBars)
// #endif

const lightTabs = { color: '#6B665E', selectedColor: '#1F1D1A', backgroundColor: '#FFFFFF', borderStyle: 'white' } as const
const darkTabs = { color: '#A8A298', selectedColor: '#EDE9E2', backgroundColor: '#1E1C19', borderStyle: 'black' } as const

/** On the web the root element carries the names, and the bars follow by style; elsewhere the platform paints its bar. */
function paintBars(): void {
  // #ifdef H5
  document.documentElement.className = names.value
  // #endif
  // #ifndef H5
  const isDark = isDarkNow()
  uni.setNavigationBarColor({ frontColor: isDark ? '#ffffff' : '#000000', backgroundColor: isDark ? '#151412' : '#FAF8F5', fail: () => undefined })
  if (isAtTab()) uni.setTabBarStyle({ ...(isDark ? darkTabs : lightTabs), fail: () => undefined })
  // #endif
}
