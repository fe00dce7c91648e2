// Decides whether a play may still be fed, and how much of an article a trial shows.

export type PlayStanding = { expiresAt: Date; hasMember: boolean; isSessionAlive: boolean; mode: 'full' | 'trial' | 'closed' }

/** A key goes only to a live play whose session still stands and whose lesson is still open to it. */
export function mayHaveKey(play: PlayStanding, now: Date): boolean {
  if (play.expiresAt <= now || play.mode === 'closed') return false
  return !play.hasMember || play.isSessionAlive
}

/** Where a play begins, in seconds. What was seen to the end, or further than a trial goes now, begins again. */
export function resumeAt(positionSeconds: number, endSeconds: number): number {
  return positionSeconds < endSeconds - 1 ? positionSeconds : 0
}

/** Name and the tail of the id: enough to trace a leak, too little to harm the learner. */
export function watermarkText(nickname: string, member: string): string {
  return `${nickname} ${member.slice(-6)}`
}

/** The beginning of an article, cut between its top-level blocks. */
export function cutArticle(html: string, basisPoints: number): string {
  const blocks = html.split(/(?<=<\/(?:p|h[1-6]|ul|ol|blockquote|pre|figure|table)>)/)
  const wanted = (html.length * basisPoints) / 10_000
  let length = 0
  const kept = blocks.filter((block) => {
    const fits = length < wanted
    length += block.length
    return fits
  })
  return kept.join('')
}
