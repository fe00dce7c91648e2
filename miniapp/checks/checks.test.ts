// Every checker sees the faults it is there for, and leaves a sound package alone.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { appJson, makePackage, projectFiles, server } from './fixture.ts'
import { canCompile, checkCompilers } from './compilers.ts'
import type { Package } from './package.ts'
import { targets, type Target } from './platforms.ts'
import { checkPlayed } from './played.ts'
import { checkAddresses, checkCode, checkElements, checkWords } from './rules.ts'
import { checkSettings } from './settings.ts'
import { weighFirstPage, weighPackage } from './sizes.ts'
import { checkStructure } from './structure.ts'
import { checkValidator } from './validator.ts'

type Checker = (pkg: Package) => string[] | Promise<string[]>

async function complaintsOf(look: Checker, target: Target, changes: Record<string, string>): Promise<string[]> {
  const pkg = makePackage(target, changes)
  try {
    return await look(pkg)
  } finally {
    rmSync(pkg.folder, { recursive: true })
  }
}

async function sees(look: Checker, target: Target, changes: Record<string, string>, complaint: RegExp): Promise<void> {
  const complaints = await complaintsOf(look, target, changes)
  assert.ok(complaints.some((one) => complaint.test(one)), `${complaint} is not among: ${complaints.join(' | ') || 'nothing'}`)
}

const addresses = (pkg: Package) => checkAddresses(pkg, server)

test('a sound package of each platform passes', async () => {
  for (const target of targets) {
    for (const look of [checkStructure, checkElements, checkCode, checkWords, addresses, checkSettings]) assert.deepEqual(await complaintsOf(look, target, {}), [], `${target} ${look.name}`)
  }
})

test('what is missing from a package is seen', async () => {
  await sees(checkStructure, 'mp-weixin', { 'pages/me/me.js': '' }, /page pages\/me\/me\.js is missing/)
  await sees(checkStructure, 'mp-baidu', { 'pkg-course/course.swan': '' }, /page pkg-course\/course\.swan is missing/)
  await sees(checkStructure, 'mp-alipay', { 'app.json': appJson('mp-alipay', { pages: ['pages/home/home', 'pages/me/me', 'pages/me/me'] }) }, /names pages\/me\/me twice/)
  await sees(checkStructure, 'mp-toutiao', { 'parts/line.ttml': '' }, /<line> needs parts\/line\.ttml/)
  await sees(checkStructure, 'mp-weixin', { 'parts/line.json': '{}' }, /does not say "component": true/)
  await sees(checkStructure, 'mp-weixin', { 'parts/words.js': '' }, /requires \.\.\/\.\.\/parts\/words\.js, which is missing/)
  await sees(checkStructure, 'mp-weixin', { 'pages/me/me.js': 'require("../../pkg-course/course.js");Page({})' }, /requires .* of another subpackage/)
  await sees(checkStructure, 'mp-weixin', { 'pages/me/me.json': '{' }, /me\.json: /)
})

test('scripts that an old engine cannot read, and tags that do not close, are seen', async () => {
  await sees(checkStructure, 'mp-alipay', { 'parts/words.js': 'exports.text = a ?? b' }, /words\.js: Unexpected token/)
  await sees(checkStructure, 'mp-weixin', { 'parts/line.wxml': '<view><text>一行</view>' }, /<\/view> closes nothing/)
  await sees(checkStructure, 'mp-baidu', { 'parts/line.swan': '<view>' }, /<view> is never closed/)
})

test('elements and events that a platform has not are seen', async () => {
  await sees(checkElements, 'mp-toutiao', { 'parts/line.ttml': '<div>一行</div>' }, /<div> is no element of mp-toutiao/)
  await sees(checkElements, 'mp-alipay', { 'parts/line.axml': '<button onGetPhoneNumber="go">一行</button>' }, /<button> never tells getphonenumber/)
  await sees(checkElements, 'mp-baidu', { 'parts/line.swan': '<video bindfullscreenchange="go"/>' }, /<video> never tells fullscreenchange/)
  assert.deepEqual(await complaintsOf(checkElements, 'mp-weixin', { 'parts/line.wxml': '<button open-type="getPhoneNumber" bindgetphonenumber="go">一行</button>' }), [])
})

