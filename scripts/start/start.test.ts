// The promises of `npm start` about ports, the data folder, and parts that crash.
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProblem } from '../problem.ts'
import { banner } from './banner.ts'
import { loadSecret, openFolder, readPorts, writePorts } from './folder.ts'
import { startPart } from './part.ts'
import { choosePort } from './ports.ts'

const dir = mkdtempSync(join(tmpdir(), 'systart-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function says(pattern: RegExp) {
  return (thrown: unknown) => isProblem(thrown) && pattern.test(thrown.message)
}

async function takePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  return { port: address.port, server }
}

test('a port that was asked for and is taken is a mistake; one that was only liked gives way', async () => {
  const { port, server } = await takePort()
  await assert.rejects(choosePort('127.0.0.1', String(port), []), says(/is taken by another program/))
  const other = await choosePort('127.0.0.1', undefined, [port])
  assert.notEqual(other, port)
  server.close()
  await once(server, 'close')
  assert.equal(await choosePort('127.0.0.1', String(port), []), port)
  await assert.rejects(choosePort('127.0.0.1', 'web', []), says(/is not a port/))
  await assert.rejects(choosePort('203.0.113.7', '4000', []), says(/not an address of this machine/))
})

test('a data folder of a newer version is refused and left alone', () => {
  const folder = join(dir, 'newer')
  mkdirSync(folder)
  writeFileSync(join(folder, 'format.json'), '{"format":99}')
  assert.throws(() => openFolder(folder), says(/newer version of Shuyuan \(format 99/))
  assert.equal(readFileSync(join(folder, 'format.json'), 'utf8'), '{"format":99}')
})

test('the secret is made once, kept closed, and never made anew beside old data', () => {
  const folder = join(dir, 'secret')
  openFolder(folder)
  const secret = loadSecret(folder)
  assert.ok(secret.length >= 32)
  assert.equal(loadSecret(folder), secret)
  assert.equal(statSync(join(folder, 'secret')).mode & 0o777, 0o600)
  mkdirSync(join(folder, 'database', 'cluster'), { recursive: true })
  writeFileSync(join(folder, 'database', 'cluster', 'PG_VERSION'), '18\n')
  writePorts(folder, { server: 3000 })
  rmSync(join(folder, 'secret'))
  assert.throws(() => loadSecret(folder), says(/Put it back from your backup/))
  assert.deepEqual(readPorts(folder), { server: 3000 })
})

function writePart(name: string, source: string) {
  const script = join(dir, `${name}.mjs`)
  const ready = join(dir, `${name}.ready`)
  writeFileSync(script, `import { writeFileSync } from 'node:fs'\nconst ready = ${JSON.stringify(ready)}\n${source}`)
  return { part: { name, script, env: {}, logFile: join(dir, `${name}.log`), isReady: async () => existsSync(ready) }, ready }
}

async function until(isTrue: () => boolean) {
  for (let n = 0; n < 400 && !isTrue(); n += 1) await sleep(25)
  assert.ok(isTrue())
}

test('a part that is killed is started again, and ends when it is told to', async () => {
  const { part, ready } = writePart('steady', `writeFileSync(ready, String(process.pid)); setInterval(() => {}, 1000)`)
  const heard: string[] = []
  const running = await startPart(part, (sentence) => heard.push(sentence), assert.fail)
  const first = readFileSync(ready, 'utf8')
  running.process().kill('SIGKILL')
  await until(() => existsSync(ready) && readFileSync(ready, 'utf8') !== first && readFileSync(ready, 'utf8') !== '')
  assert.match(heard.join(), /steady ended \(SIGKILL\)/)
  await running.stop()
  assert.equal(running.process().signalCode, 'SIGTERM')
})

test('a part that cannot start says its last words', async () => {
  const { part } = writePart('broken', `console.error('the cable is cut'); process.exit(3)`)
  await assert.rejects(startPart(part, () => undefined, assert.fail), says(/broken did not start.*\n.*the cable is cut/))
  const { part: full } = writePart('full', `console.error('ENOSPC: no space left on device'); process.exit(3)`)
  await assert.rejects(startPart(full, () => undefined, assert.fail), says(/The disk is full/))
})

test('a part that keeps crashing is given up', async () => {
  const { part } = writePart('weak', `writeFileSync(ready, 'yes'); setTimeout(() => process.exit(1), 300)`)
  const given = Promise.withResolvers<Error>()
  await startPart(part, () => undefined, given.resolve)
  assert.match((await given.promise).message, /weak keeps ending/)
})

test('the block names every address, and the set-up key only when one is needed', () => {
  const addresses = { publicUrl: 'http://127.0.0.1:3000', sandboxUrl: 'http://127.0.0.1:4000', operator: { email: 'a@example.com', password: 'p' }, setupKey: undefined, dir: '/data' }
  const text = banner(addresses)
  for (const part of ['3000/', '3000/console/', 'a@example.com   p', '4000/cashier', '4000/inbox', '3000/api/document']) assert.ok(text.includes(part), part)
  assert.doesNotMatch(text, /set-up key/)
  assert.match(banner({ ...addresses, operator: undefined, setupKey: 'k1' }), /set-up key +k1/)
})
