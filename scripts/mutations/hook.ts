// Loaded before a test: puts one mutant in the place of a part of one file, as the environment names it.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const { MUTANT_FILE: file = '', MUTANT_START: start = '0', MUTANT_END: end = '0', MUTANT_TEXT: text = '' } = process.env
const place = pathToFileURL(file).href

registerHooks({
  load(url, context, next) {
    if (url !== place) return next(url, context)
    const source = readFileSync(file, 'utf8')
    return { format: 'module-typescript', source: source.slice(0, Number(start)) + text + source.slice(Number(end)), shortCircuit: true }
  },
})
