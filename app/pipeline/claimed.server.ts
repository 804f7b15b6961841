import { type BrowserContext, type Facts, noFacts, unknownBrowser } from "../events/event";
import { isEventName } from "../events/names";
import { type Ending, endingFor } from "../events/outcome";
import { joinBrowser } from "../match-keys/join-browser";
import { type MatchKeys, merge } from "../match-keys/user-data";
import { isPastWindow } from "../outbox/window";
import type { Shop } from "../settings/registry.server";
import { isOn } from "../settings/settings";
import type { StoredEvent } from "../store/rows";
import { SealError } from "../store/seal.server";
import type { Store, StoredContext } from "../store/store.server";
import { checkoutKey, clientKey, openBrowser, openOrNull } from "./browser-context.server";
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

/** A claimed row that a fault of ours keeps from being prepared. */
export interface FaultyRow {
  row: StoredEvent;
  error: unknown;
}

interface Parted {
  ready: Ready[];
  ended: EndedRow[];
  faulty: FaultyRow[];
}

/**
 * Parts the claimed rows into those that leave and those that end, by everything known now. A row that cannot be prepared
 * must not keep the others from leaving.
 */
export async function partClaim(rows: StoredEvent[], shop: Shop, store: Store, now: number): Promise<Parted> {
  const known = await knownBrowsers(rows, shop, store);
  const parted: Parted = { ready: [], ended: [], faulty: [] };
  for (const row of rows) {
    try {
      const prepared = prepareRow(row, known, shop, now);
      if ("departure" in prepared) parted.ready.push(prepared);
      else parted.ended.push(prepared);
    } catch (error) {
      if (isDamage(error)) parted.ended.push(ended(row, endingFor("damaged")));
      else parted.faulty.push({ row, error });
    }
  }
  return parted;
}

/** What was stored does not open or parse; anything else that goes wrong is a fault of the code. */
function isDamage(error: unknown): boolean {
  return error instanceof SealError || error instanceof SyntaxError;
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
      actionSource: row.actionSource,
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
  // Rows outlive deployments: one written before a fact was known has none of it.
  return { ...noFacts("unknown"), ...JSON.parse(row.facts) };
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
async function knownBrowsers(rows: StoredEvent[], shop: Shop, store: Store): Promise<Map<string, KnownBrowser>> {
  const checkouts = rows.flatMap(({ checkoutToken }) => (checkoutToken === null ? [] : [checkoutKey(checkoutToken)]));
  const byCheckout = open(await store.contextsOf(shop.id, [...new Set(checkouts)]), shop);
  const visitors = [...byCheckout.values()].flatMap(({ browser }) =>
    browser.clientId === null ? [] : [clientKey(browser.clientId)],
  );
  const byVisitor = open(await store.contextsOf(shop.id, [...new Set(visitors)]), shop);
  return new Map([...byCheckout, ...byVisitor]);
}

function open(stored: StoredContext[], shop: Shop): Map<string, KnownBrowser> {
  const known = new Map<string, KnownBrowser>();
  for (const { key, browser, matchKeys, beacon } of stored) {
    const opened = openOrNull(shop, "BrowserContext.browser", browser);
    if (opened !== null) known.set(key, { browser: opened, keys: keysOf(matchKeys), beacon });
  }
  return known;
}
