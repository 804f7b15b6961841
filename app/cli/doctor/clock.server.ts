import { fine, lasting, type Row, wrong } from "./row";

export interface ClockDeps {
  fetch: typeof fetch;
  now: () => number;
}

/** More than this, and Meta refuses events as dated ahead, or dates them wrongly. */
const MOST_SKEW_MS = 5 * 60_000;
const PATIENCE_MS = 5_000;

/** How far our clock is from the one of who answers at an address, by its Date header. */
export async function checkClock(whose: string, url: string, deps: ClockDeps): Promise<Row> {
  const name = `clock_${whose.toLowerCase()}`;
  const skew = await skewOf(url, deps);
  if (skew === null) return fine(name, `${whose} does not say what time it is at ${new URL(url).host}: not compared`);
  const off = `${lasting(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} ${whose}'s`;
  if (Math.abs(skew) > MOST_SKEW_MS) return wrong(name, `our clock is ${off}: set it, and let NTP keep it`);
  // The header knows whole seconds only.
  return fine(name, Math.abs(skew) < 2_000 ? `as ${whose}'s` : off);
}

/** Ours less theirs in milliseconds, measured half-way between question and answer; null: not told. */
async function skewOf(url: string, { fetch, now }: ClockDeps): Promise<number | null> {
  try {
    const asked = now();
    const response = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const theirs = Date.parse(response.headers.get("date") ?? "");
    return Number.isNaN(theirs) ? null : (asked + now()) / 2 - theirs;
  } catch {
    return null;
  }
}
