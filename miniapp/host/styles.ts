// Styles of a mini program as a browser reads them: rpx, the element names of WeChat, and class names of a component's own.
import { builtIns } from './known.ts'

const tags = new RegExp(`(^|[\\s,>+~(])(${Object.keys(builtIns).join('|')}|page)(?![\\w-])`, 'g')

export function scopeStyle(text: string, scope: string | undefined): string {
  return text
    .replace(/(-?[\d.]+)rpx/g, (_whole, size: string) => `calc(100vw * ${size} / 750)`)
    .replace(/([^{}]+)\{/g, (_whole, selector: string) => `${selector.trim().startsWith('@') ? selector : scopeSelector(selector, scope)}{`)
}

function scopeSelector(selector: string, scope: string | undefined): string {
  const named = selector.replace(tags, '$1wx-$2')
  return scope === undefined ? named : named.replace(/\.([a-zA-Z_-][\w-]*)/g, `.${scope}--$1`)
}
