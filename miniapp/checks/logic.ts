// The tests of the logic behind the pages, run by vitest and told one by one.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Report = { testResults: { name: string; message: string; assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[] }
export type Tested = { what: string; complaints: string[] }

export async function testLogic(folder: string): Promise<Tested[]> {
  const report = join(folder, 'logic.json')
  const said = await run(['--reporter=json', `--outputFile=${report}`])
  const files = readReport(report)
  if (files === null || files.testResults.length === 0) return [{ what: 'logic of the pages', complaints: [said.slice(-2000)] }]
  return files.testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.split('/src/').at(-1) ?? name
    if (assertionResults.length === 0) return [{ what: file, complaints: [message || 'has no test in it'] }]
    return assertionResults.map(({ fullName, status, failureMessages }) => ({ what: `${file}: ${fullName.trim()}`, complaints: status === 'passed' ? [] : failureMessages.length > 0 ? failureMessages : [status] }))
  })
}

function run(options: string[]): Promise<string> {
  const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, 'run', ...options], { cwd: join(import.meta.dirname, '..'), env: { ...process.env, NODE_ENV: 'test', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('close', () => resolve(said))
  })
}

function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return null
  }
}
