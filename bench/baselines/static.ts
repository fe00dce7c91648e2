// A bare Fastify with @fastify/static on a folder: what segments are compared with.
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'

const [folder = ''] = process.argv.slice(2)
const http = Fastify()
await http.register(fastifyStatic, { root: folder, maxAge: '365d', immutable: true })
console.log(await http.listen({ host: '127.0.0.1', port: 0 }))
