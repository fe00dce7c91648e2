// The component engine of WeChat, with the package's components in it, each defined when a page first needs it.
import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import { app, fault, pack, packageOf, type Config } from './given.ts'
import { defineAt, resolve, type Definers } from './modules.ts'

export type Instance = Record<string, unknown> & { route?: string }
type Node = { id?: string; dataset?: object }
type Told = { type: string; timeStamp: number; detail: unknown; target: Node | null; currentTarget: Node | null }

glassEasel.globalOptions.throwGlobalError = false
glassEasel.addGlobalErrorListener((error: unknown) => fault(error))

const env = new MiniProgramEnv()
export const space = env.createCodeSpace('main', true)
export const components = space.getComponentSpace()
export const backend = env.associateBackend()
components.updateComponentOptions({ useMethodCallerListeners: true })

let nodes = 0
let webview = 0
space.setOverallBehavior(
  components
    .defineBehavior({
      lifetimes: {
        created(this: Instance) {
          nodes += 1
          Object.assign(this, { __wxExparserNodeId__: nodes, __wxWebviewId__: webview })
        },
      },
    })
    .general(),
)

/** A handler gets a plain object, as across WeChat's bridge, not the engine's own event. */
const findMethod = glassEasel.Component.getMethod
Object.assign(glassEasel.Component, {
  getMethod(component: never, name: string) {
    const method = findMethod.call(glassEasel.Component, component, name) as ((...given: unknown[]) => unknown) | undefined
    return method && function (this: unknown, event: unknown, ...rest: unknown[]) {
      return method.call(this, isEvent(event) ? plain(event) : event, ...rest)
    }
  },
})

function isEvent(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'currentTarget' in value
}

function plain({ type, timeStamp, detail, target, currentTarget }: Told): object {
  const node = (one: Node | null) => ({ id: one?.id ?? '', dataset: one?.dataset ?? {} })
  return { type, timeStamp, detail, mark: {}, target: node(target), currentTarget: node(currentTarget), touches: [], changedTouches: [] }
}

export function templateOf(path: string): never {
  return { groupList: pack.templates, content: pack.templates[path] } as never
}

const defined = new Set<string>()

/** Defines a page or component and, before it, what it uses. */
export function define(path: string): void {
  if (defined.has(path)) return
  defined.add(path)
  const config = pack.configs[path] ?? {}
  for (const used of usedBy(path)) {
    if (packageOf(used) !== '' && packageOf(used) !== packageOf(path)) throw new Error(`${path} uses ${used} of another subpackage`)
    define(used)
  }
  space.addStyleSheet(path, undefined, pack.scopes[path])
  space.addComponentStaticConfig(path, { ...config, usingComponents: { ...app.window?.usingComponents, ...config.usingComponents } } as never)
  if (pack.templates[path]) space.addCompiledTemplate(path, templateOf(path))
  space.componentEnv(path, (given) => defineAt(path, withGlobalClass(path, config, given as unknown as Definers)))
}

function usedBy(path: string): string[] {
  return Object.values(pack.configs[path]?.usingComponents ?? {}).map((id) => resolve(path, id))
}

/** WeChat reads `addGlobalClass` from the definition; the engine's adapter reads it from the JSON beside it. */
function withGlobalClass(path: string, config: Config, given: Definers): Definers {
  return {
    ...given,
    Component(definition) {
      const { addGlobalClass } = (definition['options'] ?? {}) as { addGlobalClass?: boolean }
      if (config.component && addGlobalClass) space.addComponentStaticConfig(path, { ...config, addGlobalClass } as never)
      return given.Component(definition)
    },
  }
}

/** The page's styles in WeChat's order: the app's, those of the components, the page's. */
export function stylesOf(path: string): string {
  const seen = new Set<string>()
  const visit = (one: string) => {
    if (seen.has(one)) return
    usedBy(one).forEach(visit)
    seen.add(one)
  }
  visit(path)
  return ['app', ...seen].map((one) => pack.styles[one] ?? '').join('\n')
}

export function nextWebview(): number {
  webview += 1
  return webview
}

export function tell(element: unknown, name: string, detail: object, bubbles: boolean): void {
  glassEasel.Event.dispatchEvent(element as never, new glassEasel.Event(name, detail, { bubbles, composed: bubbles }))
}
