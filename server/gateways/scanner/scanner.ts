// The virus scanner of the operator's choice: any program that ends with 0 for a clean file, as clamdscan does.
import { spawn } from 'node:child_process'

export type Scanner = {
  /** Runs the command with the path as its last word. Without a command every file is clean; a scanner that cannot run finds none clean. */
  isClean(path: string): Promise<boolean>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    scanner: Scanner
  }
}

const MOST_SECONDS = 600

export function openScanner(command: string | undefined): Scanner {
  const [program, ...words] = command?.trim().split(/\s+/) ?? []
  return {
    isClean(path) {
      if (!program) return Promise.resolve(true)
      return new Promise((resolve) => {
        const child = spawn(program, [...words, path], { stdio: 'ignore', timeout: MOST_SECONDS * 1000 })
        child.on('error', () => resolve(false))
        child.on('close', (code) => resolve(code === 0))
      })
    },
  }
}
