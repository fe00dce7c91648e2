// Stands between the server and its neighbours: PostgreSQL on one side, HTTP on the other; tells a gate of every statement and call that passes.
import { createServer as createHttpServer, request as askHttp, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import pg from 'pg'
import type { Gate } from './points.ts'

export type Proxy = { port: number; stop(): Promise<void> }

/** Speaks enough of PostgreSQL's protocol to know each statement of the product by its text, and when it was done. */
export async function proxyDatabase(url: string, gate: Gate): Promise<Proxy> {
  const names = new Map<string, string>()
  const open = new Set<Socket>()
  const { host, port } = new pg.Client({ connectionString: url })
  const server = createServer((client) => {
    const database = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    const pending: (string | undefined)[] = []
    const passes = (what: string | undefined, side: 'before' | 'after') => what === undefined || gate.crosses(what, side)
    const asked = (what: string | undefined) => {
      pending.push(what)
      return passes(what, 'before')
    }
    pipe(client, database, cutMessages(true, openReader(names), asked))
    pipe(database, client, cutMessages(false, (type) => (type === 'Z' ? {} : 'pass'), () => passes(pending.shift(), 'after')))
    for (const socket of [client, database]) open.add(socket.on('close', () => open.delete(socket)))
  })
  return { port: await listen(server), stop: () => stop(server, () => open.forEach((socket) => socket.destroy())) }
}

/** Ends both when either ends, as a dead process's connections do; what the filter keeps back never arrives. */
function pipe(from: Socket, to: Socket, filter: (bytes: Buffer) => Buffer): void {
  from.on('data', (bytes: Buffer) => {
    const passed = filter(bytes)
    if (passed.length > 0 && !to.destroyed) to.write(passed)
  })
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
}

/** `more`: the request goes on with the next message. `pass`: not part of one. Otherwise a request ends here, with its name if it is the product's. */
type Judged = 'more' | 'pass' | { what?: string | undefined }

/** Cuts a stream into messages and holds each request back until it is whole and `goesOn` lets it pass. */
function cutMessages(hasStartup: boolean, judge: (type: string, bytes: Buffer) => Judged, goesOn: (what: string | undefined) => boolean): (bytes: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0)
  let head = hasStartup ? 0 : 1
  let held: Buffer[] = []
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const passed: Buffer[] = []
    while (rest.length >= head + 4 && rest.length >= head + rest.readInt32BE(head)) {
      const message = rest.subarray(0, head + rest.readInt32BE(head))
      const judged = head === 0 ? 'pass' : judge(String.fromCharCode(message[0] ?? 0), message)
      rest = rest.subarray(message.length)
      head = 1
      held.push(message)
      if (judged === 'more') continue
      if (judged === 'pass' || goesOn(judged.what)) passed.push(...held)
      held = []
    }
    return Buffer.concat(passed)
  }
}

/** Reads a connection's requests. The product's statements are prepared under a name; what is not, is the job queue's own. */
function openReader(names: Map<string, string>): (type: string, bytes: Buffer) => Judged {
  let current: string | undefined
  return (type, bytes) => {
    if (type === 'P') {
      const [name = '', text = ''] = bytes.subarray(5).toString('utf8').split('\0')
      if (name !== '') names.set(name, shorten(text))
      current = names.get(name)
    }
    if (type === 'B') current = names.get(bytes.subarray(5).toString('latin1').split('\0')[1] ?? '')
    if (type === 'Q') return { what: ['begin', 'commit', 'rollback'].find((word) => word === bytes.subarray(5, -1).toString('utf8')) }
    if (type === 'S') return { what: current }
    return 'PBDEC'.includes(type) ? 'more' : 'pass'
  }
}

/** Enough of a statement to be read and to be told from the others. */
function shorten(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  const table = /(?:from|into|update)\s+([\w.]+)/i.exec(flat)?.[1] ?? ''
  return `${flat.split(' ')[0]?.toLowerCase()} ${table} #${[...flat].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 7).toString(36)}`
}

/** Passes requests on to `target()`; while nobody is there the caller's connection breaks, as it does in life. */
export async function proxyHttp(target: () => string, direction: 'in' | 'out', gate: Gate): Promise<Proxy> {
  const server = createHttpServer((request, response) => void passRequest(request, response, target(), (side) => gate.crosses(callName(direction, request), side)))
  return { port: await listen(server), stop: () => stop(server, () => server.closeAllConnections()) }
}

function callName(direction: string, request: IncomingMessage): string {
  const path = (request.url ?? '').split('?')[0] ?? ''
  return `${direction} ${request.method} ${path.replace(/(ord|pay|ofr)_\w+/g, ':$1').replace(/\/(S\d{18}A\w+|R\w{20,})/g, '/:number')}`
}

async function passRequest(request: IncomingMessage, response: ServerResponse, target: string, crosses: (side: 'before' | 'after') => boolean): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (!crosses('before')) return void response.destroy()
  const { host: _host, connection: _connection, ...headers } = request.headers
  const onward = askHttp(`${target}${request.url}`, { method: request.method, headers, agent: false }, (answer) => {
    const got: Buffer[] = []
    answer.on('data', (chunk: Buffer) => got.push(chunk))
    answer.on('error', () => response.destroy())
    answer.on('end', () => {
      if (!crosses('after')) return void response.destroy()
      const { 'transfer-encoding': _encoding, connection: _link, ...told } = answer.headers
      response.writeHead(answer.statusCode ?? 502, told).end(Buffer.concat(got))
    })
  })
  onward.on('error', () => response.destroy())
  onward.end(Buffer.concat(chunks))
}

async function listen(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function stop(server: Server | HttpServer, cut: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    cut()
  })
}
