// Markup that cannot be mixed up with text: values put into a page are escaped unless they were made here.

export type Markup = { markup: string }
type Value = Markup | Markup[] | string | number | undefined

export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return { markup: parts.reduce((page, part, index) => page + render(values[index - 1]) + part) }
}

function render(value: Value): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((one) => one.markup).join('')
  if (typeof value === 'object') return value.markup
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
