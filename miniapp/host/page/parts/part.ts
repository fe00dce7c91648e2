// How a built-in component becomes elements of the browser: made once, brought up to date whenever a property changes.
import { components as space, templateOf, space as code } from '../engine.ts'

export type Values = Record<string, unknown>
export type Fire = (name: string, detail?: object) => void
export type Part = { properties: string[]; holds: boolean; make: (host: HTMLElement, fire: Fire, own: unknown) => (values: Values) => void }
type Caller = { _$: { getBackendElement(): HTMLElement }; data: Values; triggerEvent(name: string, detail: object): void }

export function definePart(name: string, { properties, holds, make }: Part): void {
  const path = `built-in/${name}`
  const updates = new WeakMap<object, (values: Values) => void>()
  const observer = function (this: Caller) {
    updates.get(this)?.(this.data)
  }
  code.addComponentStaticConfig(path, { component: true })
  code.addCompiledTemplate(path, templateOf(holds ? 'built-in/box' : 'built-in/leaf'))
  code.componentEnv(path, ({ Component }) =>
    Component({
      properties: Object.fromEntries([...properties, 'ariaLabel', 'ariaRole'].map((key) => [key, { type: null, value: null, observer }])),
      lifetimes: {
        attached(this: Caller) {
          const host = this._$.getBackendElement()
          const draw = make(host, (event, detail = {}) => this.triggerEvent(event, detail), this)
          const update = (values: Values) => {
            label(host, values)
            draw(values)
          }
          updates.set(this, update)
          update(this.data)
        },
      },
    } as never),
  )
  space.setGlobalUsingComponent(`wx-${name}`, space.getComponentByUrl(path, ''))
}

function label(host: HTMLElement, { ariaLabel, ariaRole }: Values): void {
  if (ariaLabel) host.setAttribute('aria-label', String(ariaLabel))
  if (ariaRole) host.setAttribute('role', String(ariaRole))
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** An attribute that stands alone (`controls`) arrives as an empty string. */
export function isOn(value: unknown): boolean {
  return value === '' || value === true || value === 'true'
}
