// What a process that a test starts has of our environment: nothing that could change what it does.
import { join } from 'node:path'

export const bareEnvironment = {
  PATH: process.env['PATH'],
  NODE_NO_WARNINGS: '1',
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', '..', '.cache', 'compiled'),
}
