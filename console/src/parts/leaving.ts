// What was typed and is not saved is not left behind without a question.
import { onBeforeUnmount } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { words } from '../phrases/shell.ts'
import { isSure } from './asking-text.ts'

/** For a page: `finish` is done before another page is gone to; what is unsaved after it is asked about, as it is before the tab is closed. */
export function useLeaving(isUnsaved: () => boolean, finish?: () => Promise<unknown>): void {
  const warn = (event: BeforeUnloadEvent) => {
    if (isUnsaved()) event.preventDefault()
  }
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  onBeforeRouteLeave(async () => {
    await finish?.()
    return !isUnsaved() || isSure(words.leaveAsk, words.leave)
  })
}
