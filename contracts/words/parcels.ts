// The carriers that take parcels, with the codes that WeChat knows them by, and the classes of value added tax.

export const carriers = ['SF', 'ZTO', 'YTO', 'STO', 'YUNDA', 'JTSD', 'JD', 'EMS', 'DBL'] as const
export type Carrier = (typeof carriers)[number]

/** 增值税法 (in force since 2026-01-01): goods 13 %, books 9 %, services 6 %; what is sold together keeps its classes where its price says which part is which, else it is taxed by what it mainly is. */
export const vatBasisPoints = { goods: 1300, books: 900, services: 600, exempt: 0 } as const
export type VatClass = keyof typeof vatBasisPoints
export const vatClasses = ['goods', 'books', 'services', 'exempt'] as const

/** `北京市海淀区 学院路 1 号`: a city that is a province of its own is named once. */
export function showPlace(place: { province: string; city: string; district: string; detail: string }): string {
  const parts = [place.province, place.city, place.district].filter((part, at, all) => part !== '' && part !== all[at - 1])
  return `${parts.join('')} ${place.detail}`
}

export const parcelStates = ['waiting', 'to_ship', 'shipped', 'received', 'returned', 'cancelled'] as const
export type ParcelState = (typeof parcelStates)[number]
