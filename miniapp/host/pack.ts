// Turns a built WeChat package into one script for a browser: templates compiled by WeChat's own compiler, styles scoped, modules wrapped.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { builtIns, isHeard, words } from './known.ts'
import { scopeStyle } from './styles.ts'

type Complaint = { level: number; isError?: boolean; message: string; startLine?: number }
type Group = { addTmpl(path: string, text: string): Complaint[]; getTmplGenObjectGroups(): string }
type Config = { component?: boolean; usingComponents?: Record<string, string> }
const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler') as { TmplGroup: new () => Group }

/** What a module of a mini program is handed, and what it must not see: there is no page and no network of a browser. */
const given = ['require', 'module', 'exports', 'wx', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages', 'global']
const hidden = ['globalThis', 'window', 'self', 'document', 'location', 'history', 'navigator', 'localStorage', 'sessionStorage', 'fetch', 'XMLHttpRequest', 'Image', 'Audio', 'Intl']

export type Packed = { script: string; faults: string[] }

export function packWeixin(folder: string): Packed {
  const files = listFiles(folder).map((file) => relative(folder, file))
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const ending = (mark: string) => files.filter((file) => file.endsWith(mark))
  const configs = Object.fromEntries(ending('.json').filter((file) => !file.startsWith('project.')).map((file) => [nameOf(file), JSON.parse(read(file)) as Config]))
  const faults: string[] = []
  const group = new TmplGroup()
  group.addTmpl('built-in/leaf', '')
  group.addTmpl('built-in/box', '<slot/>')
  for (const file of ending('.wxml')) {
    const own = { ...configs['app']?.usingComponents, ...configs[nameOf(file)]?.usingComponents }
    faults.push(...unknownTags(read(file), own).map((fault) => `${file}: ${fault}`))
    const complaints = group.addTmpl(nameOf(file), prepareTemplate(read(file), own)).filter(({ level, isError }) => level >= 3 || isError)
    faults.push(...complaints.map(({ startLine, message }) => `${file}:${startLine ?? '?'}: ${message}`))
  }
  const scopes = Object.fromEntries(Object.keys(configs).filter((path) => configs[path]?.component).map((path, at) => [path, `s${at}`]))
  const styles = Object.fromEntries(ending('.wxss').map((file) => [nameOf(file), scopeStyle(read(file), scopes[nameOf(file)])]))
  const modules = ending('.js').map((file) => `${JSON.stringify(nameOf(file))}:function(${[...given, ...hidden].join(',')}){${read(file)}\n}`)
  const data = `configs:${JSON.stringify(configs)},scopes:${JSON.stringify(scopes)},styles:${JSON.stringify(styles)}`
  return { script: `window.__package={templates:(${group.getTmplGenObjectGroups()}),${data},modules:{${modules.join(',\n')}}};`, faults }
}

function nameOf(file: string): string {
  return file.replace(/\.\w+$/, '')
}

function listFiles(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? listFiles(path) : [path]))
}

/** WeChat, too, calls its own elements `wx-view` and so on, so that they never are a browser's. */
function prepareTemplate(text: string, own: Record<string, string>): string {
  return text
    .replace(/<(\/?)([a-z][\w-]*)/g, (whole, slash: string, tag: string) => (tag in own || !(tag in builtIns) ? whole : `<${slash}wx-${tag}`))
    .replace(/ (bind|catch)(?!:)([a-z]\w*)=/g, ' $1:$2=')
}

function unknownTags(text: string, own: Record<string, string>): string[] {
  return [...text.matchAll(/<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g)].flatMap(([, tag = '', attributes = '']) => {
    if (tag in own || words.includes(tag)) return []
    if (!(tag in builtIns)) return [`<${tag}> is no element the host can play`]
    const events = [...attributes.matchAll(/ (?:bind|catch):?([a-z]\w*)=/g)].map(([, name = '']) => name)
    return events.filter((name) => !isHeard(tag, name)).map((name) => `<${tag}> never tells ${name}`)
  })
}
