import { createHash } from "node:crypto";
import { type Fetch, postEvents, requestBody } from "../delivery/graph.server";
import { type Answer, type Judgement, judge } from "../delivery/verdicts";
import type { Log } from "../log.server";
import type { Dataset, Shop } from "../settings/registry.server";
import { liveTestCode } from "../settings/test-code";
import type { NewAttempt } from "../store/rows";

export interface AttemptDeps {
  graph: { url: string; version: string; fetch: Fetch };
  log: Log;
  now: () => number;
  /** Told of every request, for the metrics. */
  onAttempt?: (attempt: NewAttempt) => void;
}

/** An event as it travels. */
export interface Travelling {
  eventId: string;
  /** Of its row in the outbox. */
  rowId: number;
  /** JSON text, exactly as it is sent. */
  json: string;
}

/** One request to Meta with some events: what came of it, and its record. Never throws. */
export async function attempt(
  events: Travelling[],
  shop: Shop,
  dataset: Dataset,
  { graph, log, now, onAttempt }: AttemptDeps,
): Promise<{ attempt: NewAttempt; judgement: Judgement }> {
  const at = now();
  const body = requestBody(
    events.map(({ json }) => json),
    liveTestCode(dataset, at),
  );
  const started = performance.now();
  const destination = { graphUrl: graph.url, version: graph.version, dataset: dataset.dataset, token: dataset.token };
  const answer = await postEvents(destination, body, graph.fetch);
  const judgement = judge(answer);
  const record: NewAttempt = {
    ...recordOf(answer),
    at,
    ms: Math.round(performance.now() - started),
    events: events.length,
    verdict: judgement.verdict,
    bytesHash: createHash("sha256").update(body).digest("hex"),
    eventRowIds: events.map(({ rowId }) => rowId),
  };
  const { eventRowIds: _rows, answer: _text, at: _at, ...fields } = record;
  const { reason } = judgement;
  const first = events[0]?.eventId;
  log.info(
    { shop: shop.domain, dataset: dataset.dataset, first, bytes: Buffer.byteLength(body), reason, ...fields },
    "delivery.attempted",
  );
  onAttempt?.(record);
  return { attempt: record, judgement };
}

function recordOf(answer: Answer): Pick<NewAttempt, "status" | "code" | "subcode" | "fbtraceId" | "answer"> {
  const nothing = { status: null, code: null, subcode: null, fbtraceId: null, answer: answer.text };
  switch (answer.kind) {
    case "accepted":
      return { ...nothing, status: answer.status, fbtraceId: answer.fbtraceId };
    case "error": {
      const { status, code, subcode, fbtraceId } = answer;
      return { ...nothing, status, code, subcode, fbtraceId };
    }
    case "foreign":
      return { ...nothing, status: answer.status };
    case "silence":
      return nothing;
  }
}
