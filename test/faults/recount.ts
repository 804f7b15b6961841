import type { RequestRecord } from "../simulators/meta/server";
import { DATASET, type House } from "./house";
import { answerLost, LANES, lostToKills } from "./losses";
import type { OutboxRow } from "./store";
import type { Writer } from "./writer";

/** What a scenario came to. */
export interface ScenarioResult {
  name: string;
  /** Events whose message was answered 200. */
  acknowledged: number;
  /** Of those, how many Meta took. */
  accepted: number;
  /** Of those, how many ended refused or expired, with a reason. */
  rejected: number;
  /** Of those, how many should be at Meta, are not, and nothing says why. */
  lost: number;
  /** Copies too many that nothing excuses. */
  doubled: number;
  /** Copies too many whose first answer never reached our commit. */
  window: number;
}

export interface Recount {
  result: ScenarioResult;
  /** More than this the window may not be. */
  bound: number;
  /** Lost and doubled events, by name. */
  named: string[];
  complaints: string[];
}

/** What is left of a scenario when it is over. */
export interface Remains extends Pick<House, "kills" | "complaints"> {
  meta: Pick<House["meta"], "requests">;
  store: Pick<House["store"], "rows" | "requestsWritten">;
}

/** Holds what was acknowledged against the Meta stand-in's record. */
export async function recount(
  name: string,
  house: Remains,
  { acknowledged }: Pick<Writer, "acknowledged">,
): Promise<Recount> {
  const taken = requestsByEvent(house.meta.requests);
  const rows = new Map((await house.store.rows()).map((row) => [`${row.name} ${row.eventId}`, row]));
  const killed = lostToKills(house.meta.requests, await house.store.requestsWritten(), house.kills);
  const named: string[] = [];
  const complaints = [...house.complaints];
  const result: ScenarioResult = {
    name,
    acknowledged: acknowledged.size,
    accepted: 0,
    rejected: 0,
    lost: 0,
    doubled: 0,
    window: 0,
  };
  for (const [key, { ends }] of acknowledged) {
    const row = rows.get(key);
    const atMeta = taken.has(key);
    if (atMeta) result.accepted += 1;
    else if (isRefused(row)) result.rejected += 1;
    else {
      result.lost += 1;
      named.push(`lost: ${key} (${standingOf(row)})`);
    }
    if (ends === "accepted" && !atMeta && isRefused(row))
      complaints.push(`${key} is good, and ended ${standingOf(row)}`);
    if (ends === "rejected" && atMeta) complaints.push(`${key} is bad, and Meta took it`);
    if (atMeta && row?.outcome !== "accepted") complaints.push(`${key} is at Meta, and here ${standingOf(row)}`);
  }
  for (const [key, requests] of taken) {
    for (const [index, request] of requests.slice(0, -1).entries()) {
      // The answer never reached our commit: the weather lost it, or who waited for it was killed before it was written down.
      if (answerLost(request) || killed.has(request)) result.window += 1;
      else {
        result.doubled += 1;
        named.push(`doubled: ${key} (copy ${index + 1} of ${requests.length}, weather ${request.weather ?? "clear"})`);
      }
    }
  }
  const bound = boundOf(house);
  if (result.window > bound) complaints.push(`the window of ${result.window} is beyond its bound of ${bound}`);
  return { result, bound, named, complaints };
}

/** Kills × requests in flight + answers lost, times the largest request. */
function boundOf({ kills, meta }: Remains): number {
  const batch = Math.max(0, ...meta.requests.filter(({ taken }) => taken > 0).map(({ taken }) => taken));
  return (kills.length * LANES + meta.requests.filter(answerLost).length) * batch;
}

function isRefused(row: OutboxRow | undefined): boolean {
  return row !== undefined && ["rejected", "expired"].includes(row.outcome) && row.reason !== null;
}

function standingOf(row: OutboxRow | undefined): string {
  return row === undefined ? "no row" : [row.outcome, row.reason].filter(Boolean).join(" ");
}

/** The requests in which Meta took an event, by `name id`, oldest first. */
function requestsByEvent(requests: readonly RequestRecord[]): Map<string, RequestRecord[]> {
  const byEvent = new Map<string, RequestRecord[]>();
  for (const request of requests) {
    if (request.taken === 0 || request.dataset !== DATASET) continue;
    const { data } = JSON.parse(request.body) as { data: { event_name: string; event_id: string }[] };
    for (const { event_name, event_id } of data) {
      const key = `${event_name} ${event_id}`;
      byEvent.set(key, [...(byEvent.get(key) ?? []), request]);
    }
  }
  return byEvent;
}
