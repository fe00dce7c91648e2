// What there is to learn: categories, lecturers, courses, chapters and lessons, as operators write them.
import { route } from './route.ts'
import { At, Empty, IdOf, Line, Maybe, OneOf, PageOf, Picture, Shape, Text, Type, paging, type Static } from './shapes.ts'

export const courseStates = ['draft', 'scheduled', 'published', 'archived'] as const
export const lessonKinds = ['video', 'audio', 'article'] as const
export const courseKinds = ['video', 'audio', 'article', 'mixed'] as const

export const Category = Shape({ id: IdOf('cat'), name: Line(20), parent: Maybe(IdOf('cat')), position: Type.Integer() })
export type Category = Static<typeof Category>

/** `staff`: the operator that the lecturer is; whoever may not read every course has those of their own lecturers. */
export const Lecturer = Shape({ id: IdOf('lec'), name: Line(30), title: Line(60, 0), bio: Text(2000), portrait: Maybe(Picture), portraitAsset: Maybe(IdOf('ast')), staff: Maybe(IdOf('stf')) })
export type Lecturer = Static<typeof Lecturer>

/** How much of a closed lesson anyone may try: seconds or basis points of its length, the smaller when both are set. */
export const Trial = Shape({ seconds: Maybe(Type.Integer({ minimum: 1, maximum: 36_000 })), basisPoints: Maybe(Type.Integer({ minimum: 1, maximum: 10_000 })) })
export type Trial = Static<typeof Trial>

export const Subtitle = Shape({ id: IdOf('sub'), language: OneOf(['zh-Hans', 'zh-Hant', 'en'] as const), label: Line(30), asset: IdOf('ast') })

export const EditedLesson = Shape({
  id: IdOf('lsn'),
  chapter: IdOf('chp'),
  position: Type.Integer(),
  title: Line(80),
  kind: OneOf(lessonKinds),
  summary: Text(400),
  asset: Maybe(IdOf('ast')),
  durationSeconds: Maybe(Type.Number()),
  articleHtml: Type.String(),
  free: Type.Boolean(),
  trial: Maybe(Trial),
  subtitles: Type.Array(Subtitle),
  ready: Type.Boolean({ description: 'its video, audio or text is complete' }),
  version: Type.Integer(),
})
export type EditedLesson = Static<typeof EditedLesson>

export const EditedChapter = Shape({ id: IdOf('chp'), title: Line(60), position: Type.Integer(), lessons: Type.Array(EditedLesson) })

export const EditedCourse = Shape({
  id: IdOf('crs'),
  slug: Line(60),
  title: Line(60),
  promise: Line(80, 0),
  descriptionHtml: Type.String(),
  outcomes: Type.Array(Line(60), { maxItems: 10 }),
  kind: OneOf(courseKinds),
  category: Maybe(IdOf('cat')),
  lecturer: Maybe(IdOf('lec')),
  coverAsset: Maybe(IdOf('ast')),
  cover: Maybe(Picture),
  related: Type.Array(IdOf('crs'), { maxItems: 6 }),
  state: OneOf(courseStates),
  publishAt: Maybe(At),
  publishedAt: Maybe(At),
  chapters: Type.Array(EditedChapter),
  version: Type.Integer(),
  updatedAt: At,
  can: Type.Array(OneOf(['edit', 'publish', 'schedule', 'unpublish', 'archive', 'restore', 'delete'] as const)),
  missing: Type.Array(Line(80), { description: 'what publishing still needs, as codes: cover, lecturer, category, lessons, lesson_not_ready:<id>' }),
})
export type EditedCourse = Static<typeof EditedCourse>

export const CourseRow = Shape({
  id: IdOf('crs'),
  slug: Line(60),
  title: Line(60),
  kind: OneOf(courseKinds),
  state: OneOf(courseStates),
  cover: Maybe(Picture),
  lecturerName: Maybe(Line(30)),
  categoryName: Maybe(Line(20)),
  lessons: Type.Integer(),
  publishAt: Maybe(At),
  updatedAt: At,
})
export type CourseRow = Static<typeof CourseRow>

