// One code base, five targets: H5 and the mini programs of WeChat, Douyin, Alipay and Baidu.
import Optimization from '@uni-ku/bundle-optimizer'
import uniModule from '@dcloudio/vite-plugin-uni'
import type { NodeTransform } from '@vue/compiler-core'
import { defineConfig, type Plugin } from 'vite'

// The plugin is CommonJS: under "type":"module" its function arrives as `.default`.
const uni = ((uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule) as typeof uniModule
const HOME_CHUNK = 'pages-home-home'

/** A mini program has no address of its own: which server it asks is part of the package, and a platform lets through nothing but https. */
function requireServer(): Plugin {
  return {
    name: 'mp-require-server',
    config: () => {
      const [platform, server = ''] = [process.env['UNI_PLATFORM'], process.env['VITE_API_URL']]
      if (platform === 'h5' || /^(https:\/\/[^/]+|http:\/\/127\.0\.0\.1:\d+)\/api$/.test(server)) return
      throw new Error(`VITE_API_URL must be the address of the academy's server, as in https://learn.example.com/api; it is '${server}'`)
    },
  }
}

/** uni-app turns terser's compress and mangle off for Alipay, which doubles the package. Put them back. */
function minifyAlipay(): Plugin {
  return {
    name: 'mp-alipay-minify',
    enforce: 'post',
    config: () =>
      process.env['UNI_PLATFORM'] === 'mp-alipay' && process.env['NODE_ENV'] === 'production'
        ? { build: { terserOptions: { compress: {}, mangle: true } } }
        : undefined,
  }
}

/** uni-app loads an image from *.dcloud.net.cn: by a ::after rule, in WeChat by a call three seconds after the start. Remove both: who learns here is nobody else's business. */
function dropShadowPreload(): Plugin {
  const rules = [
    /(?:page|body):{1,2}after\{[^}]*shadow-preload[^}]*\}/g,
    /@(?:-webkit-)?keyframes shadow-preload\{(?:[^{}]*\{[^{}]*\})*\}/g,
  ]
  const preload = /!function\(\)\{if\(\w+\(wx\.preloadAssets\)\)\{.*?shadow-grey\.png"\}\]\}\)\}\),3e3\)\}\}\(\),/
  return {
    name: 'drop-shadow-preload',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = file.code.replace(preload, '')
        if (file.type !== 'asset' || typeof file.source !== 'string') continue
        for (const rule of rules) file.source = file.source.replace(rule, '')
      }
    },
  }
}

/** H5: let the browser fetch the home page's chunks together with the entry, not after it has run. */
function preloadHome(): Plugin {
  return {
    name: 'h5-preload-home',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        if (!bundle) return []
        const home = Object.values(bundle).find((c) => c.type === 'chunk' && c.fileName.includes(HOME_CHUNK))
        if (!home || home.type !== 'chunk') return []
        const js = [home.fileName, ...home.imports].filter((f) => !(bundle[f]?.type === 'chunk' && bundle[f].isEntry))
        const css = js.flatMap((f) => { const c = bundle[f]; return c?.type === 'chunk' ? [...(c.viteMetadata?.importedCss ?? [])] : [] })
        return [
          ...js.map((f) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: '', href: `/${f}` }, injectTo: 'head' as const })),
          ...css.map((f) => ({ tag: 'link', attrs: { rel: 'stylesheet', crossorigin: '', href: `/${f}` }, injectTo: 'head' as const })),
        ]
      },
    },
  }
}

/**
 * Starts the app once the first picture that came with the page is painted, for on a slow processor its start would stand in the way; no picture is waited
 * for longer than a second and a half. Style sheets that the server made wait for nobody (its first screen has its own) count from here on, and before the app.
 */
const begin = `
      const sheets = [...document.querySelectorAll('link[media=print]')]
      const loaded = (link) => link.sheet || new Promise((done) => { link.onload = link.onerror = done })
      const begin = () => Promise.all(sheets.map(loaded)).then(() => {
        for (const link of sheets) link.media = 'all'
        return import('ENTRY')
      })
      const picture = document.querySelector('#first-screen img')
      const soon = () => requestAnimationFrame(() => setTimeout(begin))
      if (!picture) begin()
      else {
        if (picture.complete) soon()
        picture.addEventListener('load', soon)
        picture.addEventListener('error', begin)
        setTimeout(begin, 1500)
      }
    `

/** H5: the entry is fetched with the page, and run by the script above. */
function startAfterPicture(): Plugin {
  return {
    name: 'h5-start-after-picture',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const entry = /<script type="module" crossorigin src="([^"]+)"><\/script>/.exec(html)
        if (!bundle || !entry) return html
        return html
          .replace(entry[0], () => `<link rel="modulepreload" crossorigin href="${entry[1]}">`)
          .replace('</body>', () => `  <script>${begin.replace('ENTRY', entry[1] ?? '')}</script>\n  </body>`)
      },
    },
  }
}

/** H5: what has a role of something to act on can be reached by Tab; a `<view>` alone cannot. */
const reachable: NodeTransform = (node) => {
  if (node.type !== 1 || process.env['UNI_PLATFORM'] !== 'h5') return
  const role = node.props.find((prop) => prop.type === 6 && prop.name === 'role')
  const isActedOn = role?.type === 6 && ['button', 'link', 'checkbox', 'radio'].includes(role.value?.content ?? '')
  if (!isActedOn || node.props.some((prop) => prop.type === 6 && prop.name === 'tabindex')) return
  const { loc } = node
  node.props.push({ type: 6, name: 'tabindex', nameLoc: loc, value: { type: 2, content: '0', loc }, loc })
}

export default defineConfig({
  plugins: [uni({ vueOptions: { template: { compilerOptions: { nodeTransforms: [reachable] } } } }), ...(process.env['UNI_PLATFORM'] === 'h5' ? [] : [Optimization({ enable: { optimization: true, 'async-import': true }, dts: false } as never)]), requireServer(), minifyAlipay(), dropShadowPreload(), preloadHome(), startAfterPicture()],
  esbuild: { tsconfigRaw: { compilerOptions: { target: 'esnext', verbatimModuleSyntax: true } } },
  build: { target: 'es2015', sourcemap: false },
})
