// <button>, <scroll-view>, <swiper> and <swiper-item>: boxes that hold other elements.
import { ask } from '../bars.ts'
import { askWeChat } from '../given.ts'
import { isOn, textOf, type Fire, type Part } from './part.ts'

export const button: Part = {
  properties: ['type', 'size', 'plain', 'disabled', 'loading', 'openType', 'hoverClass', 'formType'],
  holds: true,
  make(host, fire) {
    host.setAttribute('role', 'button')
    let opens = ''
    host.addEventListener('click', () => {
      if (opens === 'getPhoneNumber') void tellPhone(fire)
    })
    return ({ disabled, openType }) => {
      opens = textOf(openType)
      host.toggleAttribute('inert', isOn(disabled))
    }
  },
}

async function tellPhone(fire: Fire): Promise<void> {
  const place = await ask('phone-sheet', ['申请获取你的手机号'], ['允许', '不允许'])
  if (place !== 0) return fire('getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' })
  const { code } = await askWeChat('phone', {})
  fire('getphonenumber', { code, errMsg: 'getPhoneNumber:ok' })
}

export const scrollView: Part = {
  properties: ['scrollX', 'scrollY', 'scrollTop', 'scrollLeft', 'scrollWithAnimation', 'lowerThreshold', 'upperThreshold', 'enableFlex', 'showScrollbar'],
  holds: true,
  make(host, fire) {
    let lower = 50
    host.addEventListener('scroll', () => {
      fire('scroll', { scrollTop: host.scrollTop, scrollLeft: host.scrollLeft, scrollHeight: host.scrollHeight, scrollWidth: host.scrollWidth })
      if (host.scrollHeight - host.scrollTop - host.clientHeight <= lower && host.scrollTop > 0) fire('scrolltolower', { direction: 'bottom' })
    })
    return ({ scrollX, scrollY, scrollTop, scrollLeft, lowerThreshold }) => {
      lower = Number(lowerThreshold ?? 50)
      host.style.overflowX = isOn(scrollX) ? 'auto' : 'hidden'
      host.style.overflowY = isOn(scrollY) ? 'auto' : 'hidden'
      if (scrollTop !== null) host.scrollTop = Number(scrollTop)
      if (scrollLeft !== null) host.scrollLeft = Number(scrollLeft)
    }
  },
}

export const swiper: Part = {
  properties: ['current', 'indicatorDots', 'autoplay', 'interval', 'duration', 'circular', 'vertical'],
  holds: true,
  make(host, fire) {
    let shown = 0
    host.addEventListener('scrollend', () => {
      const current = Math.round(host.scrollLeft / host.clientWidth)
      if (current !== shown) fire('change', { current, source: 'touch' })
      shown = current
    })
    return ({ current }) => {
      if (current === null || Number(current) === shown) return
      shown = Number(current)
      host.scrollTo({ left: shown * host.clientWidth })
    }
  },
}

export const swiperItem: Part = { properties: ['itemId'], holds: true, make: () => () => undefined }
