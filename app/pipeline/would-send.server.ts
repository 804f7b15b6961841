import type { BrowserContext, ConsentSignal } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import type { MatchKeys } from "../match-keys/user-data";
import { isPastWindow, timeOnArrival } from "../outbox/window";
import type { Settings } from "../settings/settings";
import { type Birth, birthsOf } from "./births.server";
import { endOfMade, type Findings, isFirstOrder } from "./made-events.server";
import { type Prepared, prepare, type SendingShop } from "./outgoing.server";
import type { Addressee, Told } from "./treatment";

/** What one message would come to under some settings, without anything being stored or sent. */
export interface Supposed {
  told: Told;
  topic: string;
  keys: MatchKeys;
  browser: BrowserContext;
  /** Null: no signal was heard. */
  signal: ConsentSignal | null;
  findings: Findings;
  /** Epoch milliseconds; null: ages do not matter. */
  now: number | null;
}

export interface NotSent {
  event: string;
  outcome: string;
  reason: string | null;
}

export interface WouldSend {
  /** JSON texts, exactly as they would travel; two datasets that want the same are one. */
  events: string[];
  skipped: NotSent[];
}

/** Pure: follows an event through the stages that decide, dataset by dataset. It never holds. */
export function wouldSend(
  supposed: Supposed,
  addressees: readonly Addressee[],
  settings: Settings,
  shop: SendingShop,
): WouldSend {
  const events = new Set<string>();
  const skipped = new Map<string, NotSent>();
  for (const addressee of addressees) {
    for (const birth of birthsOf(supposed.told, supposed.topic, addressee, settings, shop)) {
      const prepared = prepareBirth(birth, supposed, addressee, settings, shop);
      if ("departure" in prepared) events.add(prepared.departure.json);
      else {
        const notSent = { event: birth.event.name, ...prepared.ending };
        skipped.set(JSON.stringify(notSent), notSent);
      }
    }
  }
  return { events: [...events], skipped: [...skipped.values()] };
}

function prepareBirth(
  { event, base, rule: ruleKey, end, unpaid }: Birth,
  { keys, browser, signal, findings, now }: Supposed,
  { policy }: Addressee,
  settings: Settings,
  shop: SendingShop,
): Prepared | { ending: Ending } {
  if (end !== null) return { ending: end };
  if (unpaid) return { ending: endingFor("awaiting_payment") };
  const time = now === null ? { time: event.time } : timeOnArrival(event.time, now);
  if (time === "event_time_in_future") return { ending: endingFor(time) };
  if (now !== null && isPastWindow({ actionSource: event.actionSource, eventTime: event.time }, now)) {
    return { ending: endingFor("too_late") };
  }
  const { facts } = event;
  // Nobody is named in a refund: who it was is known from its Purchase.
  if (event.name === "Refund" && Object.keys(keys).length === 0) return { ending: endingFor("no_purchase") };
  const rule = settings.rules.find(({ key }) => key === ruleKey);
  const made = endOfMade({ name: event.name, facts, rule }, findings, shop, policy);
  if (made !== null) return { ending: made };
  return prepare(
    {
      name: event.name,
      base,
      eventId: event.id,
      time: time.time,
      actionSource: event.actionSource,
      facts,
      keys,
      browser,
      beacon: false,
      firstOrder: isFirstOrder(facts, findings),
      decidedAt: now ?? event.time,
    },
    shop,
    { dataset: policy, consent: settings.consent },
    signal,
  );
}
