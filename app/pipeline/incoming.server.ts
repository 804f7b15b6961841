import { needsSignal } from "../consent/decide";
import { type BrowserContext, type TandemEvent, unknownBrowser } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { unreadableId } from "../events/unreadable";
import { freshFbc } from "../match-keys/click-age";
import { collect } from "../match-keys/collect.server";
import { browserAccount } from "../match-keys/key-account";
import { clickIdOf, fbcFromUrl } from "../match-keys/normalise/click-id";
import type { MatchKeys } from "../match-keys/user-data";
import { holdOf, PAYMENT_HOLD } from "../outbox/hold";
import { isPastWindow, timeOnArrival } from "../outbox/window";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import { isOn, policyOf } from "../settings/settings";
import type { BeaconReading } from "../sources/beacon";
import { deviceFamily } from "../sources/device";
import type { EnrichmentReading, EventReading, NoticeReading, ProductReading, Reading } from "../sources/reading";
import {
  type ContextWrite,
  type Erasure,
  type IngestWrite,
  type NewEvent,
  nothingWritten,
  type ToldProduct,
  type UpsellWrite,
} from "../store/rows";
import { type Birth, birthsOf } from "./births.server";
import { beaconContexts, checkedBrowser, checkoutContexts, sealedBrowser } from "./browser-context.server";
import { mayLeaveFor } from "./browser-legs.server";
import { customersErased, erasuresOf } from "./erasures.server";
import { keysOnCopy, toldByBrowser } from "./told-by-browser.server";
import type { Addressee, Told } from "./treatment";
import { upsellOf } from "./upsell";

/**
 * From a reading to what is written: who it was (hashed here, so that nothing raw is ever stored), what it waits for, and
 * one row per dataset.
 */

/** The message that brought it. */
export interface Arrival {
  /** A webhook topic, `beacon`, or what Tandem asked for: `sweep`, `backfill`. */
  topic: string;
  /** Of an order that was asked for, its own name. */
  webhookId: string | null;
  /** Epoch milliseconds. */
  receivedAt: number;
  triggeredAt: number | null;
}

/** What is known of who stands behind the events of one message. */
interface Known {
  keys: MatchKeys;
  browser: BrowserContext;
}

/** Hashes the person and keeps of the browser only what Meta could use. */
export function recognise(
  { person, browser, landing }: Pick<EventReading, "person" | "browser" | "landing">,
  at: number,
  shopCountry: string | null,
  now: number | null,
): Known {
  const checked = checkedBrowser(browser);
  checked.fbc = freshFbc(checked.fbc, now) ?? anotherClick(fbcFromUrl(landing, at), checked.fbc);
  return { keys: collect(person, shopCountry), browser: checked };
}

/** A landing page's click, unless it is the one that grew too old: that does not become new by being met again. */
function anotherClick(landed: string | null, tooOld: string | null): string | null {
  const same = landed !== null && tooOld !== null && clickIdOf(landed) === clickIdOf(tooOld);
  return same ? null : landed;
}

/** What a webhook writes; null: it says nothing that anybody keeps. */
export function writeOf(reading: Reading, shop: Shop, arrival: Arrival): IngestWrite | null {
  switch (reading.kind) {
    case "event":
      return eventWrite(reading, shop, arrival);
    case "enrichment":
      return enrichmentWrite(reading, shop, arrival);
    case "notice":
      return noticeWrite(reading, shop, arrival);
    case "product":
      return { ...nothingWritten(), products: [toldProduct(reading.product, shop, arrival)] };
  }
}

function toldProduct({ id, ...filing }: ProductReading["product"], shop: Shop, arrival: Arrival): ToldProduct {
  return { ...filing, product: id, shopId: shop.id, toldAt: arrival.triggeredAt ?? arrival.receivedAt };
}

/** One row per dataset and event. */
function eventWrite(reading: EventReading, shop: Shop, arrival: Arrival): IngestWrite {
  const known = recognise(reading, reading.event.time, shop.country, arrival.receivedAt);
  const events = rowsOf(reading, known, shop, arrival);
  const live = events.some(({ outcome }) => outcome === "waiting");
  return {
    ...nothingWritten(),
    contexts: live ? contextsOf(known, reading.event.checkoutToken, shop, arrival) : [],
    erasures: known.browser.consent?.marketing === false ? refusedBy(known, reading.event, shop) : [],
    events,
  };
}

/** A cart carries a refusal where no pixel may speak: what was remembered of its shopper goes. */
function refusedBy({ keys }: Known, { checkoutToken }: Pick<TandemEvent, "checkoutToken">, shop: Shop): Erasure[] {
  return [...erasuresOf({ clientId: null, checkoutToken }, shop), ...customersErased(keys, shop)];
}

