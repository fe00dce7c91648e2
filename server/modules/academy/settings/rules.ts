// What an academy is like before anybody has set anything.
import type { AcademySettings } from '#contracts/academy.ts'

export const defaultSettings: AcademySettings = {
  name: '我的书院',
  motto: '',
  introduction: '',
  logoAsset: null,
  zone: 'Asia/Shanghai',
  icpLine: '',
  supportPhone: '',
  features: { reviews: true, search: true },
  speeds: [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3],
  deviceLimit: 5,
  closeUnpaidMinutes: 30,
  receiveAfterDays: 10,
}

/** Somebody has given the academy a name of its own. */
export function hasOwnName(settings: Pick<AcademySettings, 'name'>): boolean {
  return settings.name !== defaultSettings.name
}

const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])

export function isZone(zone: string): boolean {
  return zones.has(zone)
}
