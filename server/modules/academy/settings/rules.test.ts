// The rules about settings.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { defaultSettings, hasOwnName, isZone } from './rules.ts'

test('a zone is one that calendars know', () => {
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'UTC']) assert.ok(isZone(zone), zone)
  for (const zone of ['Mars/Olympus', '', 'Asia/Shanghai; drop']) assert.ok(!isZone(zone), zone)
  assert.ok(isZone(defaultSettings.zone))
})

test('an academy is named once its name is not the one it came with', () => {
  assert.equal(hasOwnName(defaultSettings), false)
  assert.equal(hasOwnName({ name: '拾光书院' }), true)
})
