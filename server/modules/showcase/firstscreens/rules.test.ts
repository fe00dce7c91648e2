// A first screen says what the course says, and nothing in it can become markup or script.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fillPage, homeScreen, tokens, words } from './rules.ts'

const built = `<html><head><link rel="stylesheet" href="/a.css"><title>书院</title><link rel="modulepreload" crossorigin="" href="/b.js"></head><body><div id="app"></div><script>import('/a.js')</script></body></html>`
const bad = '</script><img src=x onerror=alert(1)>"$&'
const card = { id: 'crs_0000000000000000000000000', slug: 'a', title: bad, promise: '一句话', kind: 'video', cover: { url: '/api/media/pictures/a.webp', width: 1280, height: 800, tint: '#182838' }, lecturerName: '顾野', categoryName: null, lessons: 9, durationSeconds: 10, freeLessons: 1, price: 9900, rating: null, ratings: 0, learners: 0, owned: false } as unknown as Parameters<typeof homeScreen>[0]['shelves'][number]['courses'][number]
const page = fillPage(built, homeScreen({ academy: { name: bad, motto: '慢慢学', logo: null }, continueLearning: null, shelves: [{ key: 'newest', title: null, category: null, courses: [card] }] } as unknown as Parameters<typeof homeScreen>[0]), 'https://academy.example/')

test('title, description, picture and price are in the page itself', () => {
  for (const part of ['<meta name="description" content="慢慢学">', '<meta property="og:image" content="https://academy.example/api/media/pictures/a.webp">', '<span class="price">¥99</span>', '<a class="line" href="/pkg-course/course?slug=', '顾野 9 <span class="zh">课时</span><span class="en">lessons</span>']) assert.ok(page.includes(part), part)
  assert.ok(page.indexOf('id="first-screen"') < page.indexOf('id="app"'))
})

test('what an operator typed stays text', () => {
  assert.equal(page.includes('<img src=x'), false)
  assert.equal(page.match(/<\/script>/g)?.length, 2)
  const data = /id="first-answer">(.*?)<\/script>/.exec(page)?.[1] ?? ''
  assert.equal(JSON.parse(data).reply.academy.name, bad)
})

test('the screen waits for no style sheet and for no script, and whoever comes after it finds both', () => {
  assert.ok(page.indexOf('<link rel="stylesheet" media="print" href="/a.css">') < page.indexOf('</head>'), 'sheets of pages that come later stand after it')
  assert.equal(page.match(/rel="stylesheet"/g)?.length, 1)
  for (const tag of ["<script>import('/a.js')</script>", '<link rel="modulepreload" fetchpriority="low" crossorigin="" href="/b.js">']) assert.ok(page.includes(tag), tag)
})

test('its colours are those of the mini program', () => {
  const [light = '', dark = ''] = readFileSync(new URL('../../../../miniapp/src/parts/tokens.scss', import.meta.url), 'utf8').split('@mixin dark')
  for (const [text, colours] of [[light, tokens.light], [dark, tokens.dark]] as const)
    for (const [name, colour] of Object.entries(colours)) assert.ok(text.includes(`--${name}: ${colour};`), `--${name}: ${colour}`)
})

test('its words are those of the mini program, in both languages', () => {
  const phrases = (language: string) => readFileSync(new URL(`../../../../miniapp/src/phrases/${language}.ts`, import.meta.url), 'utf8')
  const [zh, en] = [phrases('zh'), phrases('en')]
  for (const word of ['search', 'newest', 'promise', 'lessons', 'free'] as const) {
    assert.ok(zh.includes(`${word}: '${words[word][0]}'`), words[word][0])
    assert.ok(en.includes(`${word}: '${words[word][1]}'`), words[word][1])
  }
})
