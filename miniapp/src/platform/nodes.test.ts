// Clean HTML as the tree that Alipay wants.
import { expect, test } from 'vitest'
import { richNodes, treeOf } from './nodes'

const text = (words: string) => ({ type: 'text', text: words })
const node = (name: string, children: unknown[] = [], attrs: object = {}) => ({ type: 'node', name, attrs, children })

test('tags become nodes in their order, with what is inside them', () => {
  expect(treeOf('<h2>夜空</h2><p>先找<strong>北斗</strong>，再找<a href="https://a.cn/?a=1&amp;b=2">北极星</a></p>')).toEqual([
    node('h2', [text('夜空')]),
    node('p', [text('先找'), node('strong', [text('北斗')]), text('，再找'), node('a', [text('北极星')], { href: 'https://a.cn/?a=1&b=2' })]),
  ])
})

test('what has no end has no children, and what follows stays beside it', () => {
  expect(treeOf('<p>一<br>二<br />三</p><hr><img src="/a.webp" alt="图"><p></p>')).toEqual([
    node('p', [text('一'), node('br'), text('二'), node('br'), text('三')]),
    node('hr'),
    node('img', [], { src: '/a.webp', alt: '图' }),
    node('p'),
  ])
})

test('marks are read, and a sign in quotes ends no tag', () => {
  expect(treeOf('<p title="a > b">1 &lt; 2 &amp; 3&nbsp;&gt; &quot;x&quot; &#39;y&#39; &unknown;</p>')).toEqual([node('p', [text('1 < 2 & 3\u00a0> "x" \'y\' &unknown;')], { title: 'a > b' })])
})

test('an end too many changes nothing', () => {
  expect(treeOf('</p><p>一</p></p><p>二</p>')).toEqual([node('p', [text('一')]), node('p', [text('二')])])
})

test('elsewhere the text is taken as it is', () => {
  expect(richNodes('<p>一</p>')).toBe('<p>一</p>')
})
