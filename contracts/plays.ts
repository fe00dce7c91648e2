// Opening a lesson: what it holds for this caller, and a play with its signed addresses.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, OneOf, Picture, Price, Shape, Text, Type, type Static } from './shapes.ts'
import { LessonAccess } from './access.ts'
import { lessonKinds } from './catalog.ts'
import { Sale } from './channels.ts'

const Neighbour = Maybe(Shape({ lesson: IdOf('lsn'), title: Line(80) }))

export const LessonPage = Shape({
  id: IdOf('lsn'),
  title: Line(80),
  kind: OneOf(lessonKinds),
  number: Type.Integer(),
  summary: Text(400),
  durationSeconds: Maybe(Type.Number()),
  course: Shape({ id: IdOf('crs'), slug: Line(60), title: Line(60), cover: Maybe(Picture), lecturerName: Maybe(Line(30)) }),
  access: LessonAccess,
  offer: Maybe(Shape({ id: IdOf('ofr'), price: Price })),
  sale: Sale,
  articleHtml: Maybe(Type.String({ description: 'whole, or cut where the trial ends' })),
  previous: Neighbour,
  next: Neighbour,
  positionSeconds: Type.Number(),
})
export type LessonPage = Static<typeof LessonPage>

export const Play = Shape({
  manifestUrl: Type.String({ description: 'HLS master playlist; for a trial it ends where the trial ends' }),
  limitSeconds: Maybe(Type.Number()),
  durationSeconds: Type.Number(),
  qualities: Type.Array(Shape({ name: OneOf(['480p', '720p', '1080p', 'audio'] as const), height: Type.Integer(), url: Type.String() })),
  subtitles: Type.Array(Shape({ language: Line(10), label: Line(30), url: Type.String() })),
  audioUrl: Maybe(Type.String({ description: 'HLS playlist of the sound alone; null for a film without sound' })),
  thumbnailsUrl: Maybe(Type.String({ description: 'WebVTT of the pictures for the seek bar, each a #xywh= part of one sheet; null for sounds' })),
  posterUrl: Maybe(Type.String({ description: 'a frame of the film; null for sounds' })),
  watermark: Maybe(Shape({ text: Line(60) })),
  positionSeconds: Type.Number(),
  expiresAt: At,
})
export type Play = Static<typeof Play>

export const playRoutes = {
  'GET /lessons/:lesson': route({
    as: 'anyone',
    about: 'A lesson as this caller may see it. Works without sign-in: free lessons are whole, others a trial.',
    params: Shape({ lesson: IdOf('lsn') }),
    reply: LessonPage,
    refusals: ['thing.not_found'],
  }),
  'POST /lessons/:lesson/plays': route({
    as: 'anyone',
    about: 'Opens a video or audio lesson and replies signed addresses that live as long as the play.',
    params: Shape({ lesson: IdOf('lsn') }),
    reply: Play,
    refusals: ['thing.not_found', 'lesson.no_access', 'lesson.not_ready', 'lesson.not_playable', 'play.device_limit'],
    limit: { count: 120, seconds: 60 },
  }),
}
