import { z } from "zod";

/** What is to be answered of one dataset instead of what was counted. */
const said = z.union([
  /** The rows of `web`, which leave as they are. */
  z.strictObject({ web: z.array(z.unknown()) }),
  /** Graph's error, by its numbers: 10 is a token that may send and may not read. */
  z.strictObject({
    error: z.strictObject({ code: z.int(), subcode: z.int().optional() }),
    /** Only where one sender is asked about. */
    ofAgent: z.boolean().optional(),
  }),
]);

export type QualitySaid = z.infer<typeof said>;

/** Parses what `POST /quality` brings; null: what was counted is answered again. */
export const qualityChange = z.strictObject({ dataset: z.string().regex(/^\d+$/), answer: said.nullable() });

/** Scripted answers of the Dataset Quality API, by dataset. */
export class QualityScript {
  readonly #byDataset = new Map<string, QualitySaid>();

  set(dataset: string, answer: QualitySaid | null): void {
    if (answer === null) this.#byDataset.delete(dataset);
    else this.#byDataset.set(dataset, answer);
  }

  /** Null: nothing is scripted for this question. */
  of(dataset: string, agent: string | null): QualitySaid | null {
    const answer = this.#byDataset.get(dataset) ?? null;
    return answer !== null && "error" in answer && answer.ofAgent === true && agent === null ? null : answer;
  }
}
