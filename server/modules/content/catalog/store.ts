// Remembers courses.
import type { EditedLesson } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'
import { holding } from '#kernel/like.ts'
import type { CourseState } from './rules.ts'

type Kind = EditedLesson['kind']
type CourseRow = { id: Id<'crs'>; slug: string; title: string; promise: string; description_html: string; outcomes: string[]; kind: Kind | 'mixed'; category_id: Id<'cat'> | null; lecturer_id: Id<'lec'> | null; lecturer_name: string; cover_asset: Id<'ast'> | null; related: Id<'crs'>[]; state: CourseState; publish_at: Date | null; published_at: Date | null; version: number; updated_at: Date }

export type KeptCourse = { id: Id<'crs'>; slug: string; title: string; promise: string; descriptionHtml: string; outcomes: string[]; kind: Kind | 'mixed'; category: Id<'cat'> | null; lecturer: Id<'lec'> | null; lecturerName: string; coverAsset: Id<'ast'> | null; related: Id<'crs'>[]; state: CourseState; publishAt: Date | null; publishedAt: Date | null; version: number; updatedAt: Date }

function keptCourse(row: CourseRow): KeptCourse {
  return { id: row.id, slug: row.slug, title: row.title, promise: row.promise, descriptionHtml: row.description_html, outcomes: row.outcomes, kind: row.kind, category: row.category_id, lecturer: row.lecturer_id, lecturerName: row.lecturer_name, coverAsset: row.cover_asset, related: row.related, state: row.state, publishAt: row.publish_at, publishedAt: row.published_at, version: row.version, updatedAt: row.updated_at }
}

export async function findCourse(db: Db, idOrSlug: string): Promise<KeptCourse | undefined> {
  const { rows } = await db.query<CourseRow>(sql`select * from courses where id = ${idOrSlug} or slug = ${idOrSlug}`)
  return rows[0] && keptCourse(rows[0])
}

/** Whoever edits it next waits. */
export async function lockCourse(db: Db, id: Id<'crs'>): Promise<void> {
  await db.query(sql`select id from courses where id = ${id} for no key update`)
}

/** Two courses that want the same address at once are served one after the other; ends with the transaction. */
export async function lockSlug(db: Db, slug: string): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended(${`catalog:${slug}`}, 0))`)
}

export async function listCourses(db: Db, ids: Id<'crs'>[]): Promise<KeptCourse[]> {
  const { rows } = await db.query<CourseRow>(sql`select * from courses where id = any(${ids})`)
  return rows.map(keptCourse)
}

/** `among`: none but these; `ranks`: an order that other rooms know, the least first, of which a course that is not named has 0. */
export type CourseSearch = {
  q: string | null; states: CourseState[]; lecturers: Id<'lec'>[] | null; categories: Id<'cat'>[] | null; kind: string | null; among: Id<'crs'>[] | null; except: Id<'crs'>[]; ranks: Map<Id<'crs'>, number>
  order: 'relevance' | 'newest' | 'changed'
}
export const everyCourse: Omit<CourseSearch, 'states'> = { q: null, lecturers: null, categories: null, kind: null, among: null, except: [], ranks: new Map(), order: 'relevance' }

export async function searchCourses(db: Db, search: CourseSearch, offset: number, limit: number): Promise<KeptCourse[]> {
  const words = holding(search.q)
  const { rows } = await db.query<CourseRow>(sql`
    select c.* from courses c left join unnest(${[...search.ranks.keys()]}::text[], ${[...search.ranks.values()]}::float8[]) as ranked (course_id, rank) on ranked.course_id = c.id
    where c.state = any(${search.states})
      and (${search.q}::text is null or c.title || ' ' || c.promise ilike ${words} or c.lecturer_name ilike ${words} or c.slug = ${search.q} or array_to_string(c.outcomes, ' ') ilike ${words})
      and (${search.lecturers}::text[] is null or c.lecturer_id = any(${search.lecturers}))
      and (${search.categories}::text[] is null or c.category_id = any(${search.categories}))
      and (${search.kind}::text is null or c.kind = ${search.kind})
      and (${search.among}::text[] is null or c.id = any(${search.among})) and c.id <> all(${search.except})
    order by coalesce(ranked.rank, 0), case when ${search.q}::text is null or ${search.order} <> 'relevance' then 0 else -similarity(c.title, coalesce(${search.q}, '')) end, case when ${search.order} = 'changed' then c.updated_at else coalesce(c.published_at, c.updated_at) end desc, c.id
    offset ${offset} limit ${limit}`)
  return rows.map(keptCourse)
}

export async function listNewestInEach(db: Db, groups: Map<Id<'cat'>, Id<'cat'>>, most: number): Promise<KeptCourse[]> {
  const { rows } = await db.query<CourseRow>(sql`
    select * from (
      select c.*, row_number() over (partition by grouped.into_id order by coalesce(c.published_at, c.updated_at) desc, c.id) as place
      from courses c join unnest(${[...groups.keys()]}::text[], ${[...groups.values()]}::text[]) as grouped (category_id, into_id) on grouped.category_id = c.category_id
      where c.state = 'published') placed
    where place <= ${most} order by place`)
  return rows.map(keptCourse)
}

export async function insertCourse(db: Db, course: Pick<KeptCourse, 'id' | 'slug' | 'title' | 'kind' | 'lecturer' | 'lecturerName' | 'updatedAt'>): Promise<void> {
  await db.query(sql`
    insert into courses (id, slug, title, kind, lecturer_id, lecturer_name, state, updated_at)
    values (${course.id}, ${course.slug}, ${course.title}, ${course.kind}, ${course.lecturer}, ${course.lecturerName}, 'draft', ${course.updatedAt})`)
}

/** Writes every field of a course that is still at `version`; false when somebody saved meanwhile. */
export async function updateCourse(db: Db, course: KeptCourse): Promise<boolean> {
  const { count } = await db.query(sql`
    update courses set slug = ${course.slug}, title = ${course.title}, promise = ${course.promise}, description_html = ${course.descriptionHtml}, outcomes = ${course.outcomes},
      category_id = ${course.category}, lecturer_id = ${course.lecturer}, lecturer_name = ${course.lecturerName}, cover_asset = ${course.coverAsset}, related = ${course.related}, state = ${course.state},
      publish_at = ${course.publishAt}, published_at = ${course.publishedAt}, version = version + 1, updated_at = ${course.updatedAt}
    where id = ${course.id} and version = ${course.version}`)
  return count > 0
}

/** No other course goes on pointing at it. */
export async function deleteCourse(db: Db, id: Id<'crs'>): Promise<void> {
  await db.query(sql`delete from courses where id = ${id}`)
  await db.query(sql`update courses set related = array_remove(related, ${id}), version = version + 1 where ${id} = any(related)`)
}

export async function listDue(db: Db, now: Date): Promise<Id<'crs'>[]> {
  const { rows } = await db.query<{ id: Id<'crs'> }>(sql`select id from courses where state = 'scheduled' and publish_at <= ${now}`)
  return rows.map((row) => row.id)
}

export async function listIdsOf(db: Db, lecturers: Id<'lec'>[]): Promise<Id<'crs'>[]> {
  const { rows } = await db.query<{ id: Id<'crs'> }>(sql`select id from courses where lecturer_id = any(${lecturers})`)
  return rows.map((row) => row.id)
}
