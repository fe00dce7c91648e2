// The academy as clients see it: nothing that only operators should know, and a logo once it is a picture.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { openDoor, setUpOwner, type Door } from '../../../test/door.ts'

let door: Door
let owner: { cookie: string }
before(async () => {
  door = await openDoor()
  owner = await setUpOwner(door)
})
after(() => door.stop())

const show = async () => (await door.call('GET', '/academy')).body

test('clients see the name and the rules, not the settings of operators', async () => {
  const shown = await show()
  assert.equal(shown.name, '拾光书院')
  assert.equal(shown.logo, null)
  for (const name of ['logoAsset', 'deviceLimit', 'closeUnpaidMinutes', 'receiveAfterDays']) assert.ok(!(name in shown), name)
})

test('the logo appears once its picture is ready', async () => {
  const logo = newId('ast')
  const settings = (await door.call('GET', '/console/academy', { cookie: owner.cookie })).body
  await door.ctx.db.query(sql`insert into assets (id, kind, name, state, size_bytes, width, height, tint, created_at) values (${logo}, 'image', 'logo', 'processing', 1, 240, 240, '#123456', now())`)
  await door.call('PUT', '/console/academy', { cookie: owner.cookie, body: { ...settings, logoAsset: logo } })
  assert.equal((await show()).logo, null)
  await door.ctx.db.query(sql`update assets set state = 'ready' where id = ${logo}`)
  const { logo: shown } = await show()
  assert.deepEqual([shown.width, shown.height, shown.tint], [240, 240, '#123456'])
  assert.match(shown.url, new RegExp(logo))
  assert.deepEqual((await door.call('GET', '/home')).body.academy.logo, shown)
})
