// Writes the first screen as HTML, so that a visitor reads before any script has run; the measures are those of the mini program's pages, the colours its tokens.
import type { CourseCard, CoursePage, Home } from '#contracts/pages.ts'
import { showPrice } from '#contracts/words/money.ts'

export type FirstScreen = { title: string; about: string; image: string | null; html: string; route: string; reply: unknown }

/** The tokens of the mini program that these screens use: its own style sheets come after them. */
export const tokens = {
  light: { page: '#faf8f5', card: '#ffffff', ink: '#1f1d1a', 'ink-2': '#6b665e', line: '#ece7df', price: '#c8402f', celadon: '#3b7a6b' },
  dark: { page: '#151412', card: '#1e1c19', ink: '#ede9e2', 'ink-2': '#a39d93', line: '#34302b', price: '#ee8172', celadon: '#74b8a6' },
}

/** The few words of a first screen that are ours, in both languages: which one is shown the page's own script knows. */
export const words = {
  home: ['书院', 'Academy'],
  search: ['搜课程、讲师', 'Search courses and lecturers'],
  newest: ['新上架', 'New'],
  course: ['课程', 'Course'],
  promise: ['你将学会', 'What you will be able to do'],
  lessons: ['课时', 'lessons'],
  free: ['免费', 'Free'],
} as const

/** Hides the language that the page is not in. */
const wordStyle = "[lang=en] .zh,[lang='zh-CN'] .en{display:none}"

function say(word: keyof typeof words): string {
  const [zh, en] = words[word]
  return `<span class="zh">${zh}</span><span class="en">${en}</span>`
}

const style = `${wordStyle}.look{${writeTokens(tokens.light)}}.look.dark{${writeTokens(tokens.dark)}}@media(prefers-color-scheme:dark){.look.auto{${writeTokens(tokens.dark)}}}
#first-screen{position:fixed;inset:0;z-index:900;overflow:hidden;background:var(--page);color:var(--ink);font:16px/1.5 -apple-system,'PingFang SC','Noto Sans SC','Microsoft YaHei',sans-serif;font-variant-numeric:tabular-nums}
#first-screen .top{height:44px;line-height:44px;text-align:center;font-weight:700}
#first-screen .wrap{max-width:760px;margin:0 auto;padding:16px;box-sizing:border-box}
#first-screen .serif,#first-screen h1,#first-screen h2{font-family:'Songti SC','Noto Serif SC','Source Han Serif SC',serif;font-weight:600;margin:0}
#first-screen p{margin:0}#first-screen .quiet{color:var(--ink-2);font-size:14px}#first-screen .tiny{color:var(--ink-2);font-size:12px}
#first-screen .picture{position:relative;padding-top:62.5%;border-radius:8px;overflow:hidden}#first-screen img{position:absolute;left:0;top:0;width:100%;height:100%;object-fit:cover}
#first-screen a{color:inherit;text-decoration:none}#first-screen .search{height:44px;line-height:44px;margin-top:16px;padding:0 12px;background:var(--card);border:1px solid var(--line);border-radius:8px;color:var(--ink-2)}
#first-screen .line{display:flex;padding:14px 0;border-bottom:1px solid var(--line)}#first-screen .line .cover{width:128px;margin-right:14px;flex-shrink:0}#first-screen .line .text{flex:1;min-width:0}
#first-screen .line p{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}#first-screen .price{float:right;color:var(--price);font-size:14px;font-weight:600}
#first-screen .promise{font-size:18px;color:var(--ink-2);margin:8px 0}#first-screen .outcome{padding:6px 0 6px 14px;border-left:2px solid var(--celadon);margin-bottom:8px}
@media(min-width:960px){#first-screen .wrap{max-width:1120px;padding:24px 16px}#first-screen .search{max-width:560px;box-sizing:border-box}
#first-screen .shelf{display:grid;grid-template-columns:repeat(3,1fr);gap:32px 28px}#first-screen .line{display:block;border:0;padding:0 0 8px}#first-screen .line .cover{width:100%;margin:0 0 12px}#first-screen .course{padding-right:392px}}`

