// Files that operators give us, and how far they have come.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, OneOf, PageOf, Picture, Shape, Type, paging, type Static } from './shapes.ts'

export const assetKinds = ['video', 'audio', 'image', 'subtitle'] as const

export const Asset = Shape({
  id: IdOf('ast'),
  kind: OneOf(assetKinds),
  name: Line(120),
  state: OneOf(['processing', 'ready', 'failed'] as const),
  percent: Type.Integer(),
  problem: Maybe(Line(200)),
  sizeBytes: Type.Integer(),
  durationSeconds: Maybe(Type.Number()),
  picture: Maybe(Picture),
  renditions: Type.Array(Line(10)),
  createdAt: At,
})
export type Asset = Static<typeof Asset>

export const mediaRoutes = {
  'GET /console/assets': route({
    as: { staff: 'course.read' },
    about: 'Files, newest first; for whoever works on their own courses only, the files that they sent.',
    query: Shape({ ...paging, kind: Type.Optional(OneOf(assetKinds)) }),
    reply: PageOf(Asset),
  }),
  'GET /console/assets/:asset': route({ as: { staff: 'course.read' }, about: 'One file with its progress.', params: Shape({ asset: IdOf('ast') }), reply: Asset, refusals: ['thing.not_found'] }),
}
