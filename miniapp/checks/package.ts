// A built package as every checker reads it.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { platforms, type Target } from './platforms.ts'

export type Subpackage = { root: string; pages: string[] }
export type AppJson = { pages: string[]; subPackages?: Subpackage[]; tabBar?: Record<string, unknown> } & Record<string, unknown>
export type Package = { target: Target; folder: string; files: string[]; app: AppJson; pages: string[]; roots: string[]; read(file: string): string; ending(mark: string): string[] }

export function openPackage(folder: string, target: Target): Package {
  const files = listFiles(folder).map((file) => relative(folder, file)).sort()
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const app = JSON.parse(read('app.json')) as AppJson
  const subpackages = (app.subPackages ?? []).map(({ root, pages }) => ({ root: root.replace(/\/$/, ''), pages }))
  const pages = [...app.pages, ...subpackages.flatMap((one) => one.pages.map((page) => `${one.root}/${page}`))]
  return { target, folder, files, app, pages, roots: subpackages.map(({ root }) => root), read, ending: (mark) => files.filter((file) => file.endsWith(`.${mark}`)) }
}

/** The subpackage of a file; empty for the main one. */
export function rootOf({ roots }: Package, file: string): string {
  return roots.find((root) => file.startsWith(`${root}/`)) ?? ''
}

/** What the vendor's uploader leaves behind. */
export function isProjectFile(file: string): boolean {
  return file.startsWith('project.') || file === 'mini.project.json'
}

export function templatesOf(pkg: Package): string[] {
  return pkg.ending(platforms[pkg.target].template)
}

export type Tag = { name: string; isEnd: boolean; isWhole: boolean; attributes: string[] }

export function tagsOf(text: string): Tag[] {
  const found = text.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<(\/)?([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/)?>/g)
  return [...found].map(([, end, name = '', inner = '', whole]) => ({ name, isEnd: end !== undefined, isWhole: whole !== undefined, attributes: [...inner.matchAll(/([\w@:.-]+)(?:=(?:"[^"]*"|'[^']*'))?/g)].map(([, attribute = '']) => attribute) }))
}

function listFiles(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? listFiles(path) : [path]))
}
