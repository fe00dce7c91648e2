// What authors write is cleaned when it is saved and again when it is shown; Markdown becomes the same clean HTML.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { openShop, type Shop } from '#server/test/shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const bad = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<a href="javascript:alert(1)">去</a>',
  '<a href=" jav&#x09;ascript:alert(1)">去</a>',
  '<a href="vbscript:x">去</a>',
  '<a href="//evil.example/x">去</a>',
  '<svg><script>alert(1)</script></svg>',
  '<svg onload=alert(1)>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<object data="x"></object><embed src="x"><form action="/x"><input name=a></form>',
  '<p style="position:fixed;inset:0" onclick="alert(1)" class="wall" id="app">字</p>',
  '<style>body{display:none}</style>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=//evil.example"><link rel=stylesheet href=//evil.example>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<p>未关<b><textarea><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
]
const danger = /<(script|svg|math|iframe|object|embed|form|input|style|base|meta|link|template|video|source|textarea|details|noscript)\b|<[^>]*\son\w+\s*=|<[^>]*\sstyle=|<[^>]*\s(id|class)=|(href|src)="\s*(\/\/|(?!https?:|mailto:)[^"/]*:)/i

const clean = async (markdown: string): Promise<string> => (await shop.desk('POST /console/articles/markdown', { markdown })).html
const lesson = async (): Promise<string> => (await shop.app.ask(`GET /lessons/${shop.course.lesson}`)).body.articleHtml ?? ''
const page = async (): Promise<string> => (await shop.app.ask(`GET /courses/${shop.course.id}`)).body.descriptionHtml
const free = () => shop.write(shop.course.lesson, { free: true })

async function describe(descriptionHtml: string): Promise<string> {
  const { version } = await shop.desk(`GET /console/courses/${shop.course.id}`)
  return (await shop.desk(`PATCH /console/courses/${shop.course.id}`, { version, descriptionHtml })).descriptionHtml
}

test('nothing that runs or covers the page is saved, in articles, descriptions and Markdown', async () => {
  await free()
  for (const html of bad) {
    const saved = await shop.write(shop.course.lesson, { articleHtml: `<p>前</p>${html}` })
    for (const kept of [saved.chapters[0].lessons[0].articleHtml, await lesson(), await describe(html), await page(), await clean(html)]) assert.doesNotMatch(kept, danger, html)
    assert.match(await lesson(), /^<p>前<\/p>/)
  }
})

test('what came into the database by another way is cleaned when it is shown', async () => {
  await free()
  const { db } = shop.app.app.ctx
  for (const html of bad) {
    await db.query(sql`update lessons set article_html = ${`<p>前</p>${html}`} where id = ${shop.course.lesson}`)
    await db.query(sql`update courses set description_html = ${`<p>前</p>${html}`} where id = ${shop.course.id}`)
    for (const shown of [await lesson(), await page()]) {
      assert.doesNotMatch(shown, danger, html)
      assert.match(shown, /^<p>前<\/p>/)
    }
  }
})

test('a trial shows whole marks, however the article is nested', async () => {
  const inner = '<blockquote><p>一</p><p>二</p><p>三</p><p>四</p></blockquote>'
  await shop.write(shop.course.lesson, { articleHtml: inner, free: false, trial: { seconds: null, basisPoints: 4000 } })
  assert.equal(await lesson(), '<blockquote><p>一</p><p>二</p></blockquote>')
})

test('Markdown keeps its headings, lists, tables, code, links and pictures', async () => {
  const html = await clean('# 大\n\n## 中\n\n- 甲\n- 乙\n\n1. 一\n\n> 引\n\n**粗** *斜* ~~删~~ `x<y`\n\n```js\nif (a < b) {}\n```\n\n| 头 | 尾 |\n| - | - |\n| 1 | 2 |\n\n[去](https://example.com "题") ![图](https://example.com/a.png)\n\n---\n')
  for (const part of ['<h2>大</h2>', '<h2>中</h2>', '<li>甲</li>', '<ol>', '<blockquote>', '<strong>粗</strong>', '<em>斜</em>', '<code>x&lt;y</code>', '<pre><code>if (a &lt; b) {}', '<th>头</th>', '<td>2</td>', '<img src="https://example.com/a.png" alt="图" loading="lazy" />', '<hr />']) assert.ok(html.includes(part), `${part} in ${html}`)
  assert.match(html, /<a href="https:\/\/example\.com" title="题" rel="noopener nofollow" target="_blank">去<\/a>/)
  assert.match(html, /<s>删<\/s>/)
})

test('what is clean stays as it is, saved and shown again and again', async () => {
  await free()
  const html = '<h2>题</h2><p>一 &amp; 二 &lt;三&gt;</p><ul><li>甲</li></ul><figure><img src="https://example.com/a.png" alt="图" loading="lazy" /><figcaption>注</figcaption></figure>'
  for (let round = 0; round < 2; round += 1) {
    await shop.write(shop.course.lesson, { articleHtml: html })
    assert.equal(await lesson(), html)
  }
})
