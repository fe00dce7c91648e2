// How the console is built: to dist/, served below /console/.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  resolve: { dedupe: ['vue'], alias: { '#contracts': fileURLToPath(new URL('../contracts', import.meta.url)) } },
  build: { outDir: 'dist', chunkSizeWarningLimit: 1200 },
})
