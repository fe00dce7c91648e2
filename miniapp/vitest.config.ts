// Tests of the logic behind the pages: the same `#ifdef` preprocessor as the builds, seen from one platform (UNI_PLATFORM, else h5).
import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

const shared = createRequire(import.meta.url)('@dcloudio/uni-cli-shared') as { initPreContext(platform: string): void; preJs(code: string, file: string): string }
shared.initPreContext(process.env['UNI_PLATFORM'] ?? 'h5')

export default defineConfig({
  plugins: [{ name: 'uni-ifdef', enforce: 'pre', transform: (code, id) => (/\/src\/.*\.ts$/.test(id) && code.includes('#if') ? { code: shared.preJs(code, id), map: null } : undefined) }],
  esbuild: { tsconfigRaw: { compilerOptions: { target: 'esnext', verbatimModuleSyntax: true } } },
  test: { include: ['src/**/*.test.ts'], setupFiles: ['checks/place.ts'], environment: 'node' },
})
