// A lesson that really plays, for tests of learning: a quiet sound of so many seconds, cut and encrypted by the product itself.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import installed from '@ffmpeg-installer/ffmpeg'
import { importFile, processAsset } from '#modules/content/media/actions.ts'
import type { Shop } from './shop.ts'

/** Adds an audio lesson at the end of the course's first chapter; replies its id and its asset. */
export async function addSoundLesson(shop: Pick<Shop, 'app' | 'desk' | 'write'>, course: string, seconds: number, fields: object = {}): Promise<{ lesson: string; asset: string }> {
  const asset = await makeSound(shop, seconds)
  const { chapters } = await shop.desk(`GET /console/courses/${course}`)
  const after = await shop.desk(`POST /console/chapters/${chapters[0].id}/lessons`, { title: `${seconds} 秒`, kind: 'audio' })
  const lesson = after.chapters[0].lessons.at(-1).id
  await shop.write(lesson, { asset, ...fields })
  return { lesson, asset }
}

async function makeSound({ app }: Pick<Shop, 'app'>, seconds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shuyuan-sound-'))
  const file = join(folder, 'sound.m4a')
  const made = spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', `sine=d=${seconds}`, '-c:a', 'aac', '-b:a', '32k', file])
  assert.equal(made.status, 0, String(made.stderr))
  const asset = await importFile(app.app.ctx, file, 'audio', `${seconds} 秒`)
  await processAsset(app.app.ctx, asset)
  await rm(folder, { recursive: true, force: true })
  return asset
}
