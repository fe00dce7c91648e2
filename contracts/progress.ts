// How far a member has come: watched ranges, the position to resume at, the shelf of courses under way.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Picture, Shape, Type, OneOf, type Static } from './shapes.ts'
import { lessonKinds } from './catalog.ts'

/** Half-open ranges of whole seconds that were really played. Articles use basis points of the page instead of seconds. */
export const WatchedRange = Type.Tuple([Type.Integer({ minimum: 0, maximum: 360_000 }), Type.Integer({ minimum: 0, maximum: 360_000 })])

export const LessonProgress = Shape({
  lesson: IdOf('lsn'),
  positionSeconds: Type.Number(),
  watchedSeconds: Type.Integer(),
  basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
  completed: Type.Boolean(),
  seenAt: At,
})
export type LessonProgress = Static<typeof LessonProgress>

export const CourseProgress = Shape({
  course: IdOf('crs'),
  slug: Line(60),
  title: Line(60),
  cover: Maybe(Picture),
  lecturerName: Maybe(Line(30)),
  lessonsDone: Type.Integer(),
  lessons: Type.Integer(),
  basisPoints: Type.Integer(),
  next: Maybe(Shape({ lesson: IdOf('lsn'), number: Type.Integer(), title: Line(80), kind: OneOf(lessonKinds), positionSeconds: Type.Number() })),
  seenAt: Maybe(At),
})
export type CourseProgress = Static<typeof CourseProgress>

export const progressRoutes = {
  'PUT /lessons/:lesson/progress': route({
    as: 'member',
    about: 'Adds what a device played. Ranges are merged with all others, and may be none when only the position moved; repeating a report changes nothing. `at` is when the position was true on the device.',
    params: Shape({ lesson: IdOf('lsn') }),
    body: Shape({
      ranges: Type.Array(WatchedRange, { maxItems: 200 }),
      positionSeconds: Type.Number({ minimum: 0, maximum: 360_000 }),
      at: At,
    }),
    reply: LessonProgress,
    refusals: ['thing.not_found', 'lesson.no_access', 'request.invalid'],
    limit: { count: 240, seconds: 60 },
  }),
  'GET /learning': route({
    as: 'member',
    about: 'The learning centre: courses under way or owned, latest first, and the days learnt.',
    reply: Shape({
      courses: Type.Array(CourseProgress),
      today: Shape({ seconds: Type.Integer(), lessons: Type.Integer() }),
      streakDays: Type.Integer(),
      totalSeconds: Type.Integer(),
    }),
  }),
  'GET /courses/:course/progress': route({
    as: 'member',
    about: 'Progress of every lesson of a course.',
    params: Shape({ course: IdOf('crs') }),
    reply: Shape({ course: Maybe(CourseProgress), lessons: Type.Array(LessonProgress) }),
    refusals: ['thing.not_found'],
  }),
  'GET /console/members/:member/progress': route({
    as: { staff: 'member.read' },
    about: "A member's courses with progress.",
    params: Shape({ member: IdOf('mem') }),
    reply: Shape({ courses: Type.Array(CourseProgress) }),
    refusals: ['thing.not_found'],
  }),
}
