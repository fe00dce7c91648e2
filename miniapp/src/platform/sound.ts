// The sound of the web, which goes on when its page is left: it has an element of its own, and a bar on every other page.
import { createApp, ref, shallowRef, watch } from 'vue'
import type { Play } from '../../../contracts/plays.ts'
import { useReel, type Reel } from '../player/reel'
import { member } from '../session'

export type Face = { lesson: string; title: string; by: string; cover: { url: string; tint: string } | null }
/** Who is told what was heard: the page while it stands, later whoever it leaves in its place. */
export type Hearer = { time: (seconds: number) => void; rest: () => void; ended: () => void }
type Sound = { face: Face; reel: Reel }

export const sound = shallowRef<Sound | null>(null)
/** The page of the sound is the one on the screen, so the bar is not needed. */
export const isHere = ref(false)
let hearer: Hearer | null = null

/** What is open already of this lesson need not be opened again. */
export function playOf(lesson: string): Play | null {
  const now = sound.value
  return now && now.face.lesson === lesson && !now.reel.state.hasFailed ? now.reel.play : null
}

export function keepSound(face: Face, play: Play, begins: boolean, heard: Hearer): Reel {
  isHere.value = true
  const kept = sound.value?.reel
  if (kept?.play !== play) endSound()
  hearer = heard
  if (kept?.play === play) return kept
  const element = document.createElement('audio')
  element.className = 'player-sound'
  element.autoplay = begins
  document.body.append(element)
  const reel = useReel(element, play)
  element.addEventListener('timeupdate', () => hearer?.time(element.currentTime))
  element.addEventListener('pause', () => hearer?.rest())
  element.addEventListener('ended', () => {
    hearer?.ended()
    if (!isHere.value) endSound()
  })
  sound.value = { face, reel }
  showOutside(face, reel)
  return reel
}

/** Its page goes: what sounds goes on in the bar, what rests is put away. */
export function leaveSound(lesson: string, heard: Hearer): void {
  const now = sound.value
  if (now?.face.lesson !== lesson) return
  isHere.value = false
  if (!now.reel.state.isPlaying) return endSound()
  hearer = heard
  void showBar()
}

export function endSound(): void {
  const now = sound.value
  if (!now) return
  sound.value = null
  now.reel.close()
  hearer?.rest()
  hearer = null
  if (session()) navigator.mediaSession.metadata = null
}
// Whoever signs out takes what was open along.
watch(() => member()?.id, endSound)

let bar: Promise<void> | null = null
/** An app beside the pages, for a page takes all that is in it along. */
function showBar(): Promise<void> {
  bar ??= import('../player/SoundBar.vue').then(({ default: SoundBar }) => {
    const place = document.createElement('div')
    document.body.append(place)
    createApp(SoundBar).mount(place)
  })
  return bar
}

/** On the lock screen and the keys of headphones. */
function showOutside({ title, by, cover }: Face, reel: Reel): void {
  const outside = session()
  if (!outside) return
  outside.metadata = new MediaMetadata({ title, artist: by, artwork: cover ? [{ src: cover.url }] : [] })
  outside.setActionHandler('seekbackward', () => reel.jump(-15))
  outside.setActionHandler('seekforward', () => reel.jump(15))
}
function session(): MediaSession | undefined {
  return navigator.mediaSession as MediaSession | undefined
}
