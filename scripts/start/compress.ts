// Built files beside themselves in smaller form, so that the server compresses nothing while somebody waits.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const smallestBytes = 1024

/** Writes `x.js.br` and `x.js.gz` for every text file below the folder that is worth it. */
export async function compressFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.(js|css|svg|json|html)$/.test(name)) continue
    const path = join(folder, name)
    const bytes = await readFile(path)
    if (bytes.length < smallestBytes) continue
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes))
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
  }
}
