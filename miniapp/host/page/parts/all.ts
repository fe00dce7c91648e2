// Every built-in component of the host.
import { definePart } from './part.ts'
import { button, scrollView, swiper, swiperItem } from './boxes.ts'
import { image, richText } from './picture.ts'
import { slider } from './slider.ts'
import { input, textarea } from './typing.ts'
import { video } from './video.ts'

export function defineParts(): void {
  const parts = { image, 'rich-text': richText, input, textarea, button, 'scroll-view': scrollView, swiper, 'swiper-item': swiperItem, slider, video }
  for (const [name, part] of Object.entries(parts)) definePart(name, part)
}
