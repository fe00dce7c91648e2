// <slider>.
import { isOn, textOf, type Part } from './part.ts'

export const slider: Part = {
  properties: ['value', 'min', 'max', 'step', 'disabled', 'showValue', 'activeColor', 'backgroundColor', 'blockColor', 'blockSize'],
  holds: false,
  make(host, fire) {
    const inner = document.createElement('input')
    inner.type = 'range'
    inner.addEventListener('input', () => fire('changing', { value: inner.valueAsNumber }))
    inner.addEventListener('change', () => fire('change', { value: inner.valueAsNumber }))
    host.append(inner)
    return ({ value, min, max, step, disabled, activeColor }) => {
      inner.min = textOf(min) || '0'
      inner.max = textOf(max) || '100'
      inner.step = textOf(step) || '1'
      inner.disabled = isOn(disabled)
      inner.style.accentColor = textOf(activeColor)
      inner.ariaLabel = host.getAttribute('aria-label')
      if (value !== null && document.activeElement !== inner) inner.value = textOf(value)
    }
  },
}
