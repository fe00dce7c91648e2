// The words of a search inside an SQL pattern, where they stand for themselves.

/** For `ilike`: texts that hold the words, whatever signs the words hold. */
export function holding(words: string | null): string | null {
  return words === null ? null : `%${words.replace(/[\\%_]/g, '\\$&')}%`
}
