import { startOfDay } from "../events/day";
import type { Facts } from "../events/event";
import type { CoveredEvent, StoredEvent } from "../store/rows";
import type { CopyCounts } from "../store/verbs/browser-copies";
import { browserCopyChanges, bucketOf } from "./rollup";

type Counted = Pick<StoredEvent, "datasetId" | "name" | "eventId">;

/** What left with an event, and what else it is counted by. */
export interface Covered {
  keyAccount: string;
  facts: Pick<Facts, "source" | "deviceFamily" | "country">;
  /** Whether returning shoppers were to be recognised; null: such an event is not. */
  recognising: boolean | null;
}

/** An event that Meta took, as it is counted by its match keys. `day`: start of the shop's own day, epoch milliseconds. */
export function coveredEvent(
  { datasetId, name, eventId }: Counted,
  { keyAccount, facts, recognising }: Covered,
  day: number,
): CoveredEvent {
  const { source, deviceFamily, country } = facts;
  return {
    datasetId,
    event: name,
    eventId,
    leg: "server",
    day,
    keyAccount,
    groups: [
      ["source", source],
      ["device", deviceFamily ?? ""],
      ["country", country ?? ""],
      // So that what came of switching it on can be told from before.
      ...(recognising === null ? [] : ([["recognise", recognising ? "on" : "off"]] as const)),
    ],
  };
}

/**
 * How a browser's copy changes the counts: in the day we heard of it. It is on the web, and where its shopper is it did not
 * say. `timezone`: the shop's, an IANA name; null: UTC.
 */
export function copyCounts(timezone: string | null): CopyCounts {
  return {
    changesOf: browserCopyChanges,
    coveredOf: ({ datasetId, name, eventId, receivedAt, keyAccount, device }) => ({
      datasetId,
      event: name,
      eventId,
      leg: "browser",
      day: dayOf(receivedAt, timezone),
      keyAccount,
      groups: [["device", device]],
    }),
    dayOf: (at) => dayOf(at, timezone),
  };
}

const MOST_REMEMBERED = 1_000;
const days = new Map<string, number>();

/**
 * When the day of an instant began by the shop's own clock; both epoch milliseconds. `timezone`: IANA name; null: UTC. Asked
 * for every event, and a calendar is slow to ask: what was answered for a quarter of an hour is remembered.
 */
export function dayOf(at: number, timezone: string | null): number {
  const bucket = bucketOf(at);
  const name = `${bucket} ${timezone}`;
  const known = days.get(name);
  if (known !== undefined) return known;
  if (days.size >= MOST_REMEMBERED) days.clear();
  const start = startOfDay(bucket, timezone);
  days.set(name, start);
  return start;
}
