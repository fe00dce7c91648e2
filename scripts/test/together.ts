// Many test files in a few processes: what they import is read and compiled once. Each takes the next file when it is done with one; `together.ts FOLDER FILES…`, where the folder keeps what is taken.
import { AsyncResource } from 'node:async_hooks'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, describe } from 'node:test'
import { pathToFileURL } from 'node:url'

const [folder = '', ...files] = process.argv.slice(2)

function takeNext(): string | undefined {
  return files.find((_file, at) => isMine(join(folder, String(at))))
}

/** Whoever makes the mark has the file. */
function isMine(mark: string): boolean {
  try {
    writeFileSync(mark, '', { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Bound to the outermost place, or the next file would belong to the one before it. */
const testNext = AsyncResource.bind(() => {
  const file = takeNext()
  if (file === undefined) return
  describe(file, () => {
    after(testNext)
    return import(pathToFileURL(resolve(file)).href)
  })
})

testNext()
