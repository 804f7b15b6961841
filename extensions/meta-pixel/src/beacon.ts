import type { TrReport } from "../../../app/events/browser-copy";
import type { ConsentSignal } from "../../../app/events/event";
import type { BrowserIds } from "./cookies";
import type { Identifiers } from "./identifiers";
import type { Reading } from "./reading";

/** Who is behind an event, as far as it may leave. */
export interface Visitor {
  ids: BrowserIds;
  identifiers: Identifiers;
  /** SHA-256 of Shopify's visitor id. */
  clientIdHash: string | undefined;
}

/**
 * The body that /collect takes (app/sources/beacon.ts). Without a visitor it is of a shopper who refuses marketing, and
 * says only that.
 */
export function beaconBody(
  { eventName, clientId, url, referrer, facts, said }: Reading,
  about: { shop: string; key: string; consent: ConsentSignal; tr: TrReport },
  visitor: Visitor | undefined,
): string {
  const refusal = Object.assign({ v: 1 }, said, about);
  if (!visitor) return JSON.stringify(refusal);
  const { ids, identifiers } = visitor;
  return JSON.stringify(
    Object.assign(refusal, ids, {
      client_id: clientId,
      url,
      referrer,
      user_data: identifiers,
      // The server makes no event of the others; the truth of a Purchase is the order.
      data: eventName && eventName !== "Purchase" ? facts : undefined,
    }),
  );
}

/** The parameters of /tr but for the dataset; `cd` as app/delivery/payload.ts says it on the server leg. */
export function trParameters(
  { eventName, eventId, facts, orderId, url, referrer, said }: Reading,
  { ids, identifiers, clientIdHash }: Visitor,
  { saleOfData }: ConsentSignal,
): URLSearchParams {
  const { currency, total, search, lines } = facts;
  const contents = lines.flatMap(({ variant, quantity, price }) =>
    variant ? [{ id: variant, quantity, item_price: price }] : [],
  );
  const parameters = new URLSearchParams("a=tandem&if=false");
  const put = (values: object, group?: string) => {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) parameters.set(group ? `${group}[${name}]` : name, String(value));
    }
  };
  put({ ev: eventName, eid: eventId, dl: url, rl: referrer, ts: said.timestamp && Date.parse(said.timestamp) });
  const customData = {
    value: total,
    currency,
    order_id: orderId,
    search_string: search,
    num_items: lines.reduce((sum, { quantity }) => sum + quantity, 0) || undefined,
  };
  put(customData, "cd");
  if (contents.length > 0) {
    const content_ids = JSON.stringify([...new Set(contents.map(({ id }) => id))]);
    put({ content_ids, content_type: "product", contents: JSON.stringify(contents) }, "cd");
  }
  put({ external_id: clientIdHash }, "ud");
  put(identifiers, "ud");
  put(ids);
  // Limited Data Use; Meta works out where: https://developers.facebook.com/documentation/meta-pixel/implementation/data-processing-options
  if (!saleOfData) put({ dpo: "LDU", dpoco: 0, dpost: 0 });
  return parameters;
}
