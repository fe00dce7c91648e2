// Promises of a play's decisions.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutArticle, mayHaveKey, resumeAt } from './rules.ts'

test('a play begins where the learner stopped', () => {
  assert.equal(resumeAt(42, 90), 42)
})

test('a film seen to its end, or further than its trial goes, begins again', () => {
  assert.equal(resumeAt(89.6, 90), 0)
  assert.equal(resumeAt(42, 15), 0)
})

test('a key needs a living play, an open lesson and, for a member, a session that stands', () => {
  const now = new Date('2026-11-21T08:00:00Z')
  const play = { expiresAt: new Date('2026-11-21T09:00:00Z'), hasMember: true, isSessionAlive: true, mode: 'full' as const }
  assert.equal(mayHaveKey(play, now), true)
  assert.equal(mayHaveKey({ ...play, expiresAt: now }, now), false)
  assert.equal(mayHaveKey({ ...play, mode: 'closed' }, now), false)
  assert.equal(mayHaveKey({ ...play, isSessionAlive: false }, now), false)
  assert.equal(mayHaveKey({ ...play, hasMember: false, isSessionAlive: false, mode: 'trial' }, now), true)
})

test('a trial article is cut between blocks and never inside one', () => {
  const html = '<p>一</p><ul><li>二</li></ul><p>三</p><p>四</p>'
  assert.equal(cutArticle(html, 10), '<p>一</p>')
  assert.equal(cutArticle(html, 10_000), html)
  assert.match(cutArticle(html, 5000), /<\/(p|ul)>$/)
})
