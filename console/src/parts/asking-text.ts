// Asks a person: for one line of text, or whether they are sure.
import { ElMessageBox } from 'element-plus'
import { words } from '../phrases/shell.ts'

/** Undefined when they would rather not. */
export async function askText(title: string, about: string, pattern: RegExp, misfit = words.required): Promise<string | undefined> {
  const options = { confirmButtonText: words.confirm, cancelButtonText: words.cancel, inputPattern: pattern, inputErrorMessage: misfit }
  const answer: unknown = await ElMessageBox.prompt(about, title, options).catch(() => undefined)
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined
  return typeof value === 'string' ? value.trim() : undefined
}

/** `verb` is what the button says; `danger` paints it red. */
export async function isSure(question: string, verb: string, danger = true): Promise<boolean> {
  const options = { confirmButtonText: verb, cancelButtonText: words.cancel, confirmButtonClass: danger ? 'el-button--danger' : '' }
  return ElMessageBox.confirm(question, verb, options).then(() => true, () => false)
}
