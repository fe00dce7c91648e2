// A bare Fastify that answers the same JSON bytes to every question.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const [file = ''] = process.argv.slice(2)
const bytes = readFileSync(file)
const http = Fastify()
http.get('/*', async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
console.log(await http.listen({ host: '127.0.0.1', port: 0 }))
