// Builds the WeChat package for one server's address into a folder of its own.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const miniapp = join(import.meta.dirname, '..')

export async function buildWeixin(server: string, folder: string): Promise<void> {
  const uni = join(miniapp, '../node_modules/@dcloudio/vite-plugin-uni/bin/uni.js')
  await promisify(execFile)(process.execPath, [uni, 'build', '-p', 'mp-weixin', '--outDir', folder], { cwd: miniapp, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', VITE_API_URL: `${server}/api` } })
}
