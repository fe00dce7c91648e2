// Names of the wire types the order pages use.
import type { OrderRow } from '#contracts/orders.ts'
import type { PaymentAttempt } from '#contracts/payments.ts'

export type OrderState = OrderRow['state']
export type AttemptState = PaymentAttempt['state']
