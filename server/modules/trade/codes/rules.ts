// Decides how codes look, how they are read, and the file they leave in.

/** Crockford's letters and digits: none that is taken for another. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Sixteen letters of 5 bits each, from 16 bytes of chance. */
export function codeFrom(bytes: Uint8Array): string {
  return Array.from(bytes.slice(0, 16), (byte) => LETTERS[byte % 32]).join('')
}

/** What somebody typed, as it was printed: I and L are 1, O is 0, case and hyphens do not matter. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0')
}

/** `8F3K-01QX-77ZD-M4T9`, as it is printed. */
export function printCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-')
}

export function csvOf(rows: { code: string; redeemedAt: string | null }[]): string {
  const lines = rows.map(({ code, redeemedAt }) => `"${printCode(code)}","${redeemedAt ?? ''}"`)
  return `\ufeff${['"兑换码","兑换时间"', ...lines].join('\r\n')}\r\n`
}
