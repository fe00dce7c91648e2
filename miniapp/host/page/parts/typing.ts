// <input> and <textarea>.
import { isOn, textOf, type Part } from './part.ts'

const properties = ['value', 'type', 'password', 'placeholder', 'placeholderClass', 'placeholderStyle', 'disabled', 'maxlength', 'focus', 'autoHeight', 'confirmType', 'cursorSpacing']
const keyboards: Record<string, string> = { number: 'numeric', digit: 'decimal', idcard: 'text', text: 'text' }
/** What both hold when nobody says otherwise. */
const LONGEST = 140

export const input: Part = typing('input')
export const textarea: Part = typing('textarea')

function typing(tag: 'input' | 'textarea'): Part {
  return {
    properties,
    holds: false,
    make(host, fire) {
      const inner = document.createElement(tag)
      inner.addEventListener('input', () => fire('input', { value: inner.value, cursor: inner.selectionStart }))
      inner.addEventListener('focus', () => fire('focus', { value: inner.value }))
      inner.addEventListener('blur', () => fire('blur', { value: inner.value }))
      inner.addEventListener('keydown', (event) => {
        if ((event as KeyboardEvent).key === 'Enter' && tag === 'input') fire('confirm', { value: inner.value })
      })
      host.append(inner)
      return ({ value, type, password, placeholder, disabled, maxlength }) => {
        const most = maxlength === null || maxlength === '' ? LONGEST : Number(maxlength)
        if (most >= 0) inner.maxLength = most
        else inner.removeAttribute('maxlength')
        inner.inputMode = keyboards[textOf(type)] ?? 'text'
        if (inner instanceof HTMLInputElement) inner.type = isOn(password) ? 'password' : 'text'
        inner.placeholder = textOf(placeholder)
        inner.ariaLabel = host.getAttribute('aria-label')
        inner.disabled = isOn(disabled)
        if (value !== null && inner.value !== textOf(value)) inner.value = textOf(value)
      }
    },
  }
}