const CourseFields = {
  title: Line(60),
  slug: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  promise: Line(80, 0),
  descriptionHtml: Text(60_000),
  outcomes: Type.Array(Line(60), { maxItems: 10 }),
  category: Maybe(IdOf('cat')),
  lecturer: Maybe(IdOf('lec')),
  coverAsset: Maybe(IdOf('ast')),
  related: Type.Array(IdOf('crs'), { maxItems: 6 }),
}

const LessonFields = {
  title: Line(80),
  summary: Text(400),
  asset: Maybe(IdOf('ast')),
  articleHtml: Text(400_000),
  free: Type.Boolean(),
  trial: Maybe(Trial),
}

const inCourse = Shape({ course: IdOf('crs') })
const write = { staff: 'course.write' } as const
const shelve = { staff: 'shelf.write' } as const

export const shelfRoutes = {
  'GET /categories': route({ as: 'anyone', about: 'All categories, as a flat list in order.', reply: Shape({ items: Type.Array(Category) }) }),
  'POST /console/categories': route({ as: shelve, about: 'Adds a category at the end.', body: Shape({ name: Line(20), parent: Maybe(IdOf('cat')) }), reply: Category, refusals: ['thing.not_found'] }),
  'PATCH /console/categories/:category': route({
    as: shelve,
    about: 'Renames or moves a category.',
    params: Shape({ category: IdOf('cat') }),
    body: Shape({ name: Type.Optional(Line(20)), position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })) }),
    reply: Category,
    refusals: ['thing.not_found'],
  }),
  'DELETE /console/categories/:category': route({ as: shelve, about: 'Removes an empty category.', params: Shape({ category: IdOf('cat') }), reply: Empty, refusals: ['thing.not_found', 'category.not_empty'] }),
  'GET /console/lecturers': route({ as: { staff: 'course.read' }, about: 'All lecturers.', reply: Shape({ items: Type.Array(Lecturer) }) }),
  'POST /console/lecturers': route({ as: shelve, about: 'Adds a lecturer.', body: Shape({ name: Line(30), title: Line(60, 0), bio: Text(2000), portraitAsset: Maybe(IdOf('ast')) }), reply: Lecturer, refusals: ['thing.not_found', 'asset.state_forbids'] }),
  'PUT /console/lecturers/:lecturer': route({
    as: shelve,
    about: 'Replaces what is said of a lecturer.',
    params: Shape({ lecturer: IdOf('lec') }),
    body: Shape({ name: Line(30), title: Line(60, 0), bio: Text(2000), portraitAsset: Maybe(IdOf('ast')) }),
    reply: Lecturer,
    refusals: ['thing.not_found', 'asset.state_forbids'],
  }),
  'DELETE /console/lecturers/:lecturer': route({ as: shelve, about: 'Removes a lecturer whom no course names.', params: Shape({ lecturer: IdOf('lec') }), reply: Empty, refusals: ['thing.not_found', 'lecturer.teaches'] }),
  'PUT /console/lecturers/:lecturer/account': route({
    as: { staff: 'staff.manage' },
    about: 'Says which operator the lecturer is, or that it is none.',
    params: Shape({ lecturer: IdOf('lec') }),
    body: Shape({ staff: Maybe(IdOf('stf')) }),
    reply: Lecturer,
    refusals: ['thing.not_found'],
  }),
}

