// Which list the platform's player reads: when it is changed under way, the film goes on where it was, as it was.
import { computed, nextTick, ref, type Ref } from 'vue'
import type { Play } from '../../../contracts/plays.ts'

type Film = { play: () => void; seek: (to: number) => void }

const NEAR_SECONDS = 3
const MOST_SEEKS = 3

export function useSource(play: Play, begins: boolean, seconds: Ref<number>, isPlaying: Ref<boolean>, film: () => Film) {
  const level = ref(-1)
  const url = computed(() => play.qualities[level.value]?.url ?? play.manifestUrl)
  const startsAt = ref(play.positionSeconds)
  const goesOn = ref(begins)
  let place: number | null = null
  let seeks = 0

  /** A place of play.qualities, or -1 for what the player chooses by itself. */
  function choose(to: number): void {
    if (to === level.value) return
    goesOn.value = isPlaying.value || (place !== null && goesOn.value)
    place = startsAt.value = seconds.value
    seeks = 0
    level.value = to
    if (goesOn.value) void nextTick(() => film().play())
  }
  /** Not every player begins a second list where it is told to; once it plays it can be sent there. */
  function begun(): void {
    if (place !== null) film().seek(place)
  }
  /** The ticks of a list that is not yet where the film was are not the film's. */
  function isBack(at: number): boolean {
    if (place === null) return true
    if (Math.abs(at - place) > NEAR_SECONDS && seeks < MOST_SEEKS) {
      seeks += 1
      film().seek(place)
      return false
    }
    place = null
    return true
  }
  function seek(to: number): void {
    if (place !== null) place = to
    film().seek(to)
  }
  return { level, url, startsAt, goesOn, choose, begun, isBack, seek }
}
