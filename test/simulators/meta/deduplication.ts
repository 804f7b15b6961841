import { isObject } from "./checks";
import type { CountedConversion, Leg, ReceivedCopy } from "./types";

const MINUTE = 60_000;
const MERGES_WITHIN = 48 * 60 * MINUTE;
const FAVOURS_BROWSER_WITHIN = 5 * MINUTE;

/** The copies of one dataset, event name and event id, from the receipt of the first one on. */
interface Window {
  openedAt: number;
  /** Conversions of one leg that still lack the other; the ones before `paired` have found it. */
  waiting: CountedConversion[];
  paired: number;
}

/**
 * Counts conversions the way Meta documents it: one browser copy and one server copy of the same dataset, event name and
 * event id are one conversion when both arrive within 48 h of the first. Two copies of one leg are never merged, and copies
 * without an event id stand alone. After the window the next copy opens a new one.
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/deduplicate-pixel-and-server-events
 */
export function countConversions(copies: readonly ReceivedCopy[]): CountedConversion[] {
  const counted: CountedConversion[] = [];
  const windows = new Map<string, Window>();
  for (const copy of copies) {
    const window = copy.event_id === null ? null : windowFor(copy, windows);
    const partner = window?.waiting[window.paired];
    if (window && partner && partner.survivor !== copy.leg) {
      window.paired += 1;
      merge(partner, copy);
      continue;
    }
    const conversion = alone(copy);
    counted.push(conversion);
    window?.waiting.push(conversion);
  }
  return counted;
}

function windowFor(copy: ReceivedCopy, windows: Map<string, Window>): Window {
  const key = `${copy.dataset} ${copy.event_name.length} ${copy.event_name}${copy.event_id}`;
  const open = windows.get(key);
  if (open && copy.at - open.openedAt <= MERGES_WITHIN) return open;
  const window: Window = { openedAt: copy.at, waiting: [], paired: 0 };
  windows.set(key, window);
  return window;
}

function alone(copy: ReceivedCopy): CountedConversion {
  const { dataset, event_name, event_id, leg } = copy;
  const conversion: CountedConversion = { dataset, event_name, event_id, survivor: leg, copies: [copy] };
  setMoney(conversion, copy);
  return conversion;
}

function merge(conversion: CountedConversion, second: ReceivedCopy): void {
  const [first] = conversion.copies;
  conversion.copies.push(second);
  if (!first || second.leg !== "browser" || second.at - first.at > FAVOURS_BROWSER_WITHIN) return;
  conversion.survivor = "browser";
  delete conversion.value;
  delete conversion.currency;
  setMoney(conversion, second);
}

const MONEY_OF: Record<Leg, (body: ReceivedCopy["body"]) => { value: unknown; currency: unknown }> = {
  browser: (body) => ({
    value: body["cd[value]"] ? Number(body["cd[value]"]) : undefined,
    currency: body["cd[currency]"],
  }),
  server: (body) => {
    const custom = isObject(body.custom_data) ? body.custom_data : {};
    return { value: custom.value, currency: custom.currency };
  },
};

function setMoney(conversion: CountedConversion, { leg, body }: ReceivedCopy): void {
  const { value, currency } = MONEY_OF[leg](body);
  if (typeof value === "number" && Number.isFinite(value)) conversion.value = value;
  if (typeof currency === "string") conversion.currency = currency;
}
