// What WeChat Pay keeps of a payment, and gives back with a refund.

/** Of ten thousand: 0.60 %, the usual rate. */
export const FEE_BASIS_POINTS = 60

export function feeOf(cents: number): number {
  return Math.round((cents * FEE_BASIS_POINTS) / 10_000)
}
