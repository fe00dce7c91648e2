// What the phone draws around and over a page: title bar, tabs, toasts, dialogues and the pay sheet.
import { app, packageFile, pack } from './given.ts'

type Made = { tag?: string; name: string; text?: string; tap?: () => void }

function make({ tag = 'div', name, text = '', tap }: Made, ...inside: HTMLElement[]): HTMLElement {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  element.append(...inside)
  if (tap) element.addEventListener('click', tap)
  return element
}

const title = make({ name: 'phone-title' })
const backArrow = make({ tag: 'button', name: 'phone-back', text: '‹' })
const bar = make({ name: 'phone-bar' }, backArrow, title)
const tabs = make({ name: 'phone-tabs' })
export const stage = make({ name: 'phone-stage' })

export function drawPhone(back: () => void, choose: (path: string) => void): void {
  backArrow.addEventListener('click', back)
  for (const { pagePath, text, iconPath, selectedIconPath } of app.tabBar?.list ?? []) {
    const icons = [iconPath, selectedIconPath].map((path) => Object.assign(make({ tag: 'img', name: 'phone-icon' }), { src: packageFile(path) }))
    const tab = make({ tag: 'button', name: 'phone-tab', tap: () => choose(pagePath) }, ...icons, make({ tag: 'span', name: '', text }))
    tab.dataset['path'] = pagePath
    tabs.append(tab)
  }
  document.body.append(bar, stage, tabs)
}

/** Bars as the page at the top wants them. */
export function drawBars(path: string, isTab: boolean, canGoBack: boolean): void {
  const config = { ...app.window, ...pack.configs[path] }
  drawTitle(config.navigationBarTitleText ?? '')
  drawColors('', config.navigationBarBackgroundColor ?? '#fff')
  backArrow.hidden = !canGoBack
  tabs.hidden = !isTab
  for (const tab of tabs.children) tab.toggleAttribute('data-on', (tab as HTMLElement).dataset['path'] === path)
}

export function drawTitle(text: string): void {
  title.textContent = text
}

export function drawTab(index: number, text: string): void {
  const name = tabs.children[index]?.lastElementChild
  if (tabs.hidden || !name) throw new Error('not TabBar page')
  name.textContent = text
}

type TabDress = { color: string; selectedColor: string; backgroundColor: string }

export function drawTabs({ color, selectedColor, backgroundColor }: TabDress): void {
  if (tabs.hidden) throw new Error('not TabBar page')
  tabs.style.background = backgroundColor
  tabs.style.setProperty('--tab', color)
  tabs.style.setProperty('--tab-on', selectedColor)
}

export function drawColors(front: string, background: string): void {
  bar.style.color = front
  bar.style.background = background
}

export function drawToast(text: string): void {
  document.querySelector('.phone-toast')?.remove()
  const toast = make({ name: 'phone-toast', text })
  document.body.append(toast)
  setTimeout(() => toast.remove(), 1500)
}

/** A dialogue or sheet of buttons; resolves with the place of the button that was touched. */
export function ask(name: string, texts: string[], buttons: string[]): Promise<number> {
  return new Promise((resolve) => {
    const answer = (place: number) => () => {
      veil.remove()
      resolve(place)
    }
    const lines = texts.filter(Boolean).map((text) => make({ name: 'phone-line', text }))
    const veil = make({ name: 'phone-veil' }, make({ name }, ...lines, ...buttons.map((text, place) => make({ tag: 'button', name: 'phone-button', text, tap: answer(place) }))))
    document.body.append(veil)
  })
}