/** What one message gives birth to, for each of the shop's datasets. */
function rowsOf(told: Told, known: Known, shop: Shop, arrival: Arrival): NewEvent[] {
  const rowOf = rowsFrom(known, shop, arrival);
  return connectedDatasets(shop).flatMap((dataset) =>
    birthsOf(told, arrival.topic, addresseeOf(dataset, shop), shop.settings, shop).map((birth) =>
      rowOf(birth, dataset),
    ),
  );
}

/** A dataset as an event's addressee. */
export function addresseeOf({ dataset, connectedAt }: Dataset, { settings }: Pick<Shop, "settings">): Addressee {
  return { dataset, policy: policyOf(settings, dataset), connectedAt };
}

/** Adds to the rows of an event, where there are any, and to what is known of its checkout. */
function enrichmentWrite(reading: EnrichmentReading, shop: Shop, arrival: Arrival): IngestWrite {
  const known = recognise(reading, arrival.receivedAt, shop.country, arrival.receivedAt);
  const { name, orderId, checkoutToken, cancelled } = reading;
  return {
    ...nothingWritten(),
    contexts: contextsOf(known, checkoutToken, shop, arrival),
    enrichments: [
      {
        shopId: shop.id,
        name,
        orderId,
        checkoutToken,
        matchKeys: JSON.stringify(known.keys),
        ...sealedBrowser(known.browser, shop),
      },
    ],
    cancellations: cancelled && orderId !== null ? [{ shopId: shop.id, orderId, at: arrival.receivedAt }] : [],
    upsells: cancelled ? [] : upsellsOf(reading, known, shop, arrival),
  };
}

/** What was added to an order since, for the datasets that want to hear of it. */
function upsellsOf(reading: EnrichmentReading, known: Known, shop: Shop, arrival: Arrival): UpsellWrite[] {
  const { orderId, current, checkoutToken } = reading;
  if (orderId === null || current === null) return [];
  return connectedDatasets(shop)
    .filter(({ dataset }) => isOn(shop.settings, "Upsell", "server", dataset))
    .map((dataset) => ({
      shopId: shop.id,
      datasetId: dataset.id,
      orderId,
      rowOf: (before: string[]) => {
        const event = upsellOf({ orderId, current, checkoutToken, at: reading.at ?? arrival.receivedAt }, before);
        const birth = event && { event, base: "Upsell", rule: null, end: null, unpaid: false, ownOfOrder: false };
        return birth && rowsFrom(known, shop, arrival)(birth, dataset);
      },
    }));
}

/** Checkout webhooks speak of the checkout as a whole; an order's own row holds what it knows. */
function contextsOf(
  { keys, browser }: Known,
  checkoutToken: string | null,
  shop: Shop,
  { topic, receivedAt }: Arrival,
): ContextWrite[] {
  return topic.startsWith("checkouts/") ? checkoutContexts({ browser, keys, checkoutToken, receivedAt }, shop) : [];
}

function noticeWrite(reading: NoticeReading, shop: Shop, arrival: Arrival): IngestWrite {
  const { topic, webhookId, triggeredAt, receivedAt } = arrival;
  if (webhookId === null) throw new Error("a notice without a webhook id");
  // Whom it is about is kept as everything else knows them: hashed.
  const keys = collect(reading.person, shop.country);
  const body = shop.seal("Notice.body", JSON.stringify({ fields: reading.body, keys }));
  return {
    ...nothingWritten(),
    notices: [{ shopId: shop.id, topic, webhookId, triggeredAt, receivedAt, body }],
  };
}

/** What does not parse. */
export interface Unreadable {
  /** What an event of it would be called. */
  name: string;
  /** The path of the field. */
  field: string;
  /** The order that it is the word on, digits; null: none that can be told. */
  orderId: string | null;
}

/** Kept as rejected with the path of the field, never the body; what is the word on an order stands in the ledger so. */
export function unreadableWrite(
  { name, field, orderId }: Unreadable,
  shop: Shop,
  arrival: Arrival & { webhookId: string },
): IngestWrite {
  const events = connectedDatasets(shop).map(
    (dataset): NewEvent => ({
      ...emptyRow(shop, dataset, arrival),
      name,
      eventId: unreadableId(arrival.webhookId),
      orderId,
      ledgered: orderId === null ? null : "",
      outcome: "rejected",
      reason: field,
      runAt: arrival.receivedAt,
    }),
  );
  return { ...nothingWritten(), events };
}

