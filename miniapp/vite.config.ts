// One code base, five targets: H5 and the mini programs of WeChat, Douyin, Alipay and Baidu.
import Optimization from '@uni-ku/bundle-optimizer'
import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

// The plugin is CommonJS: under "type":"module" its function arrives as `.default`.
const uni = ((uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule) as typeof uniModule
const HOME_CHUNK = 'pages-home-home'

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

export default defineConfig({
  plugins: [uni(), ...(process.env['UNI_PLATFORM'] === 'h5' ? [] : [Optimization({ enable: { optimization: true, 'async-import': true }, dts: false } as never)]), minifyAlipay(), dropShadowPreload(), preloadHome()],
  esbuild: { tsconfigRaw: { compilerOptions: { target: 'esnext', verbatimModuleSyntax: true } } },
  build: { target: 'es2015', sourcemap: false },
})
