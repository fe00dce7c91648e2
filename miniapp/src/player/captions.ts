// What is said, for a film whose player shows no subtitles of its own: the learner's choice and the words of the moment.
import { computed, ref, shallowRef, type Ref } from 'vue'
import type { Play } from '../../../contracts/plays.ts'
import { readText, sentenceOf } from '../call'
import { toast } from '../parts/answer'
import { rememberedSubtitles, rememberSubtitles } from '../platform/platform'
import { readCues, wordsAt, type Cue } from './cues'

export function useCaptions(subtitles: Play['subtitles'], seconds: Ref<number>) {
  const language = ref('')
  const cues = shallowRef<Cue[]>([])
  const words = computed(() => wordsAt(cues.value, seconds.value))

  async function show(to: string): Promise<void> {
    language.value = to
    cues.value = []
    const track = subtitles.find((one) => one.language === to)
    if (!track) return
    try {
      const list = readCues(await readText(track.url))
      if (language.value === to) cues.value = list
    } catch (error) {
      if (language.value === to) language.value = ''
      toast(sentenceOf(error))
    }
  }
  function choose(to: string): void {
    rememberSubtitles(to)
    void show(to)
  }
  void show(rememberedSubtitles(subtitles))
  return { language, words, choose }
}
