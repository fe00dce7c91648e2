// WeChat's own compilers of templates and styles, wcc and wcsc, over a built package.
import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Package } from './package.ts'

const binaries = join(dirname(createRequire(import.meta.url).resolve('miniprogram-compiler')), 'bin/linux')

/** They come for one kind of machine only. */
export const canCompile = process.platform === 'linux' && process.arch === 'x64'

export function checkCompilers(pkg: Package): string[] {
  return [...run(pkg, 'wcc', ['-d'], pkg.ending('wxml')), ...run(pkg, 'wcsc', ['-lc'], pkg.ending('wxss'))]
}

function run({ folder }: Package, name: string, options: string[], files: string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(executable(name), [...options, ...files.map((file) => `./${file}`)], { cwd: folder, encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 })
  if (status === 0 && stdout.length > 0) return []
  return [`${name}: ${(error?.message ?? (stderr.trim() || 'said nothing')).slice(0, 600)}`]
}

/** The package forgets to mark them as programs. */
function executable(name: string): string {
  const path = join(binaries, name)
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
  return path
}
