// Chinese unless the learner chose English; chosen once a start.
import { en } from './en'
import { zh, type Phrases } from './zh'

const chosen: Phrases = uni.getStorageSync('language') === 'en' ? en : zh

function refusal(code: string): string {
  return chosen.refusal[code] ?? chosen.refusal['server.bug'] ?? code
}

export const say = { ...chosen, refusal }
