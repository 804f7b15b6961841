import type { ErrorName } from "./errors";

/** Which token opens which dataset; `"any"`: every dataset exists and every token opens it. */
export type TokenRules = Readonly<Record<string, string>> | "any";

/** The datasets this Meta knows and the tokens that open them; may change while it runs. */
export class Tokens {
  readonly #open: boolean;
  /** Null: the dataset's token is dead. */
  readonly #byDataset: Map<string, string | null>;

  constructor(rules: TokenRules) {
    this.#open = rules === "any";
    this.#byDataset = new Map(rules === "any" ? [] : Object.entries(rules));
  }

  /** From now on only this token opens the dataset; with null, none does. */
  set(dataset: string, token: string | null): void {
    this.#byDataset.set(dataset, token);
  }

  /** The error this token earns at this dataset, or null when it opens it. */
  judge(dataset: string, token: string | null): ErrorName | null {
    if (!token) return "tokenMissing";
    const valid = this.#byDataset.get(dataset);
    if (valid === token) return null;
    if (valid === null) return "tokenDead";
    if (valid === undefined && this.#open) return null;
    return this.#opensAnother(token) ? "objectMissing" : "tokenUnknown";
  }

  #opensAnother(token: string): boolean {
    return [...this.#byDataset.values()].includes(token);
  }
}
