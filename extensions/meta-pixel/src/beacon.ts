import { contentIdOf, contentTypeOf } from "../../../app/events/content-id";
import type { ConsentSignal } from "../../../app/events/event";
import type { PixelDataset } from "../../../app/events/pixel-settings";
import type { BrowserIds } from "./cookies";
import type { Identifiers } from "./identifiers";
import type { Reading } from "./reading";

/** Who is behind an event, as far as it may leave. */
export type Visitor = [
  ids: BrowserIds | undefined,
  /** SHA-256 of Shopify's visitor id. */
  clientIdHash: string | undefined,
  identifiers: Identifiers | undefined,
];

/** The parameters of /tr for one dataset; `cd` as app/delivery/payload.ts says it on the server leg. */
export function trParameters(
  { ev, eid, facts, order_id, visit, said }: Reading,
  [ids, clientIdHash, identifiers]: Visitor,
  consent: ConsentSignal,
  dataset: PixelDataset,
): URLSearchParams {
  const { restricted } = dataset;
  const { lines } = facts;
  const [line, another] = lines;
  const contents = lines.flatMap((line) => {
    const id = contentIdOf(dataset.ids, line);
    return id ? [{ id, quantity: line.quantity, item_price: line.price }] : [];
  });
  const parameters = new URLSearchParams("a=tandem&if=false");
  const put = (values: object | undefined, form = "$") => {
    for (const [name, value] of Object.entries(values || {})) {
      if (value != null) parameters.append(form.replace("$", name), value);
    }
  };
  const where = (page: string | undefined) => (page && restricted ? new URL(page).origin : page);
  // Only a checkout knows of which parts its sum is made.
  const value = facts[(dataset.value && facts.country === undefined ? "total" : dataset.value) as "total" | "subtotal"];
  put({
    id: dataset.dataset,
    ev,
    eid,
    dl: where(visit.url),
    rl: where(visit.referrer),
    ts: said.timestamp && Date.parse(said.timestamp),
  });
  put(
    {
      value,
      currency: value === undefined ? value : facts.currency,
      order_id,
      num_items: lines.reduce((sum, each) => sum + each.quantity, 0) || null,
    },
    "cd[$]",
  );
  if (contents.length > 0) {
    const content_ids = JSON.stringify([...new Set(contents.map((each) => each.id))]);
    put({ content_ids, content_type: contentTypeOf(dataset.ids), contents: JSON.stringify(contents) }, "cd[$]");
  }
  const { title, type }: { title?: string | undefined; type?: string | undefined } = (!another && line) || {};
  if (!restricted) put({ search_string: facts.search, content_name: title, content_category: type }, "cd[$]");
  put(identifiers, "ud[$]");
  // A second key of that name, as forms say lists: Meta documents none for /tr. One that reads a single value still reads
  // one that the server's copy has as well.
  put({ external_id: clientIdHash }, "ud[$]");
  put(ids);
  // Limited Data Use; Meta works out where: https://developers.facebook.com/documentation/meta-pixel/implementation/data-processing-options
  if (!consent.saleOfData) put({ dpo: "LDU", dpoco: 0, dpost: 0 });
  return parameters;
}
