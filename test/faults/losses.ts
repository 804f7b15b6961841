import { createHash } from "node:crypto";
import type { RequestRecord } from "../simulators/meta/server";

/** Requests in flight per dataset and process: LANES of app/pipeline.server.ts. */
export const LANES = 4;

/** Meta's answer is waited for 10 s; of what came longer ago than this it should have been written down. */
const IN_FLIGHT_MS = 15_000;
/** What a killed server sent may arrive at the stand-in a moment after its death. */
const ARRIVING_MS = 500;

const LOST_ANSWERS: readonly (string | null)[] = ["taken_then_cut", "taken_then_timeout", "taken_then_garbage"];

/** Whether the weather took the events and lost the answer, on purpose. */
export function answerLost({ weather, taken }: RequestRecord): boolean {
  return taken > 0 && LOST_ANSWERS.includes(weather);
}

/** That a server was killed. */
export interface Kill {
  /** Epoch milliseconds of the scenario's clock. */
  at: number;
  /** The server's name. */
  server: string;
}

/** Where a server finds Meta, so that the stand-in's record tells whose a request was. */
export function graphUrlOf(server: string, origin: string): string {
  return `${origin}/from/${server}`;
}

/**
 * What Meta took and a killed server did not live to write down. `written`: SHA-256 of every request the database knows in the
 * end; a body that went out twice must stand there twice. A kill excuses nothing of those who lived on.
 */
export function lostToKills(
  requests: readonly RequestRecord[],
  written: readonly string[],
  kills: readonly Kill[],
): Set<RequestRecord> {
  const missing = new Map<string, number>();
  for (const request of requests) missing.set(hashOf(request), (missing.get(hashOf(request)) ?? 0) + 1);
  for (const hash of written) missing.set(hash, (missing.get(hash) ?? 0) - 1);
  const lost = new Set<RequestRecord>();
  for (const request of requests) {
    const left = missing.get(hashOf(request)) ?? 0;
    if (left <= 0 || !kills.some((kill) => wasInFlight(request, kill))) continue;
    missing.set(hashOf(request), left - 1);
    if (request.taken > 0) lost.add(request);
  }
  return lost;
}

function wasInFlight({ at, path }: RequestRecord, kill: Kill): boolean {
  const theirs = path.startsWith(`${graphUrlOf(kill.server, "")}/`);
  return theirs && at > kill.at - IN_FLIGHT_MS && at <= kill.at + ARRIVING_MS;
}

function hashOf({ body }: RequestRecord): string {
  return createHash("sha256").update(body).digest("hex");
}
