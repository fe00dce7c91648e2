// What learners look at first: home, the course list with search, and the page of a course.
import { route } from './route.ts'
import { IdOf, Line, Maybe, OneOf, Picture, Price, Shape, Text, Type, paging, type Static } from './shapes.ts'
import { LessonAccess } from './access.ts'
import { Sale } from './channels.ts'
import { OfferChoice } from './offers.ts'
import { courseKinds, lessonKinds } from './catalog.ts'
import { CourseProgress } from './progress.ts'
import { RatingSummary, Review } from './reviews.ts'

export const CourseCard = Shape({
  id: IdOf('crs'),
  slug: Line(60),
  title: Line(60),
  promise: Line(80, 0),
  kind: OneOf(courseKinds),
  cover: Maybe(Picture),
  lecturerName: Maybe(Line(30)),
  categoryName: Maybe(Line(20)),
  lessons: Type.Integer(),
  durationSeconds: Type.Number(),
  freeLessons: Type.Integer(),
  price: Maybe(Price),
  rating: Maybe(Type.Number()),
  ratings: Type.Integer(),
  learners: Type.Integer(),
  owned: Type.Boolean(),
})
export type CourseCard = Static<typeof CourseCard>

/** A membership that is on sale here, with its least price. */
export const MembershipTeaser = Shape({ title: Line(20), price: Price })
export type MembershipTeaser = Static<typeof MembershipTeaser>

export const CoursePage = Shape({
  card: CourseCard,
  descriptionHtml: Type.String(),
  outcomes: Type.Array(Line(60)),
  lecturer: Maybe(Shape({ name: Line(30), title: Line(60, 0), bio: Text(2000), portrait: Maybe(Picture) })),
  outline: Type.Array(
    Shape({
      title: Line(60),
      lessons: Type.Array(
        Shape({
          id: IdOf('lsn'),
          number: Type.Integer(),
          title: Line(80),
          kind: OneOf(lessonKinds),
          durationSeconds: Maybe(Type.Number()),
          free: Type.Boolean(),
          access: LessonAccess,
          basisPoints: Type.Integer(),
          completed: Type.Boolean(),
        }),
      ),
    }),
  ),
  summary: RatingSummary,
  reviews: Type.Array(Review),
  related: Type.Array(CourseCard),
  progress: Maybe(CourseProgress),
  /** Ways to get the course here today: its tiers first, then bundles that hold it. */
  choices: Type.Array(OfferChoice),
  /** Memberships on sale here that open it, the cheapest first, each with its least price; none for whoever has the course. */
  memberships: Type.Array(MembershipTeaser),
  /** Goods that go with the course, also for whoever has it. */
  goods: Type.Array(OfferChoice),
  sale: Sale,
  /** The one thing the fixed button does. `closed`: it is not sold, or not here today; `lesson` is what can be opened all the same. */
  action: Type.Union([
    Shape({ kind: Type.Literal('continue'), lesson: IdOf('lsn'), number: Type.Integer() }),
    Shape({ kind: Type.Literal('begin'), lesson: IdOf('lsn') }),
    Shape({ kind: Type.Literal('buy'), offer: IdOf('ofr'), price: Price, accessDays: Maybe(Type.Integer()) }),
    Shape({ kind: Type.Literal('get_free'), offer: IdOf('ofr') }),
    Shape({ kind: Type.Literal('closed'), price: Maybe(Price), lesson: Maybe(IdOf('lsn')) }),
  ]),
})
export type CoursePage = Static<typeof CoursePage>

export const Home = Shape({
  academy: Shape({ name: Line(40), motto: Line(80, 0), logo: Maybe(Picture), features: Shape({ reviews: Type.Boolean(), search: Type.Boolean() }) }),
  continueLearning: Maybe(CourseProgress),
  /** Memberships on sale here, the cheapest first; none for whoever has one. */
  memberships: Type.Array(MembershipTeaser),
  /** The first free lesson of each course that has one, except of courses the member has. */
  tasters: Type.Array(Shape({ lesson: IdOf('lsn'), title: Line(80), kind: OneOf(lessonKinds), durationSeconds: Maybe(Type.Number()), course: Line(60), cover: Maybe(Picture) })),
  shelves: Type.Array(Shape({ key: OneOf(['newest', 'free', 'category', 'owned'] as const), title: Maybe(Line(40)), category: Maybe(IdOf('cat')), courses: Type.Array(CourseCard) })),
})
export type Home = Static<typeof Home>

export const pageRoutes = {
  'GET /home': route({ as: 'anyone', about: 'The first page: continue learning, then shelves.', reply: Home }),
  'GET /courses': route({
    as: 'anyone',
    about: 'Published courses by search, category, kind and price; sorted.',
    query: Shape({
      ...paging,
      q: Type.Optional(Text(80)),
      category: Type.Optional(IdOf('cat')),
      kind: Type.Optional(OneOf(courseKinds)),
      price: Type.Optional(OneOf(['free', 'paid'] as const)),
      sort: Type.Optional(OneOf(['relevance', 'newest', 'popular', 'price_up', 'price_down'] as const)),
    }),
    reply: Shape({ items: Type.Array(CourseCard), next: Maybe(Type.String()), sale: Sale }),
  }),
  'GET /courses/:course': route({
    as: 'anyone',
    about: 'The page of a course, by id or slug. Works without sign-in, from a shared link.',
    params: Shape({ course: Line(60) }),
    reply: CoursePage,
    refusals: ['thing.not_found'],
  }),
}
