// Ports: the one that was asked for, or the one used last, or a free one.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { hasCode, problem } from '../problem.ts'

/** `asked` must be free, or the reader is told; otherwise the first free one of `liked`, or any. */
export async function choosePort(host: string, asked: string | undefined, liked: number[]): Promise<number> {
  if (asked !== undefined && asked !== '0') {
    const port = Number(asked)
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw problem(`PORT=${asked} is not a port: give a number from 1 to 65535, or leave it out.`)
    const cause = await tryPort(host, port)
    if (typeof cause === 'string') throw problem(cause)
    return port
  }
  for (const port of [...liked, 0]) {
    const found = await tryPort(host, port)
    if (typeof found === 'number') return found
  }
  throw problem(`No port is free on ${host}.`)
}

/** Any port that is free on this machine's own address. */
export function freePort(): Promise<number> {
  return choosePort('127.0.0.1', undefined, [])
}

async function tryPort(host: string, port: number): Promise<number | string> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (thrown) {
    if (hasCode(thrown, 'EADDRINUSE')) return `Port ${port} on ${host} is taken by another program. Stop it, or set PORT to another number, or leave PORT out.`
    if (hasCode(thrown, 'EACCES')) return `Port ${port} may only be opened by root. Set PORT to a number above 1023.`
    if (hasCode(thrown, 'EADDRNOTAVAIL')) throw problem(`HOST=${host} is not an address of this machine.`)
    throw thrown
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : port
}
