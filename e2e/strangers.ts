// Other phones inside WeChat: whoever was sent a card, scanned a code, comes to a page that is gone, or holds an iPhone.
import assert from 'node:assert/strict'
import { openPhone, video, type Hand, type Place } from './phone.ts'

type Card = { title: string; path: string }
const nightSky: Card = { title: '夜空识星：从北斗出发', path: '/pkg-course/course?slug=night-sky' }

export async function followCard(place: Place, hand: Hand): Promise<void> {
  await hand.openCourse('夜空识星')
  await (await hand.on('pkg-course/course')).getByText('你将学会').waitFor()
  const card = await hand.page.evaluate<Card>('__hands.share()')
  assert.deepEqual(card, nightSky)
  const stranger = await openPhone(place, { launch: card.path, user: 'shen' })
  const asked: string[] = []
  stranger.page.on('request', (request) => request.headers()['authorization'] && asked.push(request.url()))
  await stranger.page.getByText('你将学会').waitFor()
  await stranger.page.getByText('¥99', { exact: true }).first().waitFor()
  await stranger.page.locator('.bar .main-button').tap()
  await stranger.page.getByText('微信一键登录').waitFor()
  assert.deepEqual([asked, stranger.faults], [[], []])
  await stranger.page.context().close()
}

export async function scanCode(place: Place): Promise<void> {
  const { card } = (await (await fetch(`${place.world.url}/api/courses/night-sky`)).json()) as { card: { id: string } }
  assert.ok(card.id.length <= 32, 'a scene holds thirty-two characters')
  const scanned = await openPhone(place, { launch: `/pkg-course/course?scene=${encodeURIComponent(card.id)}`, user: 'shen' })
  await scanned.page.getByText('你将学会').waitFor()
  assert.deepEqual(await scanned.page.evaluate<Card>('__hands.share()'), nightSky)
  assert.deepEqual(scanned.faults, [])
  await scanned.page.context().close()
}

export async function comeTooLate(place: Place, hand: Hand): Promise<void> {
  const late = await openPhone(place, { launch: '/pkg-old/lesson?id=1', user: 'shen' })
  await late.page.locator('.phone-page[data-page="pkg-me/missing"]', { hasText: /\S/ }).waitFor()
  hand.seen.add('pkg-me/missing')
  assert.deepEqual(late.faults, [])
  await late.page.context().close()
}

export async function lookOnIphone(place: Place): Promise<void> {
  const iphone = await openPhone(place, { platform: 'ios', system: 'iOS 18.1', launch: nightSky.path })
  await iphone.page.getByText('你将学会').waitFor()
  assert.deepEqual(await iphone.page.getByText(/¥|购买|支付/).allInnerTexts(), [])
  await iphone.page.getByText('为什么能学或不能学').tap()
  await iphone.page.getByText('学习权限', { exact: true }).first().waitFor()
  assert.deepEqual(await iphone.page.locator('.phone-page:not([hidden])').getByText(/¥|购买|支付/).allInnerTexts(), [])
  await iphone.page.locator('.phone-back').tap()
  await iphone.page.getByText('北斗指路').tap()
  await iphone.page.locator('wx-video > video').waitFor()
  await iphone.page.evaluate(`${video}.addEventListener('loadedmetadata', () => (${video}.currentTime = 600)), void ${video}.play().catch(() => undefined)`)
  await iphone.page.locator('.wall').waitFor()
  assert.deepEqual(await iphone.page.getByText(/¥|购买/).allInnerTexts(), [])
  assert.deepEqual(iphone.faults, [])
  await iphone.page.context().close()
}
