import { PATIENT_NAMES } from "../events/catalog";
import type { Freshness } from "../store/verbs/due";

/**
 * How long an event that may leave waits for others to travel with: Meta takes a thousand in a request, and a request costs
 * the same with one in it. What an order depends on waits less than what fills audiences.
 */
const FRESH_MS = 2_000;
const PATIENT_FRESH_MS = 10_000;

/** Until a request that has been decided on is on its way: it leaves before its oldest event is stale, not after. */
const LEAD_MS = 250;

/** The same as a rule for the store. `full`: as many as fill a request; they wait for nobody. */
export function freshness(full: number): Freshness {
  return { patient: PATIENT_NAMES, patientMs: PATIENT_FRESH_MS - LEAD_MS, ms: FRESH_MS - LEAD_MS, full };
}

/** Events of one dataset that have just become ready to leave, and within how many milliseconds the first of them should. */
export interface Leaving {
  datasetId: number;
  events: number;
  withinMs: number;
}

interface Written {
  datasetId: number;
  name: string;
  outcome: string;
  /** Epoch milliseconds; null: never. */
  runAt: number | null;
}

/** What of the rows just written at `now` may leave at once, by dataset. */
export function leavingOf(rows: readonly Written[], now: number): Leaving[] {
  const byDataset = new Map<number, Leaving>();
  for (const { datasetId, name, outcome, runAt } of rows) {
    if (outcome !== "waiting" || runAt === null || runAt > now) continue;
    const withinMs = PATIENT_NAMES.includes(name) ? PATIENT_FRESH_MS - LEAD_MS : FRESH_MS - LEAD_MS;
    const before = byDataset.get(datasetId);
    byDataset.set(datasetId, {
      datasetId,
      events: (before?.events ?? 0) + 1,
      withinMs: Math.min(before?.withinMs ?? withinMs, withinMs),
    });
  }
  return [...byDataset.values()];
}