/** What a beacon writes: what it tells of the browser, and the events that were born there. */
export function beaconWrite(reading: BeaconReading, shop: Shop, arrival: Arrival): IngestWrite {
  const { event, checkoutToken, copy } = reading;
  const { browser, keys } = toldByBeacon(reading);
  const { receivedAt } = arrival;
  const refused = browser.consent?.marketing === false;
  const withdrawing = refused && checkoutToken === null ? checkedBrowser(reading.browser).clientId : null;
  return {
    ...nothingWritten(),
    contexts: beaconContexts({ browser, keys, checkoutToken, receivedAt }, withdrawing, shop),
    erasures: refused ? erasuresOf({ clientId: reading.browser.clientId, checkoutToken }, shop) : [],
    events:
      event === null ? [] : rowsOf({ event, skip: null, order: null, account: null }, { browser, keys }, shop, arrival),
    browserCopies:
      copy === null || browser.consent?.marketing !== true
        ? []
        : datasetsOfPixel(shop).map(({ id, dataset }) => {
            const left = mayLeaveFor(dataset, copy, reading.browser.url, shop);
            return {
              name: copy.name,
              eventId: copy.eventId,
              tr: left ? copy.tr : "not_attempted",
              shopId: shop.id,
              datasetId: id,
              receivedAt,
              told: left ? toldByBrowser(reading, shop, dataset) : null,
              keyAccount: browserAccount(keysOnCopy(reading)),
              device: deviceFamily(reading.browser.userAgent) ?? "",
            };
          }),
  };
}

/** The connected datasets that the pixel knows of: it sends to no other. */
function datasetsOfPixel(shop: Shop): Dataset[] {
  const { datasets } = shop.webPixel;
  return connectedDatasets(shop).filter(({ dataset }) => datasets?.has(dataset) ?? true);
}

/** Of a shopper who refuses marketing nothing is kept but the refusal. */
function toldByBeacon({ browser, matchKeys }: BeaconReading): Known {
  return browser.consent?.marketing === false
    ? { keys: {}, browser: { ...unknownBrowser(), consent: browser.consent } }
    : { keys: matchKeys, browser: checkedBrowser(browser) };
}

/** Makes the rows of one message. Who it was is sealed and written out once, however many rows have it. */
function rowsFrom(known: Known, shop: Shop, arrival: Arrival): (birth: Birth, dataset: Dataset) => NewEvent {
  const { keys, browser } = known;
  let written: Pick<NewEvent, "matchKeys" | "browser" | "fillBrowser"> | undefined;
  function who(): Pick<NewEvent, "matchKeys" | "browser" | "fillBrowser"> {
    written ??= { matchKeys: JSON.stringify(keys), ...sealedBrowser(browser, shop) };
    return written;
  }
  return ({ event, base, rule, end, unpaid, ownOfOrder }, dataset) => {
    const row: NewEvent = {
      ...emptyRow(shop, dataset, arrival),
      name: event.name,
      eventId: event.id,
      purchaseOrderId: event.name === "Purchase" ? event.facts.orderId : null,
      orderId: event.facts.orderId,
      checkoutToken: event.checkoutToken,
      customerKey: keys.external_id?.[0] ?? null,
      rule,
      actionSource: event.actionSource,
      eventTime: event.time,
      facts: JSON.stringify(event.facts),
      ledgered: ownOfOrder ? "" : null,
    };
    if (end !== null) return ended(row, end);
    const time = timeOnArrival(event.time, arrival.receivedAt);
    if (time === "event_time_in_future") return ended(row, endingFor("event_time_in_future"));
    if (!unpaid && isPastWindow(row, arrival.receivedAt)) return ended(row, endingFor("too_late"));
    const hold = unpaid
      ? PAYMENT_HOLD
      : holdOf({
          name: base,
          topic: arrival.topic,
          actionSource: event.actionSource,
          checkoutToken: event.checkoutToken,
          browserKnown: browser.fbp !== null || browser.consent !== null,
          signalMissing: browser.consent === null && needsSignal(event.facts, shop.settings.consent),
          holdSeconds: dataset.holdSeconds,
        });
    return {
      ...row,
      eventTime: time.time,
      runAt: Math.max(time.dueAt, arrival.receivedAt + (hold?.ms ?? 0)),
      hold: hold?.hold ?? null,
      ...who(),
      consenting: browser.consent?.marketing === true,
      datedByPayment: row.orderId !== null && policyOf(shop.settings, dataset.dataset).trigger === "payment",
    };
  };
}

/** Ended at receipt: nothing of the person is kept; the drain still counts it. */
function ended(row: NewEvent, { outcome, reason }: Ending): NewEvent {
  return { ...row, outcome, reason, runAt: row.receivedAt };
}

/** A row of which nothing is known but what brought it. */
export function emptyRow(shop: Shop, dataset: Dataset, { topic, webhookId, receivedAt }: Arrival): NewEvent {
  return {
    shopId: shop.id,
    datasetId: dataset.id,
    name: "",
    eventId: "",
    purchaseOrderId: null,
    orderId: null,
    checkoutToken: null,
    customerKey: null,
    rule: null,
    topic,
    webhookId,
    actionSource: "system_generated",
    eventTime: receivedAt,
    receivedAt,
    outcome: "waiting",
    reason: null,
    runAt: receivedAt,
    hold: null,
    facts: null,
    matchKeys: null,
    browser: null,
    ledgered: null,
    consenting: false,
    datedByPayment: false,
    fillBrowser: null,
  };
}
