/** Money is whole cents everywhere; only the edge speaks of decimals. */

/** Cents as webhooks write them: "64.50". */
export function decimal(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** `cents × numerator / denominator`, halves upwards, without leaving whole numbers on the way. */
export function scaled(cents: number, { numerator, denominator }: { numerator: number; denominator: number }): number {
  return Math.floor((2 * cents * numerator + denominator) / (2 * denominator));
}

/** Splits an amount by weight to the last cent: what rounding leaves over goes to the largest remainders. */
export function split(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Math.floor((amount * weight) / whole));
  let left = amount - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % whole }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}
