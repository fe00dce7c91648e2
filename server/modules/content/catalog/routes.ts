// Courses as operators write them.
import type { catalogRoutes } from '#contracts/catalog.ts'
import type { Handlers } from '#kernel/serve.ts'
import { markdownToHtml } from '#modules/content/outline/actions.ts'
import { addChapter, addLesson, archiveCourse, beginCourse, changeCourse, changeLesson, listForDesk, orderCourse, publishCourse, removeChapter, removeCourse, removeLesson, renameChapter, setSubtitle, showCourse, unpublishCourse } from './actions.ts'

export const routes: Handlers<typeof catalogRoutes> = {
  'GET /console/courses': (ctx, { query }) => listForDesk(ctx, query),
  'POST /console/courses': (ctx, { body }) => beginCourse(ctx, body),
  'GET /console/courses/:course': (ctx, { params }) => showCourse(ctx, params.course),
  'PATCH /console/courses/:course': (ctx, { params, body: { version, ...fields } }) => changeCourse(ctx, params.course, version, fields),
  'DELETE /console/courses/:course': (ctx, { params }) => removeCourse(ctx, params.course),
  'POST /console/courses/:course/publications': (ctx, { params, body }) => publishCourse(ctx, params.course, body.at),
  'DELETE /console/courses/:course/publications': (ctx, { params }) => unpublishCourse(ctx, params.course),
  'POST /console/courses/:course/archivings': (ctx, { params }) => archiveCourse(ctx, params.course),
  'POST /console/courses/:course/chapters': (ctx, { params, body }) => addChapter(ctx, params.course, body.title),
  'PATCH /console/chapters/:chapter': (ctx, { params, body }) => renameChapter(ctx, params.chapter, body.title),
  'DELETE /console/chapters/:chapter': (ctx, { params }) => removeChapter(ctx, params.chapter),
  'POST /console/chapters/:chapter/lessons': (ctx, { params, body }) => addLesson(ctx, params.chapter, body),
  'PATCH /console/lessons/:lesson': (ctx, { params, body: { version, ...fields } }) => changeLesson(ctx, params.lesson, version, fields),
  'DELETE /console/lessons/:lesson': (ctx, { params }) => removeLesson(ctx, params.lesson, ctx.actor),
  'PUT /console/courses/:course/order': (ctx, { params, body }) => orderCourse(ctx, params.course, body.chapters),
  'PUT /console/lessons/:lesson/subtitles': (ctx, { params, body }) => setSubtitle(ctx, params.lesson, body.language, body.asset),
  'POST /console/articles/markdown': async (_ctx, { body }) => markdownToHtml(body.markdown),
}
