// One believable academy, made with the product's own actions; a second start finds it and does nothing.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcademySettings } from '#contracts/academy.ts'
import type { Id } from '#contracts/words/id.ts'
import { cents } from '#contracts/words/money.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { changeSettings, publishAgreement, readSettings } from '#modules/academy/settings/actions.ts'
import { addStaff, isSetupNeeded } from '#modules/academy/staff/actions.ts'
import { addCategory, saveLecturer, showCategories, showLecturers } from '#modules/content/shelves/actions.ts'
import { makePolicy, policyAt } from '#modules/trade/policies/actions.ts'
import { readyFile, seedCourse, seedReviews, type CourseFile, type Known } from './course.ts'
import { seedSelling, type SellingFile } from './selling.ts'

type AcademyFile = Omit<AcademySettings, 'logoAsset'> & {
  agreements: { kind: 'terms' | 'privacy' | 'purchase'; title: string; text: string }[]
  categories: { key: string; name: string; children: { key: string; name: string }[] }[]
  lecturers: { key: string; name: string; title: string; bio: string; portrait: string }[]
  courses: string[]
  refundPolicy: { days: number; mostPercent: number }
} & SellingFile

const folder = join(import.meta.dirname, 'academy')

/** Seeds an academy that has no operator yet, or goes on where a killed seed stopped. */
export async function seedDemo(ctx: Ctx, dataDir: string): Promise<void> {
  const done = join(dataDir, 'demo-seeded')
  if (existsSync(done)) return
  const academy = readJson<AcademyFile>('academy.json')
  await seedOperator(ctx, dataDir)
  await seedAcademy(ctx, academy)
  const known = { categories: await seedCategories(ctx, academy), lecturers: await seedLecturers(ctx, academy) }
  // Articles are there at once, films take a minute: the shelf fills from the quick end.
  const courses = new Map<string, Id<'crs'>>()
  for (const slug of academy.courses.toReversed()) courses.set(slug, await seedCourse(ctx, join(folder, 'courses', slug), readCourse(slug), known))
  for (const slug of academy.courses) await seedReviews(ctx, readCourse(slug), courses)
  await seedSelling(ctx, academy, courses)
  writeFileSync(done, ctx.now().toISOString())
}

async function seedAcademy(ctx: Ctx, academy: AcademyFile): Promise<void> {
  const { agreements, categories: _categories, lecturers: _lecturers, courses: _courses, plans: _plans, bundles: _bundles, refundPolicy, ...settings } = academy
  const { logo, ...plain } = settings as typeof settings & { logo: { picture: string } }
  if ((await readSettings(ctx)).name === academy.name) return
  if ((await policyAt(ctx, ctx.now())).since === null) await makePolicy(ctx, refundPolicy, { name: '掌灯人' })
  for (const { kind, title, text } of agreements) await publishAgreement(ctx, { kind, title, markdown: readFileSync(join(folder, text), 'utf8') })
  await changeSettings(ctx, { ...plain, logoAsset: await readyFile(ctx, join(folder, logo.picture), 'image', academy.name) })
}

/** The demo owner has a random password, written beside the data for the start-up banner. */
async function seedOperator(ctx: Ctx, dataDir: string): Promise<void> {
  if (!(await isSetupNeeded(ctx)).needed) return
  const operator = { email: 'owner@demo.shuyuan', password: randomBytes(9).toString('base64url') }
  writeFileSync(join(dataDir, 'demo-operator.json'), JSON.stringify(operator), { mode: 0o600 })
  await addStaff(ctx, { name: '掌灯人', role: 'owner', ...operator })
}

async function seedCategories(ctx: Ctx, academy: AcademyFile): Promise<Known['categories']> {
  const keys: Known['categories'] = new Map()
  const have = (await showCategories(ctx)).items
  const ensure = async (name: string, parent: Id<'cat'> | null) => have.find((one) => one.name === name)?.id ?? (await addCategory(ctx, { name, parent })).id
  for (const category of academy.categories) {
    const parent = await ensure(category.name, null)
    keys.set(category.key, parent)
    for (const child of category.children) keys.set(child.key, await ensure(child.name, parent))
  }
  return keys
}

async function seedLecturers(ctx: Ctx, academy: AcademyFile): Promise<Known['lecturers']> {
  const have = (await showLecturers(ctx)).items
  const keys: Known['lecturers'] = new Map()
  for (const { key, name, title, bio, portrait } of academy.lecturers) {
    const known = have.find((one) => one.name === name)?.id
    keys.set(key, known ?? (await saveLecturer(ctx, null, { name, title, bio, portraitAsset: await readyFile(ctx, join(folder, portrait), 'image', name) })).id)
  }
  return keys
}

function readCourse(slug: string): CourseFile & { price: ReturnType<typeof cents> } {
  const course = readJson<CourseFile>(join('courses', slug, 'course.json'))
  return { ...course, price: cents(course.priceCents) }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(folder, path), 'utf8')) as T
}
