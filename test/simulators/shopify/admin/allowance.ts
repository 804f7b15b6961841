/** The points an app may spend at a shop, as Shopify restores them: https://shopify.dev/docs/api/usage/limits */
export class Allowance {
  #left: number;
  #at: number;

  constructor(
    readonly maximumAvailable: number,
    /** Points a second. */
    readonly restoreRate: number,
    readonly now: () => number,
  ) {
    this.#left = maximumAvailable;
    this.#at = now();
  }

  /** Spends as much; false: there is not enough, and nothing was spent. */
  spend(points: number): boolean {
    const enough = this.left >= points;
    if (enough) this.#left -= points;
    return enough;
  }

  get left(): number {
    const at = this.now();
    this.#left = Math.min(this.maximumAvailable, this.#left + ((at - this.#at) / 1_000) * this.restoreRate);
    this.#at = at;
    return this.#left;
  }
}
