import { setTimeout as sleep } from "node:timers/promises";
import type { WeatherStep } from "../../simulators/meta/server";
import type { House } from "../house";
import type { Random } from "../random";

const LOOK_MS = 5;

/** A Meta that takes its time for so many requests. */
export function slow(random: Random, requests: number, leastMs: number, mostMs: number): WeatherStep[] {
  return Array.from({ length: requests }, () => ({ kind: "latency", ms: random.between(leastMs, mostMs) }));
}

/** Waits until one more request with events has reached Meta; answers whether one has in that time. */
export async function nextRequest({ meta }: House, patienceMs: number): Promise<boolean> {
  const before = meta.deliveries().length;
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await sleep(LOOK_MS)) {
    if (meta.deliveries().length > before) return true;
  }
  return false;
}
