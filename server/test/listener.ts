// A door that only listens: what a vendor posts to it is kept for the test to read.
import { createServer, type IncomingHttpHeaders } from 'node:http'

export type Got = { url: string; headers: IncomingHttpHeaders; body: string }
export type Listener = { url: string; got: Got[]; next(wanted: (got: Got) => boolean): Promise<Got>; stop(): Promise<void> }

export async function listen(answer: (got: Got) => { status: number; body: string | Buffer }): Promise<Listener> {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
    got.push(one)
    const { status, body } = answer(one)
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    got,
    async next(wanted) {
      for (const end = Date.now() + 30_000; Date.now() < end; ) {
        const found = got.find(wanted)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error('nobody posted it in half a minute')
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
