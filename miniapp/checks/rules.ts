// What a platform's review would send back: elements, functions and settings it does not know, words it forbids, code from text, open addresses.
import { isProjectFile, tagsOf, templatesOf, type Package } from './package.ts'
import { platforms, touches } from './platforms.ts'
import { nameOf, nodesOf, parseScript, textOf } from './scripts.ts'

/** The framework's own runtime: it asks before it uses what may not be there. */
const isRuntime = (file: string) => file === 'common/vendor.js'
const browserOnly = new Set(['window', 'document', 'location', 'history', 'navigator', 'localStorage', 'sessionStorage', 'fetch', 'XMLHttpRequest', 'WebSocket', 'Image', 'Audio', 'URL', 'URLSearchParams', 'AbortController'])
/** Where the runtime's texts point to; nothing asks there. */
const harmless = /^https:\/\/(vuejs\.org\/error-reference|uniapp\.dcloud\.(io|net\.cn)\/(api|tutorial))\//

export function checkElements(pkg: Package): string[] {
  const { elements } = platforms[pkg.target]
  const ofApp = Object.keys((pkg.app['usingComponents'] as object | undefined) ?? {})
  return templatesOf(pkg).flatMap((file) => {
    const config = JSON.parse(pkg.read(file.replace(/\.\w+$/, '.json'))) as { usingComponents?: object }
    const own = new Set([...ofApp, ...Object.keys(config.usingComponents ?? {})])
    return tagsOf(pkg.read(file)).filter(({ name, isEnd }) => !isEnd && !own.has(name)).flatMap(({ name, attributes }) => {
      const known = elements[name]
      if (!known) return [`${file}: <${name}> is no element of ${pkg.target}`]
      return attributes.flatMap(eventOf).filter((event) => !touches.includes(event) && !known.includes(event)).map((event) => `${file}: <${name}> never tells ${event}`)
    })
  })
}

/** `bindtap`, `bind:tap`, `catchtap` and Alipay's `onTap` are one event. */
function eventOf(attribute: string): string[] {
  const [, name] = /^(?:capture-)?(?:bind|catch):?([a-z]+)$/.exec(attribute) ?? /^(?:on|catch)([A-Z]\w*)$/.exec(attribute) ?? []
  return name === undefined ? [] : [name.toLowerCase()]
}

export function checkCode(pkg: Package): string[] {
  return pkg.ending('js').flatMap((file) => {
    const tree = parseScript(pkg.read(file))
    if (typeof tree === 'string') return [`${file}: ${tree}`]
    const complaints = new Set<string>()
    for (const node of nodesOf(tree)) {
      if ((node.type === 'NewExpression' || node.type === 'CallExpression') && isMadeFromText(nameOf(node.callee), node.arguments.map(textOf))) complaints.add(`${file}: makes code from text`)
      if (node.type === 'MemberExpression' && !isRuntime(file)) complaints.add(complainOfApi(pkg, file, nameOf(node)))
      if (node.type === 'MemberExpression' && !isRuntime(file) && node.object.type === 'Identifier' && browserOnly.has(node.object.name)) complaints.add(`${file}: ${node.object.name} is a browser's, not a mini program's`)
      if (node.type === 'CallExpression' && !isRuntime(file) && browserOnly.has(nameOf(node.callee))) complaints.add(`${file}: ${nameOf(node.callee)}() is a browser's, not a mini program's`)
    }
    return [...complaints].filter((complaint) => complaint !== '')
  })
}

function isMadeFromText(callee: string, texts: string[]): boolean {
  if (callee === 'eval' || callee.endsWith('.eval')) return true
  if (callee === 'Function') return texts.some((text) => text !== '' && text !== 'return this')
  return (callee === 'setTimeout' || callee === 'setInterval') && (texts[0] ?? '') !== ''
}

/** `vendor.index.x` is the framework's call, `wx.x` the platform's own. */
function complainOfApi({ target }: Package, file: string, name: string): string {
  const { apis, global } = platforms[target]
  const [owner = '', middle = '', deep = ''] = name.split('.')
  const asked = middle === 'index' ? deep : Object.values(platforms).some((one) => one.global === owner) ? middle : ''
  if (asked === '' || /^create(App|Page|Component|SubpackageApp|PluginApp)$/.test(asked)) return ''
  if (middle !== 'index' && owner !== global) return `${file}: ${owner}.${asked} is another platform's`
  return apis.includes(asked) ? '' : `${file}: ${asked} is not known to be on ${target}`
}

export function checkWords(pkg: Package): string[] {
  const { forbidden, template } = platforms[pkg.target]
  return [...pkg.ending('js'), ...pkg.ending('json'), ...pkg.ending(template)].filter((file) => !isRuntime(file) && !isProjectFile(file)).flatMap((file) => {
    const text = pkg.read(file)
    return forbidden.flatMap((words) => {
      const found = words.exec(text)
      return found ? [`${file}: says “${found[0]}” in “${text.slice(Math.max(0, found.index - 12), found.index + 18)}”`] : []
    })
  })
}

/** One server over https, and nobody else. */
export function checkAddresses(pkg: Package, server: string): string[] {
  return pkg.files.filter((file) => /\.(js|json|wxml|ttml|axml|swan|wxss|ttss|acss|css)$/.test(file) && !isProjectFile(file)).flatMap((file) => {
    const found = [...pkg.read(file).matchAll(/(?:https?|wss?):\/\/[^\s"'`)\\,]+/g)].map(([address]) => address)
    return [...new Set(found)].filter((address) => !address.startsWith(`${server}/`) && !harmless.test(address)).map((address) => `${file}: ${address} is not the academy's server`)
  })
}
