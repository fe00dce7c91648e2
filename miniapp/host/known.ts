// The built-in tags of WeChat that the host can play, and the events each of them tells. What is not here is a fault, never a guess.
const touches = ['tap', 'longpress', 'touchstart', 'touchmove', 'touchend']
const typing = ['input', 'focus', 'blur', 'confirm']

export const builtIns: Record<string, string[]> = {
  view: [],
  text: [],
  image: ['load', 'error'],
  'rich-text': [],
  input: typing,
  textarea: typing,
  button: ['getphonenumber'],
  'scroll-view': ['scroll', 'scrolltolower', 'scrolltoupper'],
  swiper: ['change'],
  'swiper-item': [],
  slider: ['change', 'changing'],
  video: ['play', 'pause', 'ended', 'timeupdate', 'waiting', 'error', 'loadedmetadata', 'fullscreenchange'],
}

/** Tags of the template language itself. */
export const words = ['block', 'slot', 'template', 'import', 'include', 'wxs']

export function isHeard(tag: string, event: string): boolean {
  return touches.includes(event) || (builtIns[tag] ?? []).includes(event)
}
