// The dress and the size of type that a learner chose inside WeChat, on every page and after a new start.
import assert from 'node:assert/strict'
import { patience } from './people.ts'
import type { Hand } from './phone.ts'

const look = '.phone-page:not([hidden]) [class*=look]'

export async function keepDress(hand: Hand): Promise<void> {
  await hand.openSettings()
  await hand.page.locator('.choice', { hasText: '深色' }).tap()
  await hand.page.locator('.choice', { hasText: '大字' }).tap()
  const shown = async () => [await styleOf(hand, look, 'background-color'), await styleOf(hand, '.phone-bar', 'background-color'), await styleOf(hand, look, 'zoom')]
  const holds = async (wanted: string[], why?: string) => {
    for (const end = Date.now() + patience; Date.now() < end && (await shown()).join() !== wanted.join(); ) await hand.page.waitForTimeout(100)
    assert.deepEqual(await shown(), wanted, why)
  }
  const dark = ['rgb(21, 20, 18)', 'rgb(21, 20, 18)', '1.3']
  await holds(dark)
  await hand.back()
  await holds(dark)
  assert.equal(await styleOf(hand, '.phone-tabs', 'background-color'), 'rgb(30, 28, 25)', 'the tabs are as dark as the page')
  await hand.page.reload()
  await (await hand.on('pages/home/home')).getByText('夜空识星').first().waitFor()
  await holds(dark)
  await hand.openCourse('夜空识星')
  await (await hand.on('pkg-course/course')).getByText('你将学会').waitFor()
  await holds(dark)
  await hand.openSettings()
  await hand.page.locator('.choice', { hasText: '浅色' }).tap()
  await hand.page.locator('.choice', { hasText: '标准' }).tap()
  const light = ['rgb(250, 248, 245)', 'rgb(250, 248, 245)', '1']
  await holds(light)
  await hand.page.emulateMedia({ colorScheme: 'dark' })
  await holds(light, 'who chose the light dress keeps it at night')
  await hand.page.locator('.choice', { hasText: '跟随系统' }).tap()
  await holds(['rgb(21, 20, 18)', 'rgb(21, 20, 18)', '1'])
  await hand.page.emulateMedia({ colorScheme: 'light' })
  await holds(light)
}

function styleOf({ page }: Hand, selector: string, name: string): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`)
}
