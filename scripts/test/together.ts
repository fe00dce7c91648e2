// Many test files in one process, one after the other: what they import is read and compiled once.
import { resolve } from 'node:path'
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'

for (const file of process.argv.slice(2)) describe(file, () => import(pathToFileURL(resolve(file)).href))
