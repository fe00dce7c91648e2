// WeChat's own package validator, miniprogram-ci, without a network: in a process of its own, for it forks, writes to its folder and prints.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Package } from './package.ts'

const LIMIT_MS = 120_000

export async function checkValidator({ folder }: Package): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'shuyuan-validator-'))
  try {
    // Its constructor wants a key to sign uploads with; nothing is uploaded, so any will do.
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
    writeFileSync(join(home, 'key.pem'), privateKey)
    const said = await runValidator(folder, home)
    const verdict = said.split('\n').find((line) => line.startsWith('VERDICT '))
    if (verdict === undefined) return [`miniprogram-ci ended without a verdict: ${said.trim().slice(-600)}`]
    return JSON.parse(verdict.slice('VERDICT '.length)) as string[]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function runValidator(folder: string, home: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'validating.ts'), folder], { cwd: home, env: { ...process.env, HOME: home, NODE_TEST_CONTEXT: undefined }, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('close', () => resolve(said))
  })
}
