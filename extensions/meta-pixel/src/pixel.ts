import type { Checkout, Customer, ExtensionApi, Shop } from "@shopify/web-pixels-extension";
import type { TrReport } from "../../../app/events/browser-copy";
import { fromPixelRecord } from "../../../app/events/pixel-settings";
import { ask, type Promised, text } from "./asking";
import { beaconBody, trParameters, type Visitor } from "./beacon";
import { watchConsent } from "./consent";
import { cookieJar } from "./cookies";
import { type Effects, REAL_EFFECTS } from "./effects";
import { identifiersOf, sha256Hex } from "./identifiers";
import { type Heard, LISTENED_TO, type Reading, readEvent } from "./reading";
import { sendBeacon, sendHit } from "./send";
import { sentMemory } from "./sent";

/** How long a beacon waits to tell how the browser's copy fared: the page may be left at any moment. */
const FATE_WAIT_MS = 300;

/** Listens to the shop's pages. Nothing that goes wrong in here reaches them: not a throw, not a rejection. */
export function startPixel(api: ExtensionApi, effects: Effects = REAL_EFFECTS): void {
  ask(() => {
    const report = reporter(api, effects);
    for (const name of LISTENED_TO) {
      api.analytics.subscribe(name, (event: unknown) => {
        report(name, event as Heard).catch(() => undefined);
      });
    }
  });
}

/** One event, from what Shopify says of it to both legs. */
function reporter(api: ExtensionApi, effects: Effects): (name: string, heard: Heard) => Promise<void> {
  const { init, browser } = api;
  const settings = fromPixelRecord(api.settings);
  if (settings === null) throw new Error("no settings of ours");
  const { trUrl, collectUrl, beaconKey: key, browserLeg } = settings;
  const datasets = [...new Set(settings.datasets)].filter((dataset) => /^\d+$/.test(dataset));
  const shop = text(() => init.data.shop.myshopifyDomain);
  const consent = watchConsent(api);
  const allowed = () => consent().marketing;
  const idsOn = cookieJar(browser.cookie, () => init.data.shop as Promised<Shop>, effects, allowed);
  const firstEver = sentMemory(browser.localStorage, effects);

  /** What this page has told of: Shopify plays events again when consent is given. */
  const told = new Set<string>();
  const firstHere = (what: string) => !told.has(what) && Boolean(told.add(what));

  /** Where the browser cannot hash (a page that is not secure), nobody is known. */
  async function visitorOf(reading: Reading, heard: Heard): Promise<Visitor> {
    const { page, clientId } = reading;
    const visitor: Visitor = { ids: await idsOn(page), identifiers: {}, clientIdHash: undefined };
    const checkout = ask(() => heard.data.checkout) as Promised<Checkout>;
    const customer = ask(() => init.data.customer) as Promised<Customer>;
    try {
      if (clientId) visitor.clientIdHash = await sha256Hex(clientId, effects);
      visitor.identifiers = await identifiersOf(checkout, customer, effects);
    } catch {
      // As said above.
    }
    return visitor;
  }

  /** The browser's own copies, and how they fared as far as a moment tells. */
  async function tellMeta(reading: Reading, visitor: Visitor): Promise<TrReport> {
    const { eventName, eventId, oncePerCheckout } = reading;
    if (!eventName || !eventId || !browserLeg.includes(eventName) || !datasets.length) return "not_attempted";
    // Marked before it leaves: better lost than twice.
    if (oncePerCheckout && !(await firstEver(`tr.${eventId}`))) return "unknown";
    if (!allowed()) return "not_attempted";
    const parameters = trParameters(reading, visitor, consent());
    const hits = datasets.map((id) => sendHit(trUrl, id, parameters, effects));
    const fates = await Promise.race([Promise.all(hits), effects.wait(FATE_WAIT_MS)]);
    const [fate, another] = new Set(fates || []);
    return (!another && fate) || "unknown";
  }

  /** The beacon; true when the server has all of it. Of a shopper who refuses, a checkout's refusal and nothing else. */
  async function tellServer(reading: Reading, tr: TrReport, visitor?: Visitor): Promise<boolean> {
    const { name, id, timestamp, checkout_token } = reading.said;
    const whole = allowed() ? visitor : undefined;
    if (!shop || !id || !timestamp || !(whole || (checkout_token && firstHere(`refused ${name} ${id}`)))) return false;
    const body = beaconBody(reading, { shop, key, consent: consent(), tr }, whole);
    return (await sendBeacon(collectUrl, body, effects)) && whole !== undefined;
  }

  return async (name, heard) => {
    const reading = readEvent(name, heard);
    if (!reading) return;
    const visitor = allowed() ? await visitorOf(reading, heard) : undefined;
    if (!visitor || !allowed()) return void (await tellServer(reading, "not_attempted"));
    const { oncePerCheckout, eventId, said } = reading;
    const mark = oncePerCheckout ? `beacon.${eventId}` : `${name} ${said.id}`;
    const again = !firstHere(mark);
    if (again && !oncePerCheckout) return;
    const tr = await tellMeta(reading, visitor);
    if (again || (oncePerCheckout && !(await firstEver(mark, "only look")))) return;
    const taken = await tellServer(reading, tr, visitor);
    if (!oncePerCheckout) return;
    if (taken) await firstEver(mark);
    else told.delete(mark);
  };
}
