// A cell of a file that spreadsheets open.

/** Quoted, and never a formula when a spreadsheet opens it: those of the East read the wide signs as well, and all skip blanks before them. */
export function csvCell(value: string): string {
  const safe = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
