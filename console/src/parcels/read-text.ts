// Reads a file that a spreadsheet wrote: in UTF-8, or in the old encoding that Chinese ones still write.

export function readText(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes)
  return text.includes('\ufffd') ? new TextDecoder('gb18030').decode(bytes) : text
}
