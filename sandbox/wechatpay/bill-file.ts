// How a bill is written: a byte order mark, a header without backticks, rows whose every cell starts with one, a summary.

/** The header, the rows, and the totals under their own header; lines end as on Windows. */
export function writeBill(columns: string[], rows: string[][], totals: [name: string, value: string][]): string {
  const lines = [columns.join(','), ...rows.map(writeRow), totals.map(([name]) => name).join(','), writeRow(totals.map(([, value]) => value))]
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

function writeRow(cells: string[]): string {
  return cells.map((cell) => `\`${cell.replace(/[\r\n`]/g, ' ')}`).join(',')
}

/** Bills speak yuan. */
export function yuan(cents: number, decimals = 2): string {
  return (cents / 100).toFixed(decimals)
}

/** `2026-11-21 09:05:00`, from the instants that the sandbox keeps in Beijing time. */
export function billTime(at: string): string {
  return at.slice(0, 19).replace('T', ' ')
}
