// The two languages say the same things, in the house's voice.
import { expect, test } from 'vitest'
import { en } from './en'
import { say, speak } from './say'
import { zh } from './zh'
import { sayWechat } from './wechat'

type Tree = { [key: string]: string | string[] | Tree }

function sentencesOf(tree: Tree, path = ''): [path: string, sentence: string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : sentencesOf(value as Tree, `${path}${key}/`)))
}

const [chinese, english] = [sentencesOf(zh), sentencesOf(en as unknown as Tree)]

test('each sentence is there in both languages, and none is empty in Chinese', () => {
  expect(english.map(([path]) => path).sort()).toEqual(chinese.map(([path]) => path).sort())
  expect(chinese.filter(([, sentence]) => sentence === '')).toEqual([])
})

test('the copy shouts at nobody and flatters nobody', () => {
  expect([...chinese, ...english].filter(([, sentence]) => /[!！]|亲，|亲们/.test(sentence))).toEqual([])
})

test('what a learner cannot buy here is not said in words of buying', () => {
  const shownEverywhere = chinese.filter(([path]) => /^(access|accessReason|accessMode|sale\/browse|sale\/see_balance|lesson\/closed|lesson\/signIn|refusal\/lesson)/.test(path) && !/\/(bought|plan)$/.test(path))
  expect(shownEverywhere.filter(([path]) => path.startsWith('sale/')).length).toBe(3)
  expect(shownEverywhere.length).toBeGreaterThan(20)
  expect(shownEverywhere.filter(([, sentence]) => /购买|支付|充值|会员|¥|小程序|网页|客服/.test(sentence))).toEqual([])
})

test('a change of language is heard at once, and an unknown refusal has a sentence too', () => {
  expect(say.shared.retry).toBe(zh.shared.retry)
  speak('en')
  expect([say.shared.retry, sayWechat.value.signIn]).toEqual([en.shared.retry, 'Sign in with WeChat'])
  expect(say.refusal('no.such_code')).toBe(en.refusal['server.bug'])
  speak('zh')
  expect(say.shared.retry).toBe(zh.shared.retry)
})
