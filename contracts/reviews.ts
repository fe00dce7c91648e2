// What those who bought a course say of it, and what the academy answers.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, PageOf, Shape, Text, Type, paging, type Static } from './shapes.ts'

const Stars = Type.Integer({ minimum: 1, maximum: 5 })

export const Review = Shape({
  id: IdOf('rvw'),
  nickname: Line(30),
  stars: Stars,
  text: Text(1000),
  writtenAt: At,
  reply: Maybe(Shape({ text: Text(1000), at: At })),
  mine: Type.Boolean(),
})
export type Review = Static<typeof Review>

/** As operators see it: also when it is out of learners' sight, and why. */
export const DeskReview = Type.Composite([Review, Shape({ course: IdOf('crs'), courseTitle: Line(60), hiddenWhy: Maybe(Line(200)) })], { additionalProperties: false })
export type DeskReview = Static<typeof DeskReview>

export const RatingSummary = Shape({ average: Type.Number(), count: Type.Integer(), byStars: Type.Array(Type.Integer(), { minItems: 5, maxItems: 5, description: 'one star first' }) })

export const reviewRoutes = {
  'GET /courses/:course/reviews': route({
    as: 'anyone',
    about: 'Reviews, newest first, with the summary of all.',
    params: Shape({ course: IdOf('crs') }),
    query: Shape(paging),
    reply: Shape({ items: Type.Array(Review), next: Maybe(Type.String()), summary: RatingSummary, canWrite: Type.Boolean() }),
    refusals: ['thing.not_found'],
  }),
  'POST /courses/:course/reviews': route({
    as: 'member',
    about: 'Writes the one review a buyer may write.',
    params: Shape({ course: IdOf('crs') }),
    body: Shape({ stars: Stars, text: Text(1000, 4) }),
    reply: Review,
    refusals: ['thing.not_found', 'review.not_owner_of_course', 'review.already_written'],
  }),
  'GET /console/reviews': route({
    as: { staff: 'review.reply' },
    about: 'Reviews of all courses, newest first; a lecturer has those of their own courses.',
    query: Shape({ ...paging, unanswered: Type.Optional(Type.Boolean()), course: Type.Optional(IdOf('crs')) }),
    reply: PageOf(DeskReview),
  }),
  'PUT /console/reviews/:review/reply': route({
    as: { staff: 'review.reply' },
    about: 'Answers a review; an earlier answer is replaced.',
    params: Shape({ review: IdOf('rvw') }),
    body: Shape({ text: Text(1000, 1) }),
    reply: Review,
    refusals: ['thing.not_found', 'staff.not_permitted'],
  }),
  'PUT /console/reviews/:review/hiding': route({
    as: { staff: 'review.reply' },
    about: 'Takes a review out of the sight of learners and out of the ratings, for a reason that is kept; null shows it again.',
    params: Shape({ review: IdOf('rvw') }),
    body: Shape({ why: Maybe(Line(200)) }),
    reply: DeskReview,
    refusals: ['thing.not_found', 'staff.not_permitted'],
  }),
}
