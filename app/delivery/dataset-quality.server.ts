import { z } from "zod";
import { textUpTo } from "./answer-text";
import { DATASET_QUALITY_VERSION, type EventReading, QUALITY_FIELDS, readQuality } from "./dataset-quality";
import { type Destination, type Fetch, META_TIMEOUT_MS } from "./graph.server";
import { type RefusalReason, refusalOf } from "./quality-refusal";

/** Of a dozen events it is some ten thousand; what is longer is not read to its end. */
const MOST_BYTES = 1_000_000;

/** Why there is no answer; the codes are Meta's, null where it gave none. */
export interface QualityRefusal {
  reason: RefusalReason;
  code: number | null;
  subcode: number | null;
}

export type QualityAnswer = { kind: "told"; events: EventReading[] } | { kind: "refused"; refusal: QualityRefusal };

const failed = z.object({
  error: z.object({ code: z.int32(), error_subcode: z.int32().nullable().catch(null) }),
});

/**
 * What Meta says of the quality of a dataset's events: of all senders, or of one by its partner_agent. Never throws. A token
 * without the right to read is refused, though it may send.
 */
export async function askQuality(
  { graphUrl, dataset, token }: Omit<Destination, "version">,
  agent: string | null,
  fetch: Fetch,
): Promise<QualityAnswer> {
  const query = new URLSearchParams({ dataset_id: dataset, fields: QUALITY_FIELDS });
  if (agent !== null) query.set("agent_name", agent);
  try {
    const answer = await fetch(`${graphUrl}/${DATASET_QUALITY_VERSION}/dataset_quality?${query}`, {
      method: "GET",
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(META_TIMEOUT_MS),
    });
    return heard(answer.status, await textUpTo(answer, MOST_BYTES));
  } catch {
    return refused(null, null, null);
  }
}

/** `text`: null where it was too long. */
function heard(status: number, text: string | null): QualityAnswer {
  const json = text === null ? undefined : jsonOf(text);
  const error = failed.safeParse(json);
  if (error.success) return refused(status, error.data.error.code, error.data.error.error_subcode);
  const events = status === 200 ? readQuality(json) : null;
  return events === null ? refused(status, null, null) : { kind: "told", events };
}

function refused(status: number | null, code: number | null, subcode: number | null): QualityAnswer {
  return { kind: "refused", refusal: { reason: refusalOf(status, code, subcode), code, subcode } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
