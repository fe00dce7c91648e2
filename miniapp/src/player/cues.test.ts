// Lists of what is said, as people and their tools write them.
import { expect, test } from 'vitest'
import { readCues, wordsAt } from './cues'

const list = '\ufeffWEBVTT - 夜空识星\r\n\r\nNOTE from 00:00 on\r\n\r\n1\r\n00:01.000 --> 00:00:04.000 line:80%\r\n<v 讲师>秋冬的傍晚，\r\n<b>北斗</b>落到了树后面。\r\n\r\n01:00:04.400 --> 01:00:08.000\r\nM &amp; W, 3 &lt; 5\r\n\r\n\r\n01:00:06.000 --> 01:00:09.000\r\n仙后座\r\n'

test('numbers, notes, settings and line ends of any kind do not disturb', () => {
  expect(readCues(list).map(({ from, to }) => [from, to])).toEqual([[1, 4], [3604.4, 3608], [3606, 3609]])
})

test('the words of a moment are plain text; two that overlap stand one below the other', () => {
  const cues = readCues(list)
  expect(wordsAt(cues, 1)).toBe('秋冬的傍晚，\n北斗落到了树后面。')
  expect(wordsAt(cues, 3607)).toBe('M & W, 3 < 5\n仙后座')
  expect([wordsAt(cues, 0.9), wordsAt(cues, 4), wordsAt(cues, 3609)]).toEqual(['', '', ''])
})

test('what is no list has nothing to say', () => {
  expect(readCues('<html>-->\n\n</html>')).toEqual([])
})
