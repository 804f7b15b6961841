import { setTimeout as sleep } from "node:timers/promises";
import { TEST_EVENT } from "~/events/catalog";
import { COVERAGE_KEYS } from "~/store/verbs/coverage";
import type { ReceivedCopy } from "../simulators/meta/server";
import type { Stage } from "./stage";

/** `<leg> <event>` → how many events, how many with both copies, and how many carried each key. */
export type CoverageRecount = Record<string, Record<string, number>>;

const NAMED = ["events", "twins", ...COVERAGE_KEYS] as const;

/**
 * What each event carried on each leg, from the Meta stand-in's record alone. Of the browser's copies those that the pixel saw
 * leave: a slow one may arrive though the pixel had given up on knowing.
 */
export async function recountCoverage({ meta, db }: Pick<Stage, "meta" | "db">): Promise<CoverageRecount> {
  const left = await db.browserCopy.findMany({ where: { tr: "resolved" } });
  const known = new Set(left.map(({ name, eventId }) => `${name} ${eventId}`));
  const keyOf = ({ event_name, event_id }: ReceivedCopy) => `${event_name} ${event_id}`;
  const received = meta.received.filter(({ event_name }) => event_name !== TEST_EVENT);
  const browser = received.filter((copy) => copy.leg === "browser" && known.has(keyOf(copy)));
  const onBrowser = new Set(browser.map(keyOf));
  const counts: CoverageRecount = {};
  for (const copy of [...browser, ...received.filter(({ leg }) => leg === "server")]) {
    const name = `${copy.leg} ${copy.event_name}`;
    const row = counts[name] ?? {};
    counts[name] = row;
    const carried = [...new Set(keysOn(copy)), "events"];
    if (copy.leg === "server" && onBrowser.has(keyOf(copy))) carried.push("twins");
    for (const key of carried) row[key] = (row[key] ?? 0) + 1;
  }
  return counts;
}

function keysOn({ leg, body }: ReceivedCopy): string[] {
  if (leg === "server") return Object.keys(body.user_data as object);
  return Object.keys(body).flatMap((name) => /^ud\[(.+)\]$/.exec(name)?.[1] ?? (/^fb[cp]$/.test(name) ? name : []));
}

/** What Tandem counted, in the same form. */
export async function countedCoverage({ db }: Pick<Stage, "db">): Promise<CoverageRecount> {
  const counts: CoverageRecount = {};
  for (const row of await db.coverage.findMany({ where: { dimension: "all" } })) {
    const name = `${row.leg} ${row.event}`;
    const sums = counts[name] ?? {};
    counts[name] = sums;
    for (const key of NAMED) if (row[key] > 0) sums[key] = (sums[key] ?? 0) + row[key];
  }
  return counts;
}

/** Where Tandem's own counts are not what Meta's record says, key by key and leg by leg; they follow within seconds. */
export async function coverageFaults(stage: Pick<Stage, "meta" | "db">, patience = 10_000): Promise<string[]> {
  for (let waited = 0; ; waited += 200) {
    const [counted, recounted] = await Promise.all([countedCoverage(stage), recountCoverage(stage)]);
    const faults = differences(counted, recounted);
    if (faults.length === 0 || waited >= patience) return faults;
    await sleep(200);
  }
}

function differences(counted: CoverageRecount, recounted: CoverageRecount): string[] {
  const names = new Set([...Object.keys(counted), ...Object.keys(recounted)]);
  return [...names].flatMap((name) =>
    NAMED.flatMap((key) => {
      const [ours, theirs] = [counted[name]?.[key] ?? 0, recounted[name]?.[key] ?? 0];
      return ours === theirs ? [] : [`${name}: ${key} is counted ${ours} times, and Meta's record has ${theirs}`];
    }),
  );
}
