// The small pictures over the seek line: a WebVTT list whose every entry is a part of one sheet.
import { readCues } from './cues'

export type Thumbnail = { from: number; to: number; sheet: string; x: number; y: number; width: number; height: number }

const PART = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/

export function readThumbnails(list: string, url: string): Thumbnail[] {
  return readCues(list).flatMap(({ from, to, text }) => {
    const [, file, ...place] = PART.exec(text) ?? []
    const [x = 0, y = 0, width = 0, height = 0] = place.map(Number)
    return file ? [{ from, to, sheet: url.replace(/[^/]*$/, file), x, y, width, height }] : []
  })
}

/** None without a list, or when it does not come: the line works without pictures. */
export async function loadThumbnails(url: string | null): Promise<Thumbnail[]> {
  if (!url) return []
  try {
    const answer = await fetch(url)
    return answer.ok ? readThumbnails(await answer.text(), url) : []
  } catch {
    return []
  }
}
