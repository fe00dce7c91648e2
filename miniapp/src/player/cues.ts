// Reads WebVTT: what is to be shown, from when to when.
export type Cue = { from: number; to: number; text: string }

const TIMES = /^([\d:.]+)[ \t]+-->[ \t]+([\d:.]+)/

export function readCues(list: string): Cue[] {
  return list.replace(/\r\n?/g, '\n').split(/\n{2,}/).flatMap((block) => {
    const lines = block.split('\n')
    const at = lines.findIndex((line) => TIMES.test(line))
    const [, from, to] = TIMES.exec(lines[at] ?? '') ?? []
    return from && to ? [{ from: secondsOf(from), to: secondsOf(to), text: lines.slice(at + 1).join('\n').trim() }] : []
  })
}

function secondsOf(stamp: string): number {
  return stamp.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** What stands under the picture at a moment, without the marks for voices and weights. */
export function wordsAt(cues: Cue[], seconds: number): string {
  return cues.filter(({ from, to }) => from <= seconds && seconds < to).map(({ text }) => plain(text)).join('\n')
}

const signs: Record<string, string> = { lt: '<', gt: '>', amp: '&', nbsp: '\u00a0' }
function plain(text: string): string {
  return text.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|nbsp);/g, (_whole, name: string) => signs[name] ?? '')
}
