// The carriers that take parcels, with the codes that WeChat knows them by, and the classes of value added tax.

export const carriers = ['SF', 'ZTO', 'YTO', 'STO', 'YUNDA', 'JTSD', 'JD', 'EMS', 'DBL'] as const
export type Carrier = (typeof carriers)[number]

/** 增值税法 (in force since 2026-01-01): goods 13 %, books 9 %, services 6 %; what is sold together is taxed by what it mainly is. */
export const vatBasisPoints = { goods: 1300, books: 900, services: 600, exempt: 0 } as const
export type VatClass = keyof typeof vatBasisPoints
export const vatClasses = ['goods', 'books', 'services', 'exempt'] as const

export const parcelStates = ['waiting', 'to_ship', 'shipped', 'received', 'cancelled'] as const
export type ParcelState = (typeof parcelStates)[number]
