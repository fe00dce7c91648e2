// Loads the package's modules as WeChat does: a subpackage's only after it was fetched, and never across two subpackages.
import { pack, packageOf, packages } from './given.ts'

type Exports = Record<string, unknown>
type Definer = (definition: Record<string, unknown>) => unknown
export type Definers = { Page: Definer; Component: Definer; Behavior: Definer }
type Surroundings = { wx: unknown; App: Definer; getApp: () => unknown; getCurrentPages: () => unknown[] }

const loaded = new Map<string, { exports: Exports }>()
const fetched = new Set<string>([''])
const shared = {}
let definers: Definers | null = null
let around: Surroundings | null = null

export function surround(surroundings: Surroundings): void {
  around = surroundings
}

export function fetchPackage(root: string): void {
  if (root !== '' && !packages.includes(root)) throw new Error(`there is no subpackage ${root}`)
  fetched.add(root)
}

/** Runs a module while `Component` and `Page` mean the one at `path`. */
export function defineAt(path: string, given: Definers): void {
  definers = given
  load(path, packageOf(path))
  definers = null
}

export function load(path: string, from: string): Exports {
  const known = loaded.get(path)
  if (known) return known.exports
  const run = pack.modules[path]
  const owner = packageOf(path)
  if (!run) throw new Error(`module '${path}.js' is not defined`)
  if (!fetched.has(owner)) throw new Error(`module '${path}.js' is in ${owner}, which is not loaded yet`)
  if (owner !== '' && owner !== from) throw new Error(`module '${path}.js' is in ${owner} and cannot be required from ${from || 'the main package'}`)
  const module = { exports: {} as Exports }
  loaded.set(path, module)
  const { wx, App, getApp, getCurrentPages } = around ?? {}
  const now = (kind: keyof Definers) => (definition: Record<string, unknown>) => {
    if (!definers) throw new Error(`${kind}() was called where nothing is being defined`)
    return definers[kind](definition)
  }
  run((id: string) => load(resolve(path, id), owner), module, module.exports, wx, App, now('Page'), now('Component'), now('Behavior'), getApp, getCurrentPages, shared)
  return module.exports
}

export function resolve(from: string, id: string): string {
  const parts = id.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const step of id.replace(/^\//, '').split('/')) {
    if (step === '..') parts.pop()
    else if (step !== '.') parts.push(step)
  }
  return parts.join('/').replace(/\.js$/, '')
}
