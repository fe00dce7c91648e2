// `npm run operate -- …`: what only whoever runs the machine may do.
import { runPinned } from './install.mjs'

await runPinned('scripts/operate.ts')
