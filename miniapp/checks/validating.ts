// The process that validator.ts starts: compiles one package with miniprogram-ci as for an upload, and prints what is wrong as JSON.
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

type Wish = { appid: string; type: 'miniProgram'; projectPath: string; privateKeyPath: string }
type Ci = {
  Project: new (wish: Wish) => object
  getCompiledResult(wish: object, out: string): Promise<object>
}
const ci = createRequire(import.meta.url)('miniprogram-ci') as Ci

/** What WeChat would answer about the account: asking it is the only thing that needs the network. */
const account = {
  platform: false, appType: 0, isSlave: false, gameApp: false, appid: 'wx1234567890abcdef', appName: 'shuyuan', appImageUrl: '', released: true,
  setting: { MaxCodeSize: 2048, MaxSubpackageSubCodeSize: 2048, MaxSubpackageFullCodeSize: 20_480, NavigateMiniprogramLimit: 10, MaxTabbarCount: 5, MinTabbarCount: 2, TabbarIconSizeLimit: 40 },
}

async function validate(folder: string): Promise<string[]> {
  const project = new ci.Project({ appid: account.appid, type: 'miniProgram', projectPath: resolve(folder), privateKeyPath: join(process.cwd(), 'key.pem') })
  Object.assign(project, { attr: () => Promise.resolve(account), attrSync: () => account })
  try {
    await ci.getCompiledResult({ project, version: '1.0.0', desc: '', setting: { es6: true, minify: false }, onProgressUpdate: () => undefined }, join(process.cwd(), 'out.zip'))
    return []
  } catch (error) {
    const { code, message } = error as { code?: number; message?: string }
    return [`miniprogram-ci ${code ?? ''}: ${String(message ?? error).replace(/\s+/g, ' ').slice(0, 600)}`]
  }
}

console.log(`VERDICT ${JSON.stringify(await validate(process.argv[2] ?? ''))}`)
process.exit(0)
