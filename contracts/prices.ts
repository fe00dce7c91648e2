// How a price comes about: the steps that are gone through, in this order, and what each did and why.
import { Line, Maybe, Money, OneOf, Shape, Type, type Static } from './shapes.ts'

/** The declared order. A step that has nothing to say leaves no trace. */
export const priceSteps = ['list', 'owned_part', 'plan_discount', 'upgrade_credit', 'shipping'] as const

export const priceReasons = ['list_price', 'pieces', 'free', 'owned_part', 'plan_discount', 'plan_missing', 'upgrade_credit', 'credit_used_up', 'shipping', 'shipping_free'] as const

/** One step of the trace. `label` names what it is about; `count` is its number: pieces of goods, basis points of a discount, days of a credit, courses owned, fen from which shipping is free. */
export const PriceStep = Shape({
  step: OneOf(priceSteps),
  reason: OneOf(priceReasons),
  label: Line(100),
  amount: Money,
  after: Money,
  count: Maybe(Type.Integer()),
})
export type PriceStep = Static<typeof PriceStep>
