// Picks the sentences of the chosen language; a sentence missing in either does not compile.
export type Language = 'zh' | 'en'

const KEY = 'shuyuan.language'

export const language: Language = localStorage.getItem(KEY) === 'en' ? 'en' : 'zh'

export function both<T extends object>(zh: T, en: NoInfer<T>): T {
  return language === 'en' ? en : zh
}

/** Sentences are read once, so another language begins with a fresh page. */
export function changeLanguage(next: Language): void {
  localStorage.setItem(KEY, next)
  location.reload()
}
