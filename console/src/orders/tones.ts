// How the states of trade are toned.
import type { AttemptState, OrderState } from './kinds.ts'

export type Tone = 'good' | 'wait' | 'bad' | 'still'

export const orderTones: Record<OrderState, Tone> = { placed: 'wait', paid: 'good', closed: 'still', refunded: 'still' }
export const attemptTones: Record<AttemptState, Tone> = { begun: 'wait', paid: 'good', closed: 'still', failed: 'bad', mismatched: 'bad', surplus: 'bad' }
