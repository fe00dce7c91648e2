// What differs between the places a learner can be. Only this folder knows compile-time conditions.
import type { Platform, System } from '../../../contracts/words/platforms.ts'

export function platformName(): Platform {
  // #ifdef MP-WEIXIN
  return 'wechat'
  // #endif
  // #ifdef MP-TOUTIAO
  return 'douyin'
  // #endif
  // #ifdef MP-ALIPAY
  return 'alipay'
  // #endif
  // #ifdef MP-BAIDU
  return 'baidu'
  // #endif
  // #ifdef H5
  return 'h5'
  // #endif
}

const systemsByName: [RegExp, System][] = [
  [/harmony|ohos/i, 'harmony'],
  [/ios|iphone|ipad/i, 'ios'],
  [/android/i, 'android'],
  [/windows/i, 'windows'],
  [/mac/i, 'mac'],
]

function systemName(): System {
  const { platform = '', system = '' } = uni.getSystemInfoSync()
  return systemsByName.find(([pattern]) => pattern.test(`${platform} ${system}`))?.[1] ?? 'other'
}

function deviceName(): string {
  const kept: unknown = uni.getStorageSync('device')
  if (typeof kept === 'string' && kept) return kept
  const made = randomKey()
  uni.setStorageSync('device', made)
  return made
}

let name = ''
/** `h5/ios/<device>`, the header every request carries. */
export function clientName(): string {
  name ||= `${platformName()}/${systemName()}/${deviceName()}`
  return name
}

/** A key nobody else will make: for devices and for requests that must count once. */
export function randomKey(): string {
  const digit = () => Math.floor(Math.random() * 36).toString(36)
  return Date.now().toString(36) + Array.from({ length: 16 }, digit).join('')
}

/** The speed a learner chose last, on this device. */
export function rememberedSpeed(): number {
  return Number(uni.getStorageSync('speed')) || 1
}

export function rememberSpeed(speed: number): void {
  uni.setStorageSync('speed', speed)
}

/** The language of the subtitles that a learner chose last, on this device; empty when none, or none that this film has. */
export function rememberedSubtitles(offered: { language: string }[]): string {
  const kept: unknown = uni.getStorageSync('subtitles')
  return offered.find(({ language }) => language === kept)?.language ?? ''
}

export function rememberSubtitles(language: string): void {
  uni.setStorageSync('subtitles', language)
}

export function apiBase(): string {
  // #ifdef H5
  return '/api'
  // #endif
  // #ifndef H5
  return String(import.meta.env['VITE_API_URL'])
  // #endif
}

/** A picture or page address as this place can load it; the server may reply paths of its own. */
export function absolute(url: string): string {
  // #ifdef H5
  return url
  // #endif
  // #ifndef H5
  return url.startsWith('/') ? apiBase().replace(/\/api$/, '') + url : url
  // #endif
}

export const isWeb = platformName() === 'h5'

/** WeChat's own browser, where people are known to the official account. */
export function isInWechat(): boolean {
  // #ifdef H5
  return /MicroMessenger/i.test(navigator.userAgent)
  // #endif
  // #ifndef H5
  return false
  // #endif
}

export function isWide(): boolean {
  return isWeb && uni.getSystemInfoSync().windowWidth >= 760
}
