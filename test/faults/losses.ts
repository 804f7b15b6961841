import { createHash } from "node:crypto";
import type { RequestRecord } from "../simulators/meta/server";

/** The requests whose answers a killed server had not written down. */
export interface Loss {
  /** When it was killed, epoch milliseconds of the scenario's clock. */
  at: number;
  requests: ReadonlySet<RequestRecord>;
}

/** Requests in flight per dataset and process: LANES of app/pipeline.server.ts. */
export const LANES = 4;

/** What came longer ago than this was not in flight any more: its answer should have been written down. */
const IN_FLIGHT_MS = 5_000;

const LOST_ANSWERS: readonly (string | null)[] = ["taken_then_cut", "taken_then_timeout", "taken_then_garbage"];

/** Whether the weather took the events and lost the answer, on purpose. */
export function answerLost({ weather, taken }: RequestRecord): boolean {
  return taken > 0 && LOST_ANSWERS.includes(weather);
}

/** `written`: SHA-256 of every request the database knows; a body that went out twice must stand there twice. */
export function unwritten(
  requests: readonly RequestRecord[],
  written: readonly string[],
  killedAt: number,
  before: readonly Loss[],
): Set<RequestRecord> {
  const left = new Map<string, number>();
  for (const hash of written) left.set(hash, (left.get(hash) ?? 0) + 1);
  const lost = new Set<RequestRecord>();
  for (const request of requests) {
    if (before.some((loss) => loss.requests.has(request))) continue;
    const hash = createHash("sha256").update(request.body).digest("hex");
    const known = left.get(hash) ?? 0;
    left.set(hash, known - 1);
    if (known <= 0 && request.taken > 0 && killedAt - request.at < IN_FLIGHT_MS) lost.add(request);
  }
  return lost;
}
