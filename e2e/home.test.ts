// The built product, seeded, as a stranger's browser sees it.
import { after, before, test } from 'node:test'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world?.stop())

test('home shows the academy in a real browser, on a phone and on a desk', async () => {
  const browser = await world.open()
  for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    const page = await (await browser.newContext({ viewport })).newPage()
    await page.goto(world.url)
    await page.getByText('夜空识星').first().waitFor({ timeout: 20_000 })
  }
  await browser.close()
})
