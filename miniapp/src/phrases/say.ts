// Chinese unless the learner chose English; a page that stands changes with the choice.
import { reactive, ref } from 'vue'
import { en } from './en'
import { zh, type Phrases } from './zh'

export type Language = 'zh' | 'en'

export function chosenLanguage(): Language {
  return uni.getStorageSync('language') === 'en' ? 'en' : 'zh'
}

function phrasesOf(language: Language): Omit<Phrases, 'refusal'> & { refusal: (code: string) => string } {
  const phrases = language === 'en' ? en : zh
  return { ...phrases, refusal: (code) => phrases.refusal[code] ?? phrases.refusal['server.bug'] ?? code }
}

export const spoken = ref(chosenLanguage())
export const say = reactive(phrasesOf(spoken.value))

export function speak(language: Language): void {
  uni.setStorageSync('language', language)
  spoken.value = language
  Object.assign(say, phrasesOf(language))
}
