import type { Outcome } from "../events/outcome";
import type { BrowserCopy, RollupChange, StoredEvent } from "../store/rows";

const BUCKET_MS = 15 * 60_000;
/** Upper bounds of the latency histogram, milliseconds from arrival to Meta's yes; beyond the last: `inf`. */
const LATENCY_BOUNDS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 600_000, 3_600_000, 86_400_000];

type Counted = Pick<StoredEvent, "datasetId" | "name" | "eventTime" | "receivedAt" | "countedAs" | "countedSum">;

/**
 * How the dashboards' counts change when an event ends (or ends anew): it leaves the count it stood in and joins the one
 * it belongs to. `worth`: its value in millionths of the shop's currency, null where it has none. `now`: epoch milliseconds of the ending.
 */
export function rollupChanges(row: Counted, worth: number | null, outcome: Outcome, now: number): RollupChange[] {
  if (row.countedAs === outcome) return [];
  const base = {
    datasetId: row.datasetId,
    event: row.name,
    leg: "server",
    bucket: bucketOf(row.eventTime),
  };
  const changes: RollupChange[] = [];
  if (row.countedAs !== null) {
    changes.push({ ...base, dimension: "outcome", value: row.countedAs, count: -1, sum: -(row.countedSum ?? 0) });
  }
  changes.push({ ...base, dimension: "outcome", value: outcome, count: 1, sum: worth ?? 0 });
  if (outcome === "accepted") {
    changes.push({ ...base, dimension: "latency", value: latencyBucket(now - row.receivedAt), count: 1, sum: 0 });
  }
  return changes;
}

/** The same for what the pixel reports of the browser's copy; it counts in the quarter of an hour we heard of it. */
export function browserCopyChanges({
  datasetId,
  name,
  tr,
  receivedAt,
  countedAs,
}: BrowserCopy & { countedAs: string | null }): RollupChange[] {
  const base = { datasetId, event: name, leg: "browser", bucket: bucketOf(receivedAt), dimension: "tr", sum: 0 };
  const before = countedAs === null ? [] : [{ ...base, value: countedAs, count: -1 }];
  return [...before, { ...base, value: tr, count: 1 }];
}

function bucketOf(at: number): number {
  return at - (at % BUCKET_MS);
}

function latencyBucket(ms: number): string {
  return String(LATENCY_BOUNDS.find((bound) => ms <= bound) ?? "inf");
}
