/** A fault of Shopify's that a test may order. */
export type GraphqlFault = "status 500" | "user error" | "throttled" | "timeout";

/** Scripted faults of the Admin API. */
export class GraphqlWeather {
  #left = 0;
  #kind: GraphqlFault = "status 500";
  /** How long every operation takes, milliseconds. */
  delayMs = 0;

  /** The next `n` operations fail; 0 clears the sky. User errors strike mutations only: a query has none. */
  fail(n: number, kind: GraphqlFault): void {
    this.#left = n;
    this.#kind = kind;
  }

  /** Takes what strikes an operation; null: clear sky. */
  next(operation: "query" | "mutation"): GraphqlFault | null {
    if (this.#left === 0 || (this.#kind === "user error" && operation === "query")) return null;
    this.#left -= 1;
    return this.#kind;
  }
}
