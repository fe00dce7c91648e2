// Categories for everyone; keeping them and the lecturers for operators.
import type { shelfRoutes } from '#contracts/catalog.ts'
import type { Handlers } from '#kernel/serve.ts'
import { addCategory, changeCategory, removeCategory, removeLecturer, saveLecturer, setAccount, showCategories, showLecturers } from './actions.ts'

export const routes: Handlers<typeof shelfRoutes> = {
  'GET /categories': (ctx) => showCategories(ctx),
  'POST /console/categories': (ctx, { body }) => addCategory(ctx, body),
  'PATCH /console/categories/:category': (ctx, { params, body }) => changeCategory(ctx, params.category, body),
  'DELETE /console/categories/:category': (ctx, { params }) => removeCategory(ctx, params.category),
  'GET /console/lecturers': (ctx) => showLecturers(ctx),
  'POST /console/lecturers': (ctx, { body }) => saveLecturer(ctx, null, body),
  'PUT /console/lecturers/:lecturer': (ctx, { params, body }) => saveLecturer(ctx, params.lecturer, body),
  'PUT /console/lecturers/:lecturer/account': (ctx, { params, body }) => setAccount(ctx, params.lecturer, body.staff),
  'DELETE /console/lecturers/:lecturer': (ctx, { params }) => removeLecturer(ctx, params.lecturer),
}
