// Remembers categories and lecturers.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Category = { id: Id<'cat'>; name: string; parent: Id<'cat'> | null; position: number }
export type Lecturer = { id: Id<'lec'>; name: string; title: string; bio: string; portraitAsset: Id<'ast'> | null; staff: Id<'stf'> | null }

export async function listCategories(db: Db): Promise<Category[]> {
  const { rows } = await db.query<Category>(sql`select id, name, parent_id as parent, position from categories order by position, id`)
  return rows
}

export async function insertCategory(db: Db, category: Omit<Category, 'position'>): Promise<void> {
  await db.query(sql`insert into categories (id, name, parent_id, position) select ${category.id}, ${category.name}, ${category.parent}, coalesce(max(position), -1) + 1 from categories`)
}

export async function updateCategory(db: Db, id: Id<'cat'>, change: { name?: string; position?: number }): Promise<void> {
  await db.query(sql`update categories set name = coalesce(${change.name ?? null}, name), position = coalesce(${change.position ?? null}, position) where id = ${id}`)
}

export async function deleteCategory(db: Db, id: Id<'cat'>): Promise<void> {
  await db.query(sql`delete from categories where id = ${id}`)
}

export async function listLecturers(db: Db): Promise<Lecturer[]> {
  const { rows } = await db.query<Lecturer>(sql`select id, name, title, bio, portrait_asset as "portraitAsset", staff_id as staff from lecturers order by name, id`)
  return rows
}

/** Whose account it is stays as it was. */
export async function upsertLecturer(db: Db, lecturer: Omit<Lecturer, 'staff'>): Promise<void> {
  await db.query(sql`
    insert into lecturers (id, name, title, bio, portrait_asset) values (${lecturer.id}, ${lecturer.name}, ${lecturer.title}, ${lecturer.bio}, ${lecturer.portraitAsset})
    on conflict (id) do update set name = excluded.name, title = excluded.title, bio = excluded.bio, portrait_asset = excluded.portrait_asset`)
}

export async function updateAccount(db: Db, id: Id<'lec'>, staff: Id<'stf'> | null): Promise<void> {
  await db.query(sql`update lecturers set staff_id = ${staff} where id = ${id}`)
}

export async function deleteLecturer(db: Db, id: Id<'lec'>): Promise<void> {
  await db.query(sql`delete from lecturers where id = ${id}`)
}
