// <video>: the phone's player is the browser's, with hls.js for the playlists that a phone reads by itself.
import Hls from 'hls.js'
import { fault } from '../given.ts'
import { isOn, textOf, type Fire, type Part } from './part.ts'

/** The speeds that wx.createVideoContext(…).playbackRate documents; another one changes nothing on a phone. */
const speeds = [0.5, 0.8, 1, 1.25, 1.5, 2, 3, 4]
const players = new WeakMap<object, HTMLVideoElement>()

export const video: Part = {
  properties: ['src', 'poster', 'controls', 'autoplay', 'loop', 'muted', 'initialTime', 'objectFit', 'title', 'showFullscreenBtn', 'showCenterPlayBtn', 'showProgress', 'enableProgressGesture', 'playBtnPosition', 'pictureInPictureMode', 'showBackgroundPlaybackButton'],
  holds: true,
  make(host, fire, own) {
    const inner = document.createElement('video')
    inner.playsInline = true
    inner.setAttribute('controlslist', 'nodownload')
    host.prepend(inner)
    players.set(own as object, inner)
    retell(inner, fire)
    host.addEventListener('fullscreenchange', () => fire('fullscreenchange', { fullScreen: document.fullscreenElement === host, direction: 'vertical' }))
    let shown = ''
    let stop = () => {}
    return ({ src, poster, controls, autoplay, loop, muted, initialTime, objectFit }) => {
      inner.controls = controls === null || isOn(controls)
      inner.loop = isOn(loop)
      inner.muted = isOn(muted)
      inner.autoplay = isOn(autoplay)
      inner.style.objectFit = textOf(objectFit) || 'contain'
      if (textOf(poster)) inner.poster = textOf(poster)
      if (textOf(src) === shown) return
      shown = textOf(src)
      stop()
      stop = play(inner, shown, Number(initialTime ?? 0), fire)
    }
  },
}

function retell(inner: HTMLVideoElement, fire: Fire): void {
  inner.addEventListener('timeupdate', () => fire('timeupdate', { currentTime: inner.currentTime, duration: inner.duration }))
  inner.addEventListener('error', () => fire('error', { errMsg: inner.error?.message ?? '' }))
  for (const name of ['play', 'pause', 'ended', 'waiting', 'loadedmetadata']) inner.addEventListener(name, () => fire(name))
}

/** Replies what stops it: a list that is replaced is read no further. */
function play(inner: HTMLVideoElement, src: string, from: number, fire: Fire): () => void {
  if (!/^https?:/.test(src)) {
    fault(`<video> cannot play '${src}'`)
    return () => {}
  }
  const hls = new Hls({ startPosition: from > 0 ? from : -1 })
  hls.on(Hls.Events.ERROR, (_name, { fatal, details }) => {
    if (fatal) fire('error', { errMsg: details })
  })
  hls.loadSource(src)
  hls.attachMedia(inner)
  new MutationObserver((_changes, observer) => {
    if (inner.isConnected) return
    observer.disconnect()
    hls.destroy()
  }).observe(document.body, { childList: true, subtree: true })
  return () => hls.destroy()
}

/** A rest or another list that comes before the film has begun calls it off; a phone says nothing of it. */
function refused({ name, message }: DOMException): void {
  if (name !== 'AbortError') fault(`<video> does not play: ${message}`)
}

/** What wx.createVideoContext gives. Where it finds no element it does nothing, as on a phone; with a video on the screen that is noticed here. */
export function videoContext(id: string, find: () => object | null): object {
  const at = (act: (inner: HTMLVideoElement) => void) => () => {
    const inner = players.get(find() ?? {})
    if (inner) act(inner)
    else if (document.querySelector('wx-video')) fault(`createVideoContext('${id}') finds no <video>: inside a component it needs the component`)
  }
  return {
    play: at((inner) => void inner.play().catch(refused)),
    pause: at((inner) => inner.pause()),
    stop: at((inner) => { inner.pause(); inner.currentTime = 0 }),
    seek: (seconds: number) => at((inner) => { inner.currentTime = seconds })(),
    playbackRate: (rate: number) => at((inner) => (speeds.includes(rate) ? (inner.playbackRate = rate) : fault(`playbackRate(${rate}) is no speed of this player`)))(),
    requestBackgroundPlayback: at(({ dataset }) => (dataset['background'] = 'on')),
    requestFullScreen: at((inner) => void inner.parentElement?.requestFullscreen()),
    exitFullScreen: () => void document.exitFullscreen(),
  }
}