export const catalogRoutes = {
  'GET /console/courses': route({
    as: { staff: 'course.read' },
    about: 'Courses of every state, latest change first; to who may not read every course, their own.',
    query: Shape({ ...paging, q: Type.Optional(Text(80)), state: Type.Optional(OneOf(courseStates)) }),
    reply: PageOf(CourseRow),
  }),
  'POST /console/courses': route({ as: write, about: 'Begins a draft; one of a lecturer who signed in is their own.', body: Shape({ title: Line(60), kind: OneOf(courseKinds) }), reply: EditedCourse }),
  'GET /console/courses/:course': route({ as: { staff: 'course.read' }, about: 'A course with its whole tree.', params: inCourse, reply: EditedCourse, refusals: ['thing.not_found'] }),
  'PATCH /console/courses/:course': route({
    as: write,
    about: 'Autosave: changes some fields. `version` is the one read; a later one means somebody else saved meanwhile.',
    params: inCourse,
    body: Shape({ version: Type.Integer(), ...Type.Partial(Shape(CourseFields)).properties }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'thing.changed_meanwhile', 'course.slug_taken', 'course.state_forbids', 'asset.state_forbids'],
  }),
  'DELETE /console/courses/:course': route({ as: { staff: 'course.publish' }, about: 'Deletes a draft that was never published and that nobody was given, with its price.', params: inCourse, reply: Empty, refusals: ['thing.not_found', 'course.state_forbids', 'course.in_use'] }),
  'POST /console/courses/:course/publications': route({
    as: { staff: 'course.publish' },
    about: 'Publishes now, or at an instant (then the course is scheduled).',
    params: inCourse,
    body: Shape({ at: Maybe(At) }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'course.cannot_publish', 'course.state_forbids'],
  }),
  'DELETE /console/courses/:course/publications': route({ as: { staff: 'course.publish' }, about: 'Back to draft, from the shelf, the timetable or the archive; those who own it keep it.', params: inCourse, reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids'] }),
  'POST /console/courses/:course/archivings': route({ as: { staff: 'course.publish' }, about: 'Archives: gone from lists, kept by owners.', params: inCourse, reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids'] }),
  'POST /console/courses/:course/chapters': route({ as: write, about: 'Adds a chapter at the end.', params: inCourse, body: Shape({ title: Line(60) }), reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids'] }),
  'PATCH /console/chapters/:chapter': route({ as: write, about: 'Renames a chapter.', params: Shape({ chapter: IdOf('chp') }), body: Shape({ title: Line(60) }), reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids'] }),
  'DELETE /console/chapters/:chapter': route({ as: write, about: 'Removes a chapter with its lessons.', params: Shape({ chapter: IdOf('chp') }), reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids'] }),
  'POST /console/chapters/:chapter/lessons': route({
    as: write,
    about: 'Adds a lesson at the end of a chapter.',
    params: Shape({ chapter: IdOf('chp') }),
    body: Shape({ title: Line(80), kind: OneOf(lessonKinds) }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'course.state_forbids'],
  }),
  'PATCH /console/lessons/:lesson': route({
    as: write,
    about: 'Changes some fields of a lesson; article HTML is cleaned on save. `version` is the one read; a later one means somebody else saved meanwhile.',
    params: Shape({ lesson: IdOf('lsn') }),
    body: Shape({ version: Type.Integer(), ...Type.Partial(Shape(LessonFields)).properties }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'thing.changed_meanwhile', 'course.state_forbids', 'asset.state_forbids'],
  }),
  'DELETE /console/lessons/:lesson': route({ as: write, about: 'Removes a lesson; of a published course only by who may publish.', params: Shape({ lesson: IdOf('lsn') }), reply: EditedCourse, refusals: ['thing.not_found', 'course.state_forbids', 'staff.not_permitted'] }),
  'PUT /console/courses/:course/order': route({
    as: write,
    about: 'The whole tree after dragging: chapters in order, each with its lessons in order.',
    params: inCourse,
    body: Shape({ chapters: Type.Array(Shape({ chapter: IdOf('chp'), lessons: Type.Array(IdOf('lsn'), { maxItems: 500 }) }), { maxItems: 200 }) }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'course.state_forbids', 'request.invalid'],
  }),
  'PUT /console/lessons/:lesson/subtitles': route({
    as: write,
    about: 'Sets the subtitle of one language (asset null removes it).',
    params: Shape({ lesson: IdOf('lsn') }),
    body: Shape({ language: OneOf(['zh-Hans', 'zh-Hant', 'en'] as const), asset: Maybe(IdOf('ast')) }),
    reply: EditedCourse,
    refusals: ['thing.not_found', 'course.state_forbids', 'asset.state_forbids'],
  }),
  'POST /console/articles/markdown': route({
    as: write,
    about: 'Turns Markdown into the clean HTML the editor holds.',
    body: Shape({ markdown: Text(400_000) }),
    reply: Shape({ html: Type.String() }),
  }),
}
