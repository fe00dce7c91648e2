// Redeem codes: batches made by operators, each code redeemed once by a learner.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, PageOf, Shape, Type, paging, type Static } from './shapes.ts'

export const CodeBatch = Shape({
  id: IdOf('btc'),
  title: Line(40),
  offer: IdOf('ofr'),
  gives: Line(100),
  count: Type.Integer(),
  redeemed: Type.Integer(),
  expiresAt: Maybe(At),
  madeBy: Line(60),
  madeAt: At,
})
export type CodeBatch = Static<typeof CodeBatch>

/** What a code gave: the courses it opened, or the plan. */
export const Redemption = Shape({
  title: Line(100),
  courses: Type.Array(Shape({ id: IdOf('crs'), title: Line(60) })),
  plan: Maybe(IdOf('pln')),
})
export type Redemption = Static<typeof Redemption>

const one = Shape({ batch: IdOf('btc') })
export const codeRoutes = {
  'GET /console/code-batches': route({ as: { staff: 'price.write' }, about: 'Batches of codes, newest first, with how many are redeemed.', query: Shape(paging), reply: PageOf(CodeBatch) }),
  'POST /console/code-batches': route({
    as: { staff: 'price.write' },
    about: 'Makes codes for what an offer gives now; later changes of the offer do not touch them.',
    body: Shape({ title: Line(40), offer: IdOf('ofr'), count: Type.Integer({ minimum: 1, maximum: 5000 }), expiresAt: Maybe(At) }),
    reply: CodeBatch,
    refusals: ['thing.not_found', 'request.invalid'],
  }),
  'PUT /console/code-batches/:batch': route({ as: { staff: 'price.write' }, about: 'Moves the end of a batch; an end that has passed stops its codes.', params: one, body: Shape({ expiresAt: Maybe(At) }), reply: CodeBatch, refusals: ['thing.not_found'] }),
  'GET /console/code-batches/:batch/exports': route({ as: { staff: 'price.write' }, about: 'The codes of a batch as a CSV file (UTF-8 with BOM); audited.', params: one, reply: Type.String(), type: 'text/csv; charset=utf-8', refusals: ['thing.not_found'] }),
  'POST /redemptions': route({
    as: 'member',
    about: 'Redeems a code: case, spaces and hyphens do not matter. Repeating it gives the same answer to the same member.',
    body: Shape({ code: Line(40) }),
    reply: Redemption,
    refusals: ['code.unknown', 'code.used', 'code.expired', 'offer.already_owned', 'plan.have_better', 'plan.trial_used'],
    limit: { count: 20, seconds: 60 },
  }),
}
