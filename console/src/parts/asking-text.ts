// Asks a person for one line of text; undefined when they would rather not.
import { ElMessageBox } from 'element-plus'
import { words } from '../phrases/shell.ts'

export async function askText(title: string, about: string, pattern: RegExp): Promise<string | undefined> {
  const options = { confirmButtonText: words.confirm, cancelButtonText: words.cancel, inputPattern: pattern, inputErrorMessage: words.required }
  const answer: unknown = await ElMessageBox.prompt(about, title, options).catch(() => undefined)
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined
  return typeof value === 'string' ? value.trim() : undefined
}
