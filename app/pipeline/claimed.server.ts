import { isEventName } from "../events/catalog";
import { type ActionSource, type BrowserContext, type Facts, unknownBrowser } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { joinBrowser } from "../match-keys/join-browser";
import { type MatchKeys, merge } from "../match-keys/user-data";
import { isPastWindow } from "../outbox/window";
import type { Shop } from "../settings/registry.server";
import { isOn } from "../settings/settings";
import type { StoredEvent } from "../store/rows";
import type { Store, StoredContext } from "../store/store.server";
import { checkoutKey, clientKey, openBrowser } from "./browser-context.server";
import { type Departure, prepare } from "./outgoing.server";

/** A claimed row that is ready to leave. */
export interface Ready {
  row: StoredEvent;
  departure: Departure;
  /** JSON text of the event, exactly as it travels. */
  json: string;
}

/** A claimed row that ends without Meta being asked. */
export interface EndedRow {
  row: StoredEvent;
  ending: Ending;
  /** JSON of the consent decision; null where it did not come to one. */
  consent: string | null;
}

/** Parts the claimed rows into those that leave and those that end, by everything known now. */
export function partClaim(
  rows: StoredEvent[],
  shop: Shop,
  store: Store,
  now: number,
): { ready: Ready[]; ended: EndedRow[] } {
  const known = knownBrowsers(rows, shop, store);
  const ready: Ready[] = [];
  const ended: EndedRow[] = [];
  for (const row of rows) {
    const prepared = prepareSafely(row, known, shop, now);
    if ("departure" in prepared) ready.push(prepared);
    else ended.push(prepared);
  }
  return { ready, ended };
}

/** A row that cannot be opened must not keep the others from leaving. */
function prepareSafely(row: StoredEvent, known: Map<string, KnownBrowser>, shop: Shop, now: number): Ready | EndedRow {
  try {
    return prepareRow(row, known, shop, now);
  } catch {
    return ended(row, endingFor("damaged"));
  }
}

function prepareRow(row: StoredEvent, known: Map<string, KnownBrowser>, shop: Shop, now: number): Ready | EndedRow {
  if (isPastWindow(row, now)) return ended(row, endingFor(row.attempts > 1 ? "meta_unreachable" : "not_sent_in_time"));
  if (isEventName(row.name) && !isOn(shop.settings, row.name, "server")) return ended(row, endingFor("event_off"));
  const byCheckout = row.checkoutToken === null ? undefined : known.get(checkoutKey(row.checkoutToken));
  // The pixel works for this checkout: had there been an InitiateCheckout, it would have told us itself.
  if (row.topic.startsWith("checkouts/") && byCheckout?.beacon) return ended(row, endingFor("enriches_only"));
  const visitor = byCheckout?.browser.clientId ?? null;
  const byVisitor = visitor === null ? undefined : known.get(clientKey(visitor));
  const told = [byCheckout, byVisitor].filter((account) => account !== undefined);
  const own = row.browser === null ? unknownBrowser() : openBrowser(shop, "Event.browser", row.browser);
  const prepared = prepare(
    {
      name: row.name,
      eventId: row.eventId,
      time: row.eventTime,
      actionSource: row.actionSource as ActionSource,
      facts: factsOf(row),
      keys: told.reduce((keys, account) => merge(keys, account.keys), keysOf(row.matchKeys)),
      browser: joinBrowser(
        own,
        told.map(({ browser }) => browser),
      ),
      beacon: row.topic === "beacon",
    },
    shop,
  );
  return prepared.ok
    ? { row, departure: prepared.departure, json: prepared.departure.json }
    : { row, ending: prepared.ending, consent: JSON.stringify(prepared.consent) };
}

function ended(row: StoredEvent, ending: Ending): EndedRow {
  return { row, ending, consent: null };
}

function factsOf(row: StoredEvent): Facts {
  if (row.facts === null) throw new Error(`event ${row.id} waits without facts`);
  return JSON.parse(row.facts);
}

function keysOf(json: string | null): MatchKeys {
  return json === null ? {} : JSON.parse(json);
}

interface KnownBrowser {
  browser: BrowserContext;
  keys: MatchKeys;
  /** A beacon spoke, not only a webhook. */
  beacon: boolean;
}

/** What is known of the browsers behind some rows: by checkout, and by the visitor who checked out. */
function knownBrowsers(rows: StoredEvent[], shop: Shop, store: Store): Map<string, KnownBrowser> {
  const checkouts = rows.flatMap(({ checkoutToken }) => (checkoutToken === null ? [] : [checkoutKey(checkoutToken)]));
  const byCheckout = open(store.contextsOf(shop.id, [...new Set(checkouts)]), shop);
  const visitors = [...byCheckout.values()].flatMap(({ browser }) =>
    browser.clientId === null ? [] : [clientKey(browser.clientId)],
  );
  return new Map([...byCheckout, ...open(store.contextsOf(shop.id, [...new Set(visitors)]), shop)]);
}

function open(stored: StoredContext[], shop: Shop): Map<string, KnownBrowser> {
  return new Map(
    stored.map(({ key, browser, matchKeys, beacon }) => [
      key,
      { browser: openBrowser(shop, "BrowserContext.browser", browser), keys: keysOf(matchKeys), beacon },
    ]),
  );
}
