// Decides about chapters and lessons, and cleans what authors write.
import { marked } from 'marked'
import sanitize from 'sanitize-html'

/** HTML of authors without script, style, frames or handlers; links open apart, pictures load late. */
export function cleanHtml(html: string): string {
  return sanitize(html, {
    allowedTags: ['p', 'br', 'h2', 'h3', 'h4', 'strong', 'em', 'u', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'img', 'figure', 'figcaption', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    allowedAttributes: { a: ['href', 'title', 'rel', 'target'], img: ['src', 'alt', 'width', 'height', 'loading'], th: ['colspan', 'rowspan'], td: ['colspan', 'rowspan'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: { a: sanitize.simpleTransform('a', { rel: 'noopener nofollow', target: '_blank' }), img: sanitize.simpleTransform('img', { loading: 'lazy' }), h1: 'h2', del: 's' },
  })
}

export function markdownToHtml(markdown: string): { html: string } {
  return { html: cleanHtml(marked.parse(markdown, { async: false })) }
}

/** True when a drag result names exactly the chapters and lessons that are there. */
export function isSameSet(before: string[], after: string[]): boolean {
  return before.length === after.length && new Set(after).size === after.length && after.every((id) => before.includes(id))
}

/** A lesson has something to learn from: an article its words, anything else a file that was made ready. */
export function isReady(lesson: { kind: string; articleHtml: string; asset: string | null }, assets: Map<string, { state: string }>): boolean {
  return lesson.kind === 'article' ? lesson.articleHtml.trim() !== '' : lesson.asset !== null && assets.get(lesson.asset)?.state === 'ready'
}