test('calls that a platform has not, and code made from text, are seen', async () => {
  await sees(checkCode, 'mp-alipay', { 'parts/words.js': 'const e=require("x");e.index.requestVirtualPayment({})' }, /requestVirtualPayment is not known to be on mp-alipay/)
  await sees(checkCode, 'mp-toutiao', { 'parts/words.js': 'wx.login({})' }, /wx\.login is another platform's/)
  await sees(checkCode, 'mp-weixin', { 'parts/words.js': 'wx.getLocation({})' }, /getLocation is not known/)
  await sees(checkCode, 'mp-weixin', { 'parts/words.js': 'document.title="x"' }, /document is a browser's/)
  await sees(checkCode, 'mp-weixin', { 'parts/words.js': 'fetch("/x")' }, /fetch\(\) is a browser's/)
  for (const text of ['eval("1")', 'new Function("return 1")()', 'setTimeout("go()",1)']) await sees(checkCode, 'mp-baidu', { 'parts/words.js': text }, /makes code from text/)
})

test('words and addresses that have no place in a package are seen', async () => {
  await sees(checkWords, 'mp-toutiao', { 'parts/words.js': 'exports.text="请用微信扫码"' }, /says “微信”/)
  await sees(checkWords, 'mp-weixin', { 'parts/line.wxml': '<text>保过班</text>' }, /says “保过”/)
  assert.deepEqual(await complaintsOf(checkWords, 'mp-weixin', { 'parts/words.js': 'exports.text="微信一键登录"' }), [])
  await sees(addresses, 'mp-weixin', { 'parts/words.js': 'exports.base="http://127.0.0.1:3000/api"' }, /http:\/\/127\.0\.0\.1:3000\/api is not the academy's server/)
  await sees(addresses, 'mp-alipay', { 'app.acss': 'page::after{background:url(https://cdn.dcloud.net.cn/shadow-grey.png)}' }, /shadow-grey\.png/)
  assert.deepEqual(await complaintsOf(addresses, 'mp-weixin', { 'parts/words.js': `exports.base="${server}/api"` }), [])
})

test('settings that a review would send back are seen', async () => {
  await sees(checkSettings, 'mp-alipay', { 'pages/me/me.json': '{"navigationBarTitleText":"我的"}' }, /mp-alipay knows no "navigationBarTitleText"/)
  await sees(checkSettings, 'mp-weixin', { 'app.json': appJson('mp-weixin', { __usePrivacyCheck__: false }) }, /__usePrivacyCheck__/)
  await sees(checkSettings, 'mp-weixin', { 'app.json': appJson('mp-weixin', { requiredPrivateInfos: ['getLocation'] }) }, /getLocation is declared/)
  await sees(checkSettings, 'mp-weixin', { 'app.json': appJson('mp-weixin', { permission: {} }) }, /"permission" asks for a scope/)
  await sees(checkSettings, 'mp-baidu', { 'app.json': appJson('mp-baidu', { tabBar: { list: [{ pagePath: 'pages/home/home', iconPath: 'static/none.png', selectedIconPath: 'static/tab.png' }, { pagePath: 'pkg-course/course', iconPath: 'app.js', selectedIconPath: 'static/tab.png' }] } }) }, /none\.png is missing/)
  await sees(checkSettings, 'mp-toutiao', { [projectFiles['mp-toutiao']]: '{"setting":{"urlCheck":false}}' }, /"urlCheck" is off/)
  await sees(checkSettings, 'mp-weixin', { 'app.js.map': '{}' }, /source map/)
})

test('what weighs too much is seen', async () => {
  const heavy = (name: string) => complaintsOf((pkg) => weighPackage(pkg).filter(({ isGood }) => !isGood).map(({ what }) => what), 'mp-weixin', { [name]: 'x'.repeat(301 * 1024) })
  assert.deepEqual(await heavy('static.js'), ['main package 303 KB of 300'])
  assert.match((await heavy('pkg-course/more.js')).join(), /^pkg-course 30\d KB of 200$/)
  const folder = mkdtempSync(join(tmpdir(), 'shuyuan-page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets/a.js'), randomBytes(120 * 1024))
  writeFileSync(join(folder, 'index.html'), '<script src="/assets/a.js"></script>')
  assert.equal(weighFirstPage(folder).isGood, false)
  writeFileSync(join(folder, 'index.html'), '<p>no script at all</p>')
  assert.equal(weighFirstPage(folder).isGood, false)
  rmSync(folder, { recursive: true })
})

test("WeChat's compilers see a bad template, a bad expression and an open block", { skip: !canCompile }, async () => {
  assert.deepEqual(await complaintsOf(checkCompilers, 'mp-weixin', {}), [])
  await sees(checkCompilers, 'mp-weixin', { 'parts/line.wxml': '<view><text>一行</view>' }, /^wcc: /)
  await sees(checkCompilers, 'mp-weixin', { 'parts/line.wxml': '<view class="{{a +* b}}"/>' }, /^wcc: /)
  await sees(checkCompilers, 'mp-weixin', { 'pages/me/me.wxss': '.page{color:red' }, /^wcsc: /)
})

test("WeChat's validator passes a sound package, and sees a wrong setting and a script that does not parse", async () => {
  assert.deepEqual(await complaintsOf(checkValidator, 'mp-weixin', {}), [])
  await sees(checkValidator, 'mp-weixin', { 'app.json': appJson('mp-weixin', { window: 5 }) }, /miniprogram-ci .*window/)
  await sees(checkValidator, 'mp-weixin', { 'parts/words.js': 'var a = {;' }, /miniprogram-ci .*words\.js/)
})

test('the engine sees a page that throws, stays empty, or names a module that is not there', async () => {
  assert.deepEqual(await complaintsOf(checkPlayed, 'mp-weixin', {}), [])
  await sees(checkPlayed, 'mp-weixin', { 'pkg-course/course.js': 'Page({onLoad(){throw new Error("not today")}})' }, /not today/)
  await sees(checkPlayed, 'mp-weixin', { 'parts/words.js': '' }, /words\.js' is not defined/)
  await sees(checkPlayed, 'mp-weixin', { 'pages/me/me.wxml': '<view class="{{" />' }, /me\.wxml/)
  await sees(checkPlayed, 'mp-weixin', { 'pages/me/me.wxml': '<view/>' }, /pages\/me\/me stays empty/)
})
