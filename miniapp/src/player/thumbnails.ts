// The small pictures over the seek line: a WebVTT list whose every entry is a part of one sheet.
export type Thumbnail = { from: number; to: number; sheet: string; x: number; y: number; width: number; height: number }

const CUE = /([\d:.]+) --> ([\d:.]+)[^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g

export function readThumbnails(text: string, url: string): Thumbnail[] {
  return [...text.matchAll(CUE)].map(([, from = '', to = '', file = '', ...place]) => {
    const [x = 0, y = 0, width = 0, height = 0] = place.map(Number)
    return { from: secondsOf(from), to: secondsOf(to), sheet: url.replace(/[^/]*$/, file), x, y, width, height }
  })
}

function secondsOf(stamp: string): number {
  return stamp.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
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
