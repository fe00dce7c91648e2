// Remembers the chapters and lessons of courses.
import type { EditedLesson, Trial } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type LessonRow = { id: Id<'lsn'>; course_id: Id<'crs'>; chapter_id: Id<'chp'>; position: number; title: string; kind: EditedLesson['kind']; summary: string; asset_id: Id<'ast'> | null; article_html: string; free: boolean; trial: Trial | null; version: number }
export type KeptLesson = { id: Id<'lsn'>; course: Id<'crs'>; chapter: Id<'chp'>; position: number; title: string; kind: EditedLesson['kind']; summary: string; asset: Id<'ast'> | null; articleHtml: string; free: boolean; trial: Trial | null; version: number }
export type KeptChapter = { id: Id<'chp'>; course: Id<'crs'>; title: string; position: number }

function keptLesson(row: LessonRow): KeptLesson {
  return { id: row.id, course: row.course_id, chapter: row.chapter_id, position: row.position, title: row.title, kind: row.kind, summary: row.summary, asset: row.asset_id, articleHtml: row.article_html, free: row.free, trial: row.trial, version: row.version }
}

export async function listChapters(db: Db, course: Id<'crs'>): Promise<KeptChapter[]> {
  const { rows } = await db.query<KeptChapter>(sql`select id, course_id as course, title, position from chapters where course_id = ${course} order by position, id`)
  return rows
}

export async function findChapter(db: Db, id: Id<'chp'>): Promise<KeptChapter | undefined> {
  const { rows } = await db.query<KeptChapter>(sql`select id, course_id as course, title, position from chapters where id = ${id}`)
  return rows[0]
}

export async function insertChapter(db: Db, chapter: Omit<KeptChapter, 'position'>): Promise<void> {
  await db.query(sql`
    insert into chapters (id, course_id, title, position) select ${chapter.id}, ${chapter.course}, ${chapter.title}, coalesce(max(position), -1) + 1 from chapters where course_id = ${chapter.course}`)
}

export async function updateChapter(db: Db, chapter: { id: Id<'chp'>; title?: string; position?: number }): Promise<void> {
  await db.query(sql`update chapters set title = coalesce(${chapter.title ?? null}, title), position = coalesce(${chapter.position ?? null}, position) where id = ${chapter.id}`)
}

export async function deleteChapter(db: Db, id: Id<'chp'>): Promise<void> {
  await db.query(sql`delete from chapters where id = ${id}`)
}

/** Lessons of courses in the order of their chapters. */
export async function listLessons(db: Db, courses: Id<'crs'>[]): Promise<KeptLesson[]> {
  const { rows } = await db.query<LessonRow>(sql`
    select l.* from lessons l join chapters c on c.id = l.chapter_id where l.course_id = any(${courses}) order by l.course_id, c.position, c.id, l.position, l.id`)
  return rows.map(keptLesson)
}

export async function findLesson(db: Db, id: Id<'lsn'>): Promise<KeptLesson | undefined> {
  const { rows } = await db.query<LessonRow>(sql`select * from lessons where id = ${id}`)
  return rows[0] && keptLesson(rows[0])
}

export async function insertLesson(db: Db, lesson: Pick<KeptLesson, 'id' | 'course' | 'chapter' | 'title' | 'kind'>): Promise<void> {
  await db.query(sql`
    insert into lessons (id, course_id, chapter_id, title, kind, position)
    select ${lesson.id}, ${lesson.course}, ${lesson.chapter}, ${lesson.title}, ${lesson.kind}, coalesce(max(position), -1) + 1 from lessons where chapter_id = ${lesson.chapter}`)
}

/** Writes what a lesson says while it is still at `version`; false when somebody saved meanwhile. */
export async function updateLesson(db: Db, lesson: KeptLesson): Promise<boolean> {
  const { count } = await db.query(sql`
    update lessons set title = ${lesson.title}, summary = ${lesson.summary}, asset_id = ${lesson.asset}, article_html = ${lesson.articleHtml}, free = ${lesson.free},
      trial = ${lesson.trial ? JSON.stringify(lesson.trial) : null}, version = version + 1
    where id = ${lesson.id} and version = ${lesson.version}`)
  return count > 0
}

export async function deleteLesson(db: Db, id: Id<'lsn'>): Promise<void> {
  await db.query(sql`delete from lessons where id = ${id}`)
}

export async function updatePlace(db: Db, lesson: Id<'lsn'>, chapter: Id<'chp'>, position: number): Promise<void> {
  await db.query(sql`update lessons set chapter_id = ${chapter}, position = ${position} where id = ${lesson}`)
}

export type KeptSubtitle = { id: Id<'sub'>; lesson: Id<'lsn'>; language: 'zh-Hans' | 'zh-Hant' | 'en'; asset: Id<'ast'> }

export async function listSubtitles(db: Db, lessons: Id<'lsn'>[]): Promise<KeptSubtitle[]> {
  const { rows } = await db.query<KeptSubtitle>(sql`select id, lesson_id as lesson, language, asset_id as asset from subtitles where lesson_id = any(${lessons}) order by language desc`)
  return rows
}

export async function upsertSubtitle(db: Db, subtitle: KeptSubtitle): Promise<void> {
  await db.query(sql`
    insert into subtitles (id, lesson_id, language, asset_id) values (${subtitle.id}, ${subtitle.lesson}, ${subtitle.language}, ${subtitle.asset})
    on conflict (lesson_id, language) do update set asset_id = excluded.asset_id`)
}

export async function deleteSubtitle(db: Db, lesson: Id<'lsn'>, language: string): Promise<void> {
  await db.query(sql`delete from subtitles where lesson_id = ${lesson} and language = ${language}`)
}
