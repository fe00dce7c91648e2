// `npm start`: everything on one machine, from a bare clone to a page to open.
import { runPinned } from './install.mjs'

await runPinned('scripts/start/main.ts')
