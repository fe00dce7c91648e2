// <image> and <rich-text>.
import { packageFile } from '../given.ts'
import { textOf, type Part } from './part.ts'

const fits: Record<string, string> = { aspectFill: 'cover', aspectFit: 'contain', scaleToFill: 'fill', widthFix: 'fill', heightFix: 'fill' }

export const image: Part = {
  properties: ['src', 'mode', 'lazyLoad'],
  holds: false,
  make(host, fire) {
    const inner = document.createElement('img')
    inner.alt = ''
    inner.addEventListener('load', () => fire('load', { width: inner.naturalWidth, height: inner.naturalHeight }))
    inner.addEventListener('error', () => fire('error', { errMsg: `could not load ${inner.src}` }))
    host.append(inner)
    return ({ src, mode, lazyLoad }) => {
      inner.loading = lazyLoad ? 'lazy' : 'eager'
      inner.style.objectFit = fits[textOf(mode)] ?? 'fill'
      const wanted = packageFile(textOf(src))
      if (wanted && inner.getAttribute('src') !== wanted) inner.src = wanted
    }
  },
}

/** The tags WeChat lets through; the rest it leaves out together with all scripts. */
const trusted = new Set('A ABBR ADDRESS ARTICLE ASIDE B BDI BDO BIG BLOCKQUOTE BR CAPTION CENTER CITE CODE COL COLGROUP DD DEL DIV DL DT EM FIELDSET FONT FOOTER H1 H2 H3 H4 H5 H6 HEADER HR I IMG INS LABEL LEGEND LI MARK NAV OL P PRE Q RT RUBY S SECTION SMALL SPAN STRONG SUB SUP TABLE TBODY TD TFOOT TH THEAD TR TT U UL'.split(' '))

export const richText: Part = {
  properties: ['nodes', 'space'],
  holds: false,
  make(host) {
    return ({ nodes }) => {
      const parsed = new DOMParser().parseFromString(textOf(nodes), 'text/html').body
      for (const element of parsed.querySelectorAll('*')) {
        if (!trusted.has(element.tagName)) element.remove()
        for (const { name } of element.attributes) if (!['style', 'class', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan', 'href', 'start', 'type'].includes(name)) element.removeAttribute(name)
      }
      host.replaceChildren(...parsed.childNodes)
    }
  },
}
