// The browser of the end-to-end tests: the one that is here, or one that is installed now.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Debian's own where root may install it; otherwise the one inside the npm package. */
export async function findChromium(): Promise<string> {
  const given = process.env['CHROMIUM_PATH']
  if (given) return given
  const here = places.find((place) => existsSync(place))
  if (here) return here
  if (process.getuid?.() === 0 && installByApt()) return '/usr/bin/chromium'
  console.log('unpacking Chromium from npm …')
  const { default: packed } = await import('@sparticuz/chromium')
  return packed.executablePath()
}

function installByApt(): boolean {
  console.log('installing Chromium by apt-get …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], { env, encoding: 'utf8' })
  if (install().status === 0) return true
  spawnSync('apt-get', ['update'], { env })
  const second = install()
  if (second.status !== 0) console.log((second.stderr ?? second.error?.message ?? '').trim())
  return existsSync('/usr/bin/chromium')
}
