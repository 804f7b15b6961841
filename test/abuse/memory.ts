import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Scene } from "./scene";

/** What a server holds, MB. */
export interface Held {
  /** Of the machine's memory. */
  rss: number;
  /** Of it, objects that somebody still holds. */
  heap: number;
}

export interface Memory {
  warm: Held;
  end: Held;
  flat: boolean;
}

const MB = 1024 * 1024;

/**
 * How much more a server may hold after the second half of the requests than after the first. Objects: what a thousand
 * requests leave behind would be there in the end whatever they were, and a single body that is kept each time is far more;
 * what is remembered on purpose (rates by address, turns of shops) is bounded and small. The machine's memory: what V8 and
 * the allocator keep for the next requests comes and goes in steps of some tens of MB, and the door itself lets in 64 MB.
 */
const MOST_MORE: Held = { rss: 64, heap: 8 };

/** Timers that hold what is over (an abandoned stream, a connection) have run out by then. */
const CALM_MS = 1_000;

/** What it holds once it has let go of what nobody needs. */
export async function heldBy({ pid, look }: Pick<Scene, "pid" | "look">): Promise<Held> {
  await sleep(CALM_MS);
  const { heap } = await look();
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { rss: Math.round(Number(kilobytes) / 1024), heap: Math.round(heap / MB) };
}

export function compared(warm: Held, end: Held): Memory {
  const flat = end.rss - warm.rss <= MOST_MORE.rss && end.heap - warm.heap <= MOST_MORE.heap;
  return { warm, end, flat };
}

export function memoryWords({ warm, end }: Memory): string {
  const one = (what: string, name: keyof Held) =>
    `${what} ${warm[name]} → ${end[name]} MB, at most ${MOST_MORE[name]} more`;
  return `${one("held", "rss")}; ${one("objects", "heap")}`;
}
