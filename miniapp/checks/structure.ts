// Is the package whole: every page, component and module it names is there, its scripts and configurations parse, its tags balance.
import { dirname, join } from 'node:path'
import { parseScript, requiresOf } from './scripts.ts'
import { isProjectFile, rootOf, tagsOf, templatesOf, type Package } from './package.ts'
import { platforms } from './platforms.ts'

type Config = { component?: boolean; usingComponents?: Record<string, string> }

export function checkStructure(pkg: Package): string[] {
  return [...checkPages(pkg), ...checkConfigs(pkg), ...checkScripts(pkg), ...templatesOf(pkg).flatMap((file) => checkTags(file, pkg.read(file)))]
}

function checkPages({ target, pages, files }: Package): string[] {
  const has = new Set(files)
  const twice = pages.filter((page, at) => pages.indexOf(page) !== at).map((page) => `app.json names ${page} twice`)
  return [...twice, ...pages.flatMap((page) => ['js', 'json', platforms[target].template].map((ending) => `${page}.${ending}`)).filter((file) => !has.has(file)).map((file) => `page ${file} is missing`)]
}

function checkConfigs(pkg: Package): string[] {
  return pkg.ending('json').filter((file) => !isProjectFile(file)).flatMap((file) => {
    const config = parseJson(pkg.read(file))
    if (typeof config === 'string') return [`${file}: ${config}`]
    return Object.entries(config.usingComponents ?? {}).flatMap(([tag, id]) => checkComponent(pkg, file, tag, resolve(file, id)))
  })
}

function checkComponent(pkg: Package, file: string, tag: string, path: string): string[] {
  const missing = ['js', 'json', platforms[pkg.target].template].map((ending) => `${path}.${ending}`).filter((part) => !pkg.files.includes(part))
  if (missing.length > 0) return missing.map((part) => `${file}: <${tag}> needs ${part}, which is missing`)
  const root = rootOf(pkg, path)
  if (root !== '' && root !== rootOf(pkg, file)) return [`${file}: <${tag}> lies in another subpackage, ${root}`]
  const config = parseJson(pkg.read(`${path}.json`))
  return typeof config !== 'string' && config.component ? [] : [`${path}.json does not say "component": true`]
}

function checkScripts(pkg: Package): string[] {
  return pkg.ending('js').flatMap((file) => {
    const tree = parseScript(pkg.read(file))
    if (typeof tree === 'string') return [`${file}: ${tree}`]
    return requiresOf(tree).flatMap((id) => {
      const path = resolve(file, id).replace(/\.js$/, '')
      const root = rootOf(pkg, path)
      if (!pkg.files.includes(`${path}.js`)) return [`${file}: requires ${id}, which is missing`]
      return root !== '' && root !== rootOf(pkg, file) ? [`${file}: requires ${id} of another subpackage`] : []
    })
  })
}

function checkTags(file: string, text: string): string[] {
  const open: string[] = []
  for (const { name, isEnd, isWhole } of tagsOf(text)) {
    if (isWhole) continue
    if (!isEnd) open.push(name)
    else if (open.pop() !== name) return [`${file}: </${name}> closes nothing`]
  }
  return open.map((name) => `${file}: <${name}> is never closed`)
}

/** The reason in words when it is no JSON. */
function parseJson(text: string): Config | string {
  try {
    return JSON.parse(text) as Config
  } catch (error) {
    return (error as Error).message
  }
}

function resolve(from: string, id: string): string {
  return id.startsWith('/') ? id.slice(1) : join(dirname(from), id)
}
