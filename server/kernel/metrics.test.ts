// What a monitor reads of our answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timerOf, writeMetrics } from './metrics.ts'

test('answers are counted by route and status, each bucket with all that were faster', async () => {
  const time = timerOf('/api/counted/:thing')
  for (const seconds of [0.001, 0.005, 0.2, 9]) time(200, seconds)
  timerOf('/api/counted/:thing')(200, 0.02)
  time(404, 0.03)
  const lines = (await writeMetrics()).split('\n').filter((line) => line.includes('/api/counted/'))
  const of = (status: number, end: string) => lines.find((line) => line.includes(`status="${status}"`) && line.includes(end))?.split(' ').at(-1)
  assert.deepEqual(['le="0.005"', 'le="0.01"', 'le="0.025"', 'le="0.25"', 'le="5"', 'le="+Inf"', '_count'].map((end) => of(200, end)), ['2', '2', '3', '4', '4', '5', '5'])
  assert.ok(Math.abs(Number(of(200, '_sum')) - 9.226) < 1e-9)
  assert.deepEqual([of(404, 'le="0.025"'), of(404, 'le="0.05"'), of(404, '_count')], ['0', '1', '1'])
  assert.equal(lines.length, 2 * 13)
})

test('each line is of the form that Prometheus reads, and no series is told twice', async () => {
  const lines = (await writeMetrics()).split('\n').filter((line) => line !== '')
  for (const line of lines) assert.match(line, /^(# (HELP|TYPE) [a-z\d_]+ .+|[a-z\d_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*,?\})? [-+.\deINna]+)$/)
  const series = lines.filter((line) => !line.startsWith('#')).map((line) => line.slice(0, line.lastIndexOf(' ')))
  assert.equal(new Set(series).size, series.length)
})
