import type { Checkout, Customer, ExtensionApi, Shop } from "@shopify/web-pixels-extension";
import type { TrReport } from "../../../app/events/browser-copy";
import type { EventName } from "../../../app/events/names";
import { fromPixelRecord, type PixelSettings } from "../../../app/events/pixel-settings";
import { ask, askLater, type Hearsay, text } from "./asking";
import { beaconBody, trParameters, type Visitor } from "./beacon";
import { watchConsent } from "./consent";
import { cookieJar } from "./cookies";
import { type Effects, REAL_EFFECTS } from "./effects";
import { identifiersOf, sha256Hex } from "./identifiers";
import { FATE_WAIT_MS } from "./limits";
import { type Heard, LISTENED_TO, type Reading, readEvent } from "./reading";
import { sendBeacon, sendHit } from "./send";
import { sentMemory } from "./sent";

/** Listens to the shop's pages. Nothing that goes wrong in here reaches them: not a throw, not a rejection. */
export function startPixel(api: ExtensionApi, effects: Effects = REAL_EFFECTS): void {
  ask(() => {
    const settings = fromPixelRecord(api.settings);
    if (settings === null) return;
    const report = reporter(api, settings, effects);
    for (const name of LISTENED_TO) {
      api.analytics.subscribe(name, (event: unknown) => {
        askLater(() => report(name, event as Heard));
      });
    }
  });
}

/** One event, from what Shopify says of it to both legs. */
function reporter(
  api: ExtensionApi,
  { trUrl, collectUrl, beaconKey: key, browserLeg, datasets }: PixelSettings,
  effects: Effects,
): (name: string, heard: Heard) => Promise<void> {
  const { init, browser } = api;
  const shop = text(() => init.data.shop.myshopifyDomain);
  const consent = watchConsent(api);
  const allowed = () => consent().marketing;
  const idsOn = cookieJar(browser.cookie, () => init.data.shop as Hearsay<Shop>, effects, allowed);
  const sent = sentMemory(browser.localStorage, effects);

  /** What this page has told of: Shopify plays events again when consent is given. */
  const told = new Set<string>();
  const firstHere = (what: string) => !told.has(what) && told.add(what);

  async function visitorOf(reading: Reading, heard: Heard): Promise<Visitor> {
    const { page, clientId } = reading;
    const visitor: Visitor = { ids: await idsOn(page), identifiers: {}, clientIdHash: undefined };
    const checkout = ask(() => heard.data.checkout) as Hearsay<Checkout>;
    const customer = ask(() => init.data.customer) as Hearsay<Customer>;
    // Where the browser cannot hash (a page that is not secure), nobody is known.
    await askLater(async () => {
      visitor.clientIdHash = clientId && (await sha256Hex(clientId, effects));
      visitor.identifiers = await identifiersOf(checkout, customer, effects);
    });
    return visitor;
  }

  /** The browser's own copies, and how they fared as far as a moment tells. */
  async function tellMeta(reading: Reading, visitor: Visitor, once: boolean): Promise<TrReport> {
    const { eventName, eventId } = reading;
    const ids = new Set(datasets.filter((dataset) => /^\d+$/.test(dataset)));
    if (!eventId || !browserLeg.includes(eventName as EventName) || !ids.size) return "not_attempted";
    // Marked before it leaves: better lost than twice.
    if (once && !(await sent.addNew(`tr.${eventId}`))) return "unknown";
    if (!allowed()) return "not_attempted";
    const parameters = trParameters(reading, visitor, consent());
    const hits = [...ids].map((id) => sendHit(trUrl, id, parameters, effects));
    const fates = await Promise.race([Promise.all(hits), effects.wait(FATE_WAIT_MS)]);
    const [fate, another] = new Set(fates || []);
    return (!another && fate) || "unknown";
  }

  /** The beacon; true when the server has all of it. Of a shopper who refuses, a checkout's refusal and nothing else. */
  async function tellServer(reading: Reading, tr: TrReport, visitor?: Visitor): Promise<boolean> {
    const { id, timestamp, checkout_token } = reading.said;
    if (!shop || !id || !timestamp) return false;
    const whole = allowed() ? visitor : undefined;
    if (!whole && !(checkout_token && firstHere(`refused ${id}`))) return false;
    const body = beaconBody(reading, { shop, key, consent: consent(), tr }, whole);
    const taken = await sendBeacon(collectUrl, body, effects);
    return taken === true && whole !== undefined;
  }

  return async (name, heard) => {
    const reading = readEvent(name, heard);
    if (!reading) return;
    const visitor = allowed() ? await visitorOf(reading, heard) : undefined;
    if (!visitor || !allowed()) return void (await tellServer(reading, "not_attempted"));
    const { eventId, said } = reading;
    // An id that hangs on the checkout: Shopify says such events again whenever it is re-entered.
    const once = eventId !== undefined && eventId !== said.id;
    const first = eventId || `${said.id}`;
    if (!firstHere(first)) return;
    const tr = await tellMeta(reading, visitor, once);
    // A copy that was not attempted may be, once its leg is on: then the server hears of it again.
    const mark = `${tr === "not_attempted" ? "off" : "beacon"}.${eventId}`;
    if (once && (await sent.has(mark))) return;
    const taken = await tellServer(reading, tr, visitor);
    if (!once) return;
    if (taken) await sent.addNew(mark);
    else told.delete(first);
  };
}
