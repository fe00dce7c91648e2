// What <rich-text> takes: text with tags nearly everywhere, a tree of nodes at Alipay, which shows nothing of a text.
export type Node = { type: 'text'; text: string } | { type: 'node'; name: string; attrs: Record<string, string>; children: Node[] }

const childless = new Set(['br', 'hr', 'img', 'col'])
const marks: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' }

export function richNodes(html: string): string | Node[] {
  // #ifdef MP-ALIPAY
  return treeOf(html)
  // #endif
  // #ifndef MP-ALIPAY
  return html
  // #endif
}

/** The server has cleaned the text: its tags are known ones and each is closed. */
export function treeOf(html: string): Node[] {
  const top: Node[] = []
  const open = [top]
  for (const [, end, name = '', inner = '', text = ''] of html.matchAll(/<(\/)?([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>|([^<]+)/g)) {
    const here = open[open.length - 1] ?? top
    if (text) here.push({ type: 'text', text: readMarks(text) })
    else if (end) open.splice(Math.max(1, open.length - 1))
    else {
      const children: Node[] = []
      here.push({ type: 'node', name, attrs: attrsOf(inner), children })
      if (!childless.has(name)) open.push(children)
    }
  }
  return top
}

function attrsOf(inner: string): Record<string, string> {
  return Object.fromEntries([...inner.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, readMarks(value)]))
}

function readMarks(text: string): string {
  return text.replace(/&(#39|[a-z]+);/g, (whole, name: string) => marks[name] ?? whole)
}
