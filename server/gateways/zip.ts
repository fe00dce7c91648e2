// Finds files in a zip archive that a vendor sent, and unpacks them as streams. The library is read with the first archive, not at every start.

export type ZipFile = { name: string; sizeBytes: number; unpack(): AsyncIterable<Uint8Array> }

/** Undefined when it is not a whole archive. `script` is that of the names, which a zip does not tell. What is unpacked throws unless length and sum are as the archive says. */
export async function openZip(bytes: Uint8Array, script: string): Promise<ZipFile[] | undefined> {
  const { Uint8ArrayReader, ZipReader } = await import('@zip.js/zip.js')
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { filenameEncoding: script, checkSignature: true, useWebWorkers: false })
  try {
    const entries = await zip.getEntries()
    return entries.filter((entry) => !entry.directory).map((entry) => ({ name: entry.filename, sizeBytes: entry.uncompressedSize, unpack: () => stream((to) => entry.getData(to)) }))
  } catch {
    return undefined
  }
}

async function* stream(writeTo: (to: WritableStream<Uint8Array>) => Promise<unknown>): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  // What fails before the first byte would leave its reader waiting; whoever stops reading early leaves it to fail unheard.
  const written = writeTo(writable).catch((error: unknown) => writable.abort(error).catch(() => {}))
  yield* readable
  await written
}
