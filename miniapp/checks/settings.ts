// The settings of a package: keys of each page, tab icons, privacy and what the vendor's tools would switch off.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isProjectFile, type Package } from './package.ts'
import { platforms } from './platforms.ts'

const ICON_KB = 40
const ICON_PX = 81
/** What WeChat wants declared before it may be called; a school needs none of it. */
const located = ['getLocation', 'getFuzzyLocation', 'chooseLocation', 'choosePoi', 'chooseAddress', 'startLocationUpdate', 'startLocationUpdateBackground', 'onLocationChange']

export function checkSettings(pkg: Package): string[] {
  return [...checkPageKeys(pkg), ...checkTabs(pkg), ...checkPrivacy(pkg), ...checkProject(pkg)]
}

function checkPageKeys(pkg: Package): string[] {
  const { pageKeys } = platforms[pkg.target]
  return pkg.pages.flatMap((page) => {
    const config = JSON.parse(pkg.read(`${page}.json`)) as Record<string, unknown>
    return Object.keys(config).filter((key) => !pageKeys.includes(key)).map((key) => `${page}.json: ${pkg.target} knows no "${key}"`)
  })
}

function checkTabs(pkg: Package): string[] {
  const { list, icons } = platforms[pkg.target].tabKeys
  const tabs = (pkg.app.tabBar?.[list] ?? []) as Record<string, string>[]
  if (tabs.length < 2 || tabs.length > 5) return [`app.json: ${tabs.length} tabs; there are two to five`]
  return tabs.flatMap((tab) => [
    ...(pkg.app.pages.includes(tab['pagePath'] ?? '') ? [] : [`app.json: tab ${tab['pagePath']} is no page of the main package`]),
    ...icons.flatMap((key) => checkIcon(pkg, tab[key] ?? '')),
  ])
}

function checkIcon({ folder, files }: Package, name: string): string[] {
  if (!files.includes(name)) return [`app.json: tab icon ${name} is missing`]
  const path = join(folder, name)
  const bytes = readFileSync(path)
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return [`${name} is no PNG`]
  const [width, height, size] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), statSync(path).size]
  return [
    ...(size > ICON_KB * 1024 ? [`${name} has ${size} bytes; a tab icon has at most ${ICON_KB} KB`] : []),
    ...(width !== height || width > ICON_PX * 2 ? [`${name} is ${width}×${height}; a tab icon is square and ${ICON_PX} px`] : []),
  ]
}

function checkPrivacy({ target, app }: Package): string[] {
  if (target !== 'mp-weixin') return []
  const declared = (app['requiredPrivateInfos'] ?? []) as string[]
  return [
    ...(app['__usePrivacyCheck__'] === true ? [] : ['app.json: "__usePrivacyCheck__" must be true, so that WeChat asks the learner first']),
    ...declared.filter((name) => located.includes(name)).map((name) => `app.json: ${name} is declared, and no page needs it`),
    ...(app['permission'] === undefined ? [] : ['app.json: "permission" asks for a scope, and no page needs one']),
  ]
}

/** A release is held to its own server by the platform, not only by our word. */
function checkProject(pkg: Package): string[] {
  const file = pkg.files.find((name) => isProjectFile(name) && !name.includes('private'))
  if (file === undefined) return ['there is no project file for the vendor’s tool']
  const { setting } = JSON.parse(pkg.read(file)) as { setting?: { urlCheck?: boolean } }
  const maps = pkg.ending('map').map((name) => `${name}: a source map is part of the package`)
  return setting?.urlCheck === false ? [...maps, `${file}: "urlCheck" is off`] : maps
}