export function homeScreen(home: Home): FirstScreen {
  const { name, motto } = home.academy
  const [shelf] = home.shelves
  const lines = shelf?.courses.map((course, at) => cardLine(course, at === 0)).join('') ?? ''
  const html = `<div class="top">${say('home')}</div><div class="wrap"><h1 style="font-size:28px;padding-top:8px">${escape(name)}</h1><p class="quiet">${escape(motto)}</p><div class="search">${say('search')}</div><h2 style="font-size:18px;margin:28px 0 12px">${say('newest')}</h2><div class="shelf">${lines}</div></div>`
  return { title: name, about: motto, image: shelf?.courses[0]?.cover?.url ?? null, html, route: 'GET /home', reply: home }
}

/** The address of a course's page on the web. */
export function coursePath(slug: string): string {
  return `/pkg-course/course?slug=${slug}`
}

export function courseScreen(page: CoursePage): FirstScreen {
  const { title, promise, cover, lecturerName, lessons, slug } = page.card
  const outcomes = page.outcomes.map((outcome) => `<div class="outcome">${escape(outcome)}</div>`).join('')
  const html = `<div class="top">${say('course')}</div><div class="wrap course">${picture(cover, title, true)}<h1 style="font-size:28px;line-height:1.3;margin-top:16px">${escape(title)}</h1><p class="promise">${escape(promise)}</p><p class="quiet">${escape(lecturerName ?? '')} · ${lessons} ${say('lessons')}</p><h2 style="font-size:18px;margin:28px 0 12px">${say('promise')}</h2>${outcomes}</div>`
  return { title, about: promise, image: cover?.url ?? null, html, route: `GET /courses/${slug}`, reply: page }
}

/** A link, for whoever taps before the app has begun. */
function cardLine({ slug, cover, title, promise, lecturerName, lessons, price }: CourseCard, isFirst: boolean): string {
  const sum = price === null ? '' : `<span class="price">${price === 0 ? say('free') : showPrice(price)}</span>`
  return `<a class="line" href="${coursePath(slug)}"><div class="cover">${picture(cover, title, isFirst)}</div><div class="text"><div class="serif">${escape(title)}</div><p class="quiet">${escape(promise)}</p><div class="tiny">${sum}${escape(lecturerName ?? '')} ${lessons} ${say('lessons')}</div></div></a>`
}

function picture(cover: CourseCard['cover'], label: string, isFirst: boolean): string {
  const image = cover ? `<img src="${escape(cover.url)}" alt="${escape(label)}"${isFirst ? ' fetchpriority="high"' : ' fetchpriority="low" decoding="async"'}>` : ''
  return `<div class="picture" style="background:${cover?.tint ?? '#ece7df'}">${image}</div>`
}

function writeTokens(colours: Record<string, string>): string {
  return Object.entries(colours).map(([name, colour]) => `--${name}:${colour}`).join(';')
}

/**
 * The built page with the screen in it: title and description for whoever shares it, the answer for the script to begin with.
 * The screen does not wait for the built style sheets, which the page's own script lets count before the app begins, and scripts let the picture go first.
 */
export function fillPage(page: string, screen: FirstScreen, url: string): string {
  const meta = [
    `<title>${escape(screen.title)}</title>`,
    `<meta name="description" content="${escape(screen.about)}">`,
    `<meta property="og:title" content="${escape(screen.title)}"><meta property="og:description" content="${escape(screen.about)}"><meta property="og:url" content="${escape(url)}">`,
    ...(screen.image ? [`<meta property="og:image" content="${escape(new URL(screen.image, url).href)}"><link rel="preload" as="image" href="${escape(screen.image)}" fetchpriority="high">`] : []),
    `<style>${style}</style>`,
  ]
  const data = JSON.stringify({ route: screen.route, reply: screen.reply }).replaceAll('<', '\\u003c')
  // A function, for the texts may hold the signs that a replacement string gives a meaning to.
  return page
    .replaceAll('<link rel="stylesheet"', '<link rel="stylesheet" media="print"')
    .replaceAll('<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"')
    .replace(/<title>.*?<\/title>/, () => meta.join('\n    '))
    .replace(/<div id="app">/, () => `<div id="first-screen">${screen.html}</div><script type="application/json" id="first-answer">${data}</script>\n    <div id="app">`)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
