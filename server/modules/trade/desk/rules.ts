// How a cell of an exported file is written.

/** Quoted, and never a formula when a spreadsheet opens it. */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
