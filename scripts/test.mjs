// `npm test`: every proof there is, on a bare clone. `npm test -- unit` runs one stage.
import { runPinned } from './install.mjs'

await runPinned('scripts/test/main.ts')
