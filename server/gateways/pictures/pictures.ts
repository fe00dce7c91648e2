// Pictures made smaller, by sharp, which is read with the first picture, not at every start.

export type Picture = { bytes: Buffer; width: number; height: number; tint: string }

export type Pictures = {
  /** A WebP at most this wide, turned upright, without the camera's notes; `tint` is its main colour as #rrggbb. */
  shrink(bytes: Buffer, width: number): Promise<Picture | { broken: string }>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    pictures: Pictures
  }
}

const MOST_PIXELS = 100_000_000

export function openPictures(): Pictures {
  return {
    async shrink(bytes, width) {
      const { default: sharp } = await import('sharp')
      try {
        const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS }).rotate().resize({ width, withoutEnlargement: true }).webp({ quality: 82 }).toBuffer({ resolveWithObject: true })
        const { dominant } = await sharp(data).stats()
        return { bytes: data, width: info.width, height: info.height, tint: `#${[dominant.r, dominant.g, dominant.b].map((part) => part.toString(16).padStart(2, '0')).join('')}` }
      } catch (error) {
        return { broken: /pixel limit/.test(String(error)) ? 'picture_too_large' : 'picture_unreadable' }
      }
    },
  }
}
