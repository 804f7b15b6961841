import type { Customer, ExtensionApi, Shop } from "@shopify/web-pixels-extension";
import type { TrReport } from "../../../app/events/browser-copy";
import type { PixelEventName } from "../../../app/events/names";
import { passes } from "../../../app/events/page-filter";
import { fromPixelRecord, type PixelSettings } from "../../../app/events/pixel-settings";
import { ask, askLater, type Hearsay, text } from "./asking";
import { trParameters, type Visitor } from "./beacon";
import { watchConsent } from "./consent";
import { cookieJar } from "./cookies";
import { factsOf } from "./facts";
import { identifiersOf, sha256Hex } from "./identifiers";
import { FATE_WAIT_MS, MOST_LINES } from "./limits";
import { type Heard, LISTENED_TO, type Reading, readEvent } from "./reading";
import { sendHit } from "./send";
import { sentMemory } from "./sent";

/** Where the theme's app embed finds the visitor's id: theme/cart-signals */
export const CLIENT_KEY = "tandem_client";

/** Listens to the shop's pages. Nothing that goes wrong in here reaches them: not a throw, not a rejection. */
export function startPixel(api: ExtensionApi): void {
  ask(() => {
    const settings = fromPixelRecord(api.settings);
    if (settings === null) return;
    const report = reporter(api, settings);
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
  { trUrl, collectUrl, beaconKey: key, datasets }: PixelSettings,
): (name: string, heard: Heard) => unknown {
  const { init, browser } = api;
  const shop = text(() => init.data.shop.myshopifyDomain);
  /** Whom the page's storage names; undefined: nobody, or no longer. */
  let client: string | undefined;
  const consent = watchConsent(api, () => {
    askLater(() => browser.localStorage.removeItem(CLIENT_KEY));
    // An id without randomness: the server forgets the visitor, however often it is told to.
    const said = { name: "consent_withdrawn", id: client, timestamp: new Date().toISOString() };
    tell("not_attempted", said, { client_id: client });
    client = undefined;
  });
  const allowed = () => consent().marketing;
  const idsOn = cookieJar(browser.cookie, () => init.data.shop as Hearsay<Shop>, allowed);
  const sent = sentMemory(browser.localStorage);

  /** What this page has told of: Shopify plays events again when consent is given. */
  const told = new Set<string | undefined>();
  const firstHere = (what: string | undefined) => !told.has(what) && told.add(what);

  function visitorOf({ page, visit: { client_id } }: Reading, heard: Heard): Promise<Visitor> {
    if (client_id && client !== client_id) {
      client = client_id;
      askLater(() => browser.localStorage.setItem(CLIENT_KEY, client_id));
    }
    return Promise.all([
      idsOn(page),
      // Where the browser cannot hash (a page that is not secure), nobody is known.
      askLater(() => client_id && sha256Hex(client_id)),
      askLater(() => identifiersOf(heard.data.checkout, init.data.customer as Hearsay<Customer>)),
    ]);
  }

  /** The browser's own copies, and how they fared as far as a moment tells. */
  function tellMeta(reading: Reading, visitor: Visitor, once: boolean): Promise<TrReport> {
    const { ev, eid, visit, facts } = reading;
    const wanting = datasets.filter((dataset) =>
      // A dataset that is not in order gets nothing, and the others theirs.
      ask(() => eid && dataset.events.includes(ev as PixelEventName) && passes(dataset, visit.url, facts.country)),
    );
    // Marked before it leaves: better lost than twice.
    return Promise.resolve(!once || !wanting.length || sent.addNew(`tr.${eid}`)).then((isNew) => {
      if (!isNew) return "unknown";
      if (!wanting.length || !allowed()) return "not_attempted";
      const hits = wanting.map((dataset) => sendHit(trUrl, () => trParameters(reading, visitor, consent(), dataset)));
      const moment = new Promise<[]>((resolve) => setTimeout(resolve, FATE_WAIT_MS, []));
      return Promise.race([Promise.all(hits), moment]).then((fates) => {
        const [fate, another] = new Set<TrReport>(fates);
        return (!another && fate) || "unknown";
      });
    });
  }

  /**
   * A beacon, the body that /collect takes (app/sources/beacon.ts); true when it was taken. A text goes as plain text, so that
   * the browser does not ask for permission first.
   */
  const tell = (tr: TrReport, said: Reading["said"], ...more: unknown[]) =>
    askLater<unknown>(() => {
      const body = JSON.stringify(Object.assign({ v: 1, shop, key, consent: consent(), tr }, said, ...more));
      const request = { method: "POST", credentials: "omit", keepalive: true, body } as const;
      return shop && said.id && said.timestamp && fetch(new URL(collectUrl), request).then((answer) => answer.ok);
    });

  return (name, heard) => {
    const reading = readEvent(name, heard);
    if (!reading) return undefined;
    const { ev, eid, said, visit } = reading;

    /** The beacon; true when the server has all of it. Of a shopper who refuses, a checkout's refusal and nothing else. */
    function tellServer(tr: TrReport, visitor?: Visitor): unknown {
      if (visitor && allowed()) {
        const [ids, , user_data] = visitor;
        // The server makes no event of the others. What a Purchase's own copy said is compared with the order, as far as a
        // beacon has room for it.
        const data = ev && factsOf(heard.data, MOST_LINES);
        return tell(tr, said, visit, ids, { user_data, data });
      }
      if (said.checkout_token && firstHere(`no.${said.id}`)) tell(tr, said);
      return undefined;
    }

    if (!allowed()) return tellServer("not_attempted");
    return visitorOf(reading, heard).then((visitor) => {
      if (!allowed()) return tellServer("not_attempted");
      // An id that hangs on the checkout: Shopify says such events again whenever it is re-entered.
      const once = eid !== undefined && eid !== said.id;
      const first = eid || said.id;
      if (!firstHere(first)) return undefined;
      return tellMeta(reading, visitor, once).then((tr) => {
        if (!once) return tellServer(tr, visitor);
        // A copy that was not attempted may be, once its leg is on: then the server hears of it again.
        const mark = `${tr === "not_attempted" ? "off" : "beacon"}.${eid}`;
        return sent
          .has(mark)
          .then((known) => known || tellServer(tr, visitor))
          .then((taken) => (taken ? sent.addNew(mark) : told.delete(first)));
      });
    });
  };
}
