// Keeping categories and lecturers.
import type { Category, Lecturer } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { isReferenced } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { oneOperator } from '#modules/academy/staff/actions.ts'
import { picturesOf, refuseUnlike } from '#modules/content/media/actions.ts'
import { deleteCategory, deleteLecturer, insertCategory, listCategories, listLecturers, updateAccount, updateCategory, upsertLecturer } from './store.ts'

type Wish = { name: string; title: string; bio: string; portraitAsset: Id<'ast'> | null }

export async function showCategories(ctx: TxCtx): Promise<{ items: Category[] }> {
  return { items: await listCategories(ctx.db) }
}

export async function addCategory(ctx: TxCtx, wish: { name: string; parent: Id<'cat'> | null }): Promise<Category> {
  return inTransaction(ctx, async (ctx) => {
    if (wish.parent) await oneCategory(ctx, wish.parent)
    const id = newId('cat')
    await insertCategory(ctx.db, { id, ...wish })
    await audit(ctx, { action: 'category.added', subject: id, before: null, after: wish })
    return oneCategory(ctx, id)
  })
}

export async function changeCategory(ctx: TxCtx, id: Id<'cat'>, change: { name?: string; position?: number }): Promise<Category> {
  return inTransaction(ctx, async (ctx) => {
    const before = await oneCategory(ctx, id)
    await updateCategory(ctx.db, id, change)
    await audit(ctx, { action: 'category.changed', subject: id, before, after: change })
    return oneCategory(ctx, id)
  })
}

export async function removeCategory(ctx: TxCtx, id: Id<'cat'>): Promise<Record<string, never>> {
  return inTransaction(ctx, async (ctx) => {
    const before = await oneCategory(ctx, id)
    if (await isReferenced(() => deleteCategory(ctx.db, id))) refuse('category.not_empty')
    await audit(ctx, { action: 'category.removed', subject: id, before, after: null })
    return {}
  })
}

export async function showLecturers(ctx: TxCtx): Promise<{ items: Lecturer[] }> {
  const lecturers = await listLecturers(ctx.db)
  const pictures = await picturesOf(ctx, lecturers.map((lecturer) => lecturer.portraitAsset).filter((asset) => asset !== null))
  return { items: lecturers.map((lecturer) => ({ ...lecturer, portrait: lecturer.portraitAsset ? (pictures.get(lecturer.portraitAsset) ?? null) : null })) }
}

export async function saveLecturer(ctx: TxCtx, id: Id<'lec'> | null, wish: Wish): Promise<Lecturer> {
  return inTransaction(ctx, async (ctx) => {
    const before = id ? await oneLecturer(ctx, id) : null
    if (wish.portraitAsset) await refuseUnlike(ctx, wish.portraitAsset, 'image')
    const lecturer = { id: id ?? newId('lec'), ...wish }
    await upsertLecturer(ctx.db, lecturer)
    await audit(ctx, { action: 'lecturer.saved', subject: lecturer.id, before, after: wish })
    return oneLecturer(ctx, lecturer.id)
  })
}

export async function setAccount(ctx: TxCtx, id: Id<'lec'>, staff: Id<'stf'> | null): Promise<Lecturer> {
  return inTransaction(ctx, async (ctx) => {
    const before = await oneLecturer(ctx, id)
    if (staff) await oneOperator(ctx, staff)
    await updateAccount(ctx.db, id, staff)
    await audit(ctx, { action: 'lecturer.account_set', subject: id, before: { staff: before.staff }, after: { staff } })
    return oneLecturer(ctx, id)
  })
}

/** As whom an operator teaches. */
export async function lecturersOf(ctx: TxCtx, staff: Id<'stf'>): Promise<Lecturer[]> {
  return (await showLecturers(ctx)).items.filter((lecturer) => lecturer.staff === staff)
}

export async function removeLecturer(ctx: TxCtx, id: Id<'lec'>): Promise<Record<string, never>> {
  return inTransaction(ctx, async (ctx) => {
    const { portrait: _portrait, ...before } = await oneLecturer(ctx, id)
    if (await isReferenced(() => deleteLecturer(ctx.db, id))) refuse('lecturer.teaches')
    await audit(ctx, { action: 'lecturer.removed', subject: id, before, after: null })
    return {}
  })
}

export async function oneCategory(ctx: TxCtx, id: Id<'cat'>): Promise<Category> {
  return (await showCategories(ctx)).items.find((category) => category.id === id) ?? refuse('thing.not_found', { what: 'category' })
}

export async function oneLecturer(ctx: TxCtx, id: Id<'lec'>): Promise<Lecturer> {
  return (await showLecturers(ctx)).items.find((lecturer) => lecturer.id === id) ?? refuse('thing.not_found', { what: 'lecturer' })
}
