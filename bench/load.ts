// Load from this process: sockets that ask one after the other, reading bytes and keeping none.
import { connect } from 'node:net'

export type Load = { perSecond: number; bytesPerSecond: number }

/** Asks the paths in turn over so many connections; every answer must be 200 and carry its length. */
export async function load(url: string, paths: string[], seconds: number, connections = 8): Promise<Load> {
  const { hostname, port } = new URL(url)
  const began = performance.now()
  const end = began + seconds * 1000
  const told = await Promise.all(Array.from({ length: connections }, (_, at) => oneConnection(hostname, Number(port), paths, at, end)))
  const spent = (performance.now() - began) / 1000
  const sum = (pick: (one: Told) => number) => told.reduce((all, one) => all + pick(one), 0)
  return { perSecond: sum((one) => one.answers) / spent, bytesPerSecond: sum((one) => one.bytes) / spent }
}

/** Asks until so many answers have come, or a minute is over: code that runs for the first time is slow, the more of it the slower. */
export async function warmUp(url: string, paths: string[], answers: number, connections: number): Promise<void> {
  const end = performance.now() + 60_000
  for (let told = 0; told < answers && performance.now() < end; ) told += (await load(url, paths, 1, connections)).perSecond
}

type Told = { answers: number; bytes: number }

function oneConnection(host: string, port: number, paths: string[], from: number, end: number): Promise<Told> {
  return new Promise((resolve, reject) => {
    const told = { answers: 0, bytes: 0 }
    let at = from
    let head = ''
    let left = 0
    const fail = (why: string) => { socket.destroy(); reject(new Error(`${host}:${port} ${why}`)) }
    const ask = () => {
      if (performance.now() >= end) { socket.destroy(); return resolve(told) }
      head = ''
      at += 1
      socket.write(`GET ${paths[at % paths.length]} HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`)
    }
    const take = (chunk: Buffer) => {
      if (left === 0) {
        const before = head.length
        head += chunk.toString('latin1')
        const cut = head.indexOf('\r\n\r\n')
        if (cut < 0) return
        const length = /content-length: (\d+)/i.exec(head.slice(0, cut))
        if (!head.startsWith('HTTP/1.1 200') || !length) return fail(`answered ${head.slice(0, 300)}`)
        left = Number(length[1])
        told.bytes += left
        left -= chunk.length - (cut + 4 - before)
      } else left -= chunk.length
      if (left > 0) return
      told.answers += 1
      ask()
    }
    const socket = connect({ host, port, noDelay: true, onread: { buffer: Buffer.allocUnsafe(512 * 1024), callback: (length, buffer) => { take(Buffer.from(buffer.buffer, buffer.byteOffset, length)); return true } } })
    socket.on('connect', ask)
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => { if (performance.now() < end) reject(new Error(`${host}:${port} hung up`)) })
  })
}

/** The middle of an odd number of rounds, so that one disturbed round does not decide. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

export function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(0)} %`
}
