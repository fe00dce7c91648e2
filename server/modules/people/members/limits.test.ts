// The limits of signing in over HTTP: codes a day, guesses a code, guesses an address, also when all come at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { addressOf, codeSentTo, openDoor, type Door } from '#server/test/door.ts'

let door: Door
before(async () => {
  door = await openDoor()
})
after(() => door.stop())

const send = (phone: string, address = addressOf(phone)) => door.call('POST', '/sms-codes', { address, body: { phone } })
const enter = (phone: string, code: string, address = addressOf(phone)) => door.call('POST', '/sessions/phone', { address, body: { phone, code, agreed: true } })
const age = (by: string) => door.ctx.db.query(sql`update sms_codes set sent_at = sent_at - ${by}::interval`)
const textsTo = async (phone: string): Promise<number> => (await door.sandbox.ask('GET', `/__sim/sms?phone=${phone}`)).items.length
const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000')

test('a number gets ten codes a day, and is not written to again before the day is over', async () => {
  for (let count = 0; count < 10; count += 1) {
    assert.equal((await send('13700000001', `10.1.0.${count}`)).status, 200)
    await age('61 seconds')
  }
  const refused = await send('13700000001', '10.1.0.99')
  assert.deepEqual([refused.status, refused.code, refused.body.error.details.waitSeconds], [429, 'sign_in.wait', 3600])
  assert.equal(await textsTo('13700000001'), 10)
  await age('1 day')
  assert.equal((await send('13700000001', '10.1.0.99')).status, 200)
})

test('an address gets fifty codes a day, whatever the numbers', async () => {
  await door.ctx.db.query(sql`
    insert into sms_codes (phone_print, code_print, address, sent_at, expires_at) select 'print ' || n, 'print', '10.2.0.1', now() - interval '20 hours', now() from generate_series(1, 40) as n`)
  const ask = (count: number) => send(`1360000${String(count).padStart(4, '0')}`, '10.2.0.1')
  for (let count = 0; count < 10; count += 1) assert.equal((await ask(count)).status, 200, String(count))
  const refused = await ask(50)
  assert.deepEqual([refused.status, refused.code], [429, 'sign_in.wait'])
  assert.equal(await textsTo('13600000050'), 0)
  assert.equal((await send('13600000050', '10.2.0.2')).status, 200, 'the number itself is free')
})

test('twenty guesses at once are five guesses, and the code is burnt', async () => {
  await send('13700000003')
  const code = await codeSentTo(door, '13700000003')
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => enter('13700000003', wrongFor(code), `10.3.0.${at}`)))
  assert.equal(answers.filter((answer) => answer.code === 'sign_in.code_wrong').length, 5)
  assert.equal(answers.filter((answer) => answer.code === 'sign_in.attempts_exhausted').length, 15)
  assert.equal((await enter('13700000003', code)).code, 'sign_in.attempts_exhausted')
})

test('the right code given ten times at once opens one session', async () => {
  await send('13700000004')
  const code = await codeSentTo(door, '13700000004')
  const answers = await Promise.all(Array.from({ length: 10 }, () => enter('13700000004', code)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map((answer) => answer.code))], ['sign_in.code_expired'])
})

test('an address that guesses codes of many numbers is stopped', async () => {
  let wrong = 0
  for (let count = 0; count < 80; count += 1) {
    const answer = await enter(`1350000${String(count).padStart(4, '0')}`, '123456', '10.5.0.1')
    if (answer.code === 'request.too_many') break
    wrong += 1
  }
  assert.ok(wrong <= 60, `${wrong} guesses`)
  assert.equal((await enter('13500009999', '123456', '10.5.0.2')).code, 'sign_in.code_expired', 'another address is not stopped')
})
