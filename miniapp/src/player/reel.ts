// A film or a sound on the web: a media element, fed by hls.js or by the browser where it can, and what is to be shown of it.
import { reactive } from 'vue'
import type { Play } from '../../../contracts/plays.ts'
import { rememberedSpeed, rememberedSubtitles, rememberSpeed, rememberSubtitles } from '../platform/platform'

export type Reel = ReturnType<typeof useReel>
type State = ReturnType<typeof stateOf>

/** One thing sounds at a time: whoever begins lets the other rest. */
let sounding: HTMLMediaElement | null = null

export function useReel(element: HTMLMediaElement, play: Play) {
  const state = reactive(stateOf(play))
  let stop = () => {}
  let choose: (level: number) => void = () => {}
  let isWanted = false
  listen(element, state)
  showTrack(element, state.language)
  void feed(element, play, () => (state.hasFailed = true)).then((fed) => {
    if (state.isClosed) return fed?.stop()
    // Told to play in the very task that gives it its source, an element rests for good.
    if (isWanted && element.paused) begin()
    if (!fed) return
    stop = fed.stop
    choose = fed.choose
  })

  function begin(): void {
    // A browser may want a touch first; then the button stays.
    void element.play().catch(() => undefined)
  }
  function toggle(): void {
    isWanted = element.paused
    if (isWanted) begin()
    else element.pause()
  }
  function seek(to: number): void {
    element.currentTime = Math.max(0, Math.min(state.durationSeconds, to))
  }
  function jump(by: number): void {
    seek(element.currentTime + by)
  }
  function setSpeed(speed: number): void {
    rememberSpeed(speed)
    element.playbackRate = speed
  }
  function chooseLevel(level: number): void {
    state.level = level
    choose(level)
  }
  function showSubtitles(language: string): void {
    rememberSubtitles(language)
    state.language = language
    showTrack(element, language)
  }
  function close(): void {
    state.isClosed = true
    element.pause()
    stop()
    element.removeAttribute('src')
    element.load()
    element.remove()
    if (sounding === element) sounding = null
  }
  return { element, play, state, begin, toggle, seek, jump, setSpeed, chooseLevel, showSubtitles, close }
}

function showTrack(element: HTMLMediaElement, language: string): void {
  for (const track of element.textTracks) track.mode = track.language === language ? 'showing' : 'hidden'
}

function stateOf({ positionSeconds, limitSeconds, durationSeconds, subtitles }: Play) {
  return { seconds: positionSeconds, durationSeconds: limitSeconds ?? durationSeconds, loadedSeconds: 0, isPlaying: false, isWaiting: false, hasBegun: false, hasEnded: false, hasFailed: false, isMuted: false, isClosed: false, speed: rememberedSpeed(), level: -1, language: rememberedSubtitles(subtitles) }
}

function listen(element: HTMLMediaElement, state: State): void {
  const on = (names: string, act: () => void) => names.split(' ').forEach((name) => element.addEventListener(name, () => state.isClosed || act()))
  on('timeupdate seeking', () => (state.seconds = element.currentTime))
  on('play', () => {
    if (sounding && sounding !== element) sounding.pause()
    sounding = element
    Object.assign(state, { isPlaying: true, hasBegun: true, hasEnded: false })
  })
  on('pause', () => (state.isPlaying = false))
  on('waiting seeking stalled', () => (state.isWaiting = element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA))
  on('playing canplay seeked', () => (state.isWaiting = false))
  on('ended', () => (state.hasEnded = true))
  on('volumechange', () => (state.isMuted = element.muted))
  on('ratechange', () => (state.speed = element.playbackRate))
  on('loadedmetadata', () => (element.playbackRate = rememberedSpeed()))
  on('progress timeupdate', () => {
    const { buffered, currentTime } = element
    for (let at = 0; at < buffered.length; at += 1) if (buffered.start(at) <= currentTime && currentTime <= buffered.end(at)) state.loadedSeconds = buffered.end(at)
  })
}

/** Nothing comes back where the browser plays the list by itself. */
async function feed(element: HTMLMediaElement, { manifestUrl, positionSeconds }: Play, failed: () => void) {
  const { Player: Hls } = await import('../platform/hls')
  if (!Hls.isSupported()) {
    element.src = manifestUrl
    element.addEventListener('loadedmetadata', () => (element.currentTime = positionSeconds), { once: true })
    element.addEventListener('error', failed, { once: true })
    return null
  }
  const hls = new Hls({ startPosition: positionSeconds || -1, maxBufferLength: 30 })
  hls.on(Hls.Events.ERROR, (_name, { fatal, type }) => {
    if (!fatal) return
    if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError()
    else failed()
  })
  hls.loadSource(manifestUrl)
  hls.attachMedia(element)
  // Qualities are listed by the server in the order of the playlist, so their places are hls.js's levels.
  return { stop: () => hls.destroy(), choose: (level: number) => (hls.currentLevel = level) }
}
