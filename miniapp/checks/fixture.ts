// A small sound package of each platform, written to a folder, so that a test can break it in one place.
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPackage, type Package } from './package.ts'
import { platforms, type Target } from './platforms.ts'

export const server = 'https://learn.example.com'
type Files = Record<string, string>

/** `changes` replace files of the sound package; an empty text leaves the file out. */
export function makePackage(target: Target, changes: Files = {}): Package {
  const folder = mkdtempSync(join(tmpdir(), 'shuyuan-package-'))
  for (const [name, text] of Object.entries({ ...soundPackage(target), ...changes })) {
    if (text === '') continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  mkdirSync(join(folder, 'static'))
  copyFileSync(join(import.meta.dirname, '../src/static/tabs/home.png'), join(folder, 'static/tab.png'))
  return openPackage(folder, target)
}

function soundPackage(target: Target): Files {
  const { template, style } = platforms[target]
  const page = (path: string, config: object = {}): Files => ({
    [`${path}.js`]: `"use strict";const line=require("${path.startsWith('pkg') ? '..' : '../..'}/parts/words.js");Page({data:{text:line.text},go(){}})`,
    [`${path}.json`]: JSON.stringify({ usingComponents: { line: '/parts/line' }, ...config }),
    [`${path}.${template}`]: `<view class="page" ${target === 'mp-alipay' ? 'onTap' : 'bindtap'}="go">{{text}}<line/></view>`,
    [`${path}.${style}`]: '.page{color:#1f1d1a}',
  })
  return {
    'app.js': '"use strict";App({})',
    'app.json': appJson(target),
    [`app.${style}`]: 'page{font-size:16px}',
    'parts/words.js': '"use strict";exports.text="有话可说"',
    'parts/line.js': '"use strict";Component({})',
    'parts/line.json': '{"component":true}',
    [`parts/line.${template}`]: '<text>一行</text>',
    ...page('pages/home/home'),
    ...page('pages/me/me'),
    ...page('pkg-course/course'),
    [projectFiles[target]]: JSON.stringify({ appid: 'wx1234567890abcdef', compileType: 'miniprogram', setting: { urlCheck: true } }),
  }
}

export const projectFiles: Record<Target, string> = { 'mp-weixin': 'project.config.json', 'mp-toutiao': 'project.config.json', 'mp-alipay': 'mini.project.json', 'mp-baidu': 'project.swan.json' }

export function appJson(target: Target, changes: object = {}): string {
  const { list, icons } = platforms[target].tabKeys
  const tab = (pagePath: string, text: string) => ({ pagePath, text, name: text, ...Object.fromEntries(icons.map((key) => [key, 'static/tab.png'])) })
  const tabs = [tab('pages/home/home', '首页'), tab('pages/me/me', '我的')].map(({ name, text, ...rest }) => (target === 'mp-alipay' ? { ...rest, name } : { ...rest, text }))
  return JSON.stringify({
    pages: ['pages/home/home', 'pages/me/me'],
    subPackages: [{ root: 'pkg-course', pages: ['course'] }],
    tabBar: { color: '#6B665E', selectedColor: '#1F1D1A', backgroundColor: '#FFFFFF', [list]: tabs },
    ...(target === 'mp-weixin' ? { __usePrivacyCheck__: true } : {}),
    ...changes,
  })
}
