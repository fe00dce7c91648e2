// What the page is given: the package, and the phone it runs on.
export type Config = { component?: boolean; usingComponents?: Record<string, string>; navigationBarTitleText?: string; navigationBarBackgroundColor?: string; enablePullDownRefresh?: boolean }
type TabBar = { color: string; selectedColor: string; backgroundColor: string; list: { pagePath: string; text: string; iconPath: string; selectedIconPath: string }[] }
export type AppConfig = {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  preloadRule?: Record<string, { packages: string[] }>
  window?: Config
  darkmode?: boolean
  tabBar?: TabBar
}
type Module = (...given: unknown[]) => void
export type Package = { templates: Record<string, unknown>; configs: Record<string, Config>; scopes: Record<string, string>; styles: Record<string, string>; modules: Record<string, Module> }
export type Phone = { server: string; appid: string; system: string; platform: string; launch: string; isOffline: boolean }

type Given = { __package: Package; __phone: Phone; __askWeChat: (path: string, body: object) => Promise<Record<string, unknown>> }

const given = globalThis as unknown as Given
export const pack = given.__package
export const phone = given.__phone
/** What the WeChat app on the phone does by itself; it is no page, so the test does it. */
export const askWeChat = given.__askWeChat
export const app = pack.configs['app'] as unknown as AppConfig
export const packages = (app.subPackages ?? []).map(({ root }) => root.replace(/\/$/, ''))
export const pagePaths = [...app.pages, ...(app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => `${root.replace(/\/$/, '')}/${page}`))]
export const tabPaths = (app.tabBar?.list ?? []).map(({ pagePath }) => pagePath)

/** The subpackage a file belongs to; empty for the main package. */
export function packageOf(path: string): string {
  return packages.find((root) => path.startsWith(`${root}/`)) ?? ''
}

/** Whatever must not happen is an error on the console, and every error there fails the story. */
export function fault(what: unknown): void {
  console.error(what instanceof Error ? (what.stack ?? what.message) : what)
}

/** Where the browser finds a file that the package names; addresses of elsewhere stay as they are. */
export function packageFile(path: string): string {
  return path === '' || /^(https?|data|blob):/.test(path) ? path : `/__weixin/files/${path.replace(/^\//, '')}`
}
