// Light or dark: as the operator chose, else as their machine asks.
import { ref } from 'vue'

export type Theme = 'light' | 'dark'

const KEY = 'shuyuan.theme'
const asked = window.matchMedia('(prefers-color-scheme: dark)')

export const theme = ref<Theme>('light')

function chosen(): Theme | undefined {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : undefined
}

function wear(): void {
  theme.value = chosen() ?? (asked.matches ? 'dark' : 'light')
  document.documentElement.dataset['theme'] = theme.value
}

export function startTheme(): void {
  wear()
  asked.addEventListener('change', wear)
}

export function changeTheme(next: Theme): void {
  localStorage.setItem(KEY, next)
  wear()
}
