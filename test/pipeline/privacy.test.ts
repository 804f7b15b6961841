import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fetch, requestBody } from "~/delivery/graph.server";
import { deliveryOf } from "~/diagnostics/deliveries.server";
import { sha256Hex } from "~/match-keys/hash.server";
import * as beacons from "../fixtures/beacon";
import { anonymousCheckout, checkout } from "../fixtures/checkout";
import { customer } from "../fixtures/customer";
import * as notices from "../fixtures/notices";
import { order, PEOPLE } from "../fixtures/order";
import { type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { settle, switchOn } from "../support/settings";
import { later, MINUTE } from "./seen";

const CLICKS = { fbp: "fb.1.1763632800000.1098115397", fbc: "fb.1.1763632800123.IwAR0ExampleClick" };
/** Whom a request is about who never bought anything. */
const ERASED = { id: 8889999, email: "erased@example.com", phone: "+15035550111" };
const COUNTRIES = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];

/** Everything a person or a browser is known by, as it came in. Shorter words (`OR`, `2000`) occur by chance. */
const RAW: string[] = [
  ...Object.values(PEOPLE).flatMap((person) => Object.values(person)),
  "203.0.113.20",
  "203.0.113.7",
  "iPhone; CPU",
  "Macintosh",
  ...Object.values(CLICKS),
  "IwAR0Landing",
  "fb.1.1763632800000.1234567890",
  "/products/tee",
  ERASED.email,
  ERASED.phone,
  notices.uninstalled.email,
  notices.uninstalled.shop_owner,
  TOKEN,
  "key=secret",
]
  // The last name of one buyer is also the word in every shop and vendor of the fixtures.
  .filter((raw) => raw.length >= 5 && raw !== PEOPLE.US.last_name);

/** From this length on, chance does not make a word out of random bytes, whatever its case. */
const UNMISTAKABLE = 7;

/** What of `RAW` stands in the database's files, and where. */
function findings(path: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name)).toString("latin1");
    const anyCase = text.toLowerCase();
    // Sealed values and hashes are long runs of letters in which a short word may occur by chance.
    const withoutNoise = text.replace(/[\w-]{60,}/g, " ");
    return RAW.filter((raw) => {
      const bytes = Buffer.from(raw).toString("latin1");
      return raw.length >= UNMISTAKABLE ? anyCase.includes(bytes.toLowerCase()) : withoutNoise.includes(bytes);
    }).map((raw) => `${raw} in ${name}`);
  });
}

async function everythingHappens(pipeline: TestPipeline): Promise<void> {
  const noted = Object.entries(CLICKS).map(([name, value]) => ({ name: `_${name}`, value }));
  const landing_site = "/products/tee?fbclid=IwAR0Landing";
  for (const [n, country] of COUNTRIES.entries()) {
    const ids = { id: 100 + n, checkoutToken: `token-${n}`, country };
    await pipeline.webhook("checkouts/create", anonymousCheckout({ token: `token-${n}` }));
    await pipeline.webhook("checkouts/update", checkout({ token: `token-${n}`, country }, { landing_site }));
    await pipeline.webhook("orders/create", order(ids, { note_attributes: noted, landing_site }));
    await pipeline.webhook("orders/paid", order(ids));
    await pipeline.webhook("orders/updated", order(ids));
    await pipeline.webhook("orders/cancelled", order(ids));
    await pipeline.webhook(
      "orders/create",
      order({ ...ids, id: 200 + n, checkoutToken: `bad-${n}` }, { currency: "?" }),
    );
    await pipeline.webhook("orders/create", order({ ...ids, id: 300 + n, checkoutToken: `test-${n}` }, { test: true }));
    await pipeline.webhook("orders/create", order({ ...ids, id: 400 + n, checkoutToken: null, sourceName: "pos" }));
    await pipeline.webhook("customers/create", customer({ country }, { id: 900 + n }));
    await pipeline.beacon({ ...beacons.checkoutStarted, id: `sh-ic-${n}`, checkout_token: `token-${n}` });
    await pipeline.beacon({
      ...beacons.paymentInfoSubmitted,
      id: `sh-api-${n}`,
      checkout_token: `token-${n}`,
      ...CLICKS,
    });
    const consent = country === "GB" ? beacons.REFUSED : beacons.GIVEN;
    await pipeline.beacon({ ...beacons.checkoutCompleted, id: `sh-done-${n}`, checkout_token: `token-${n}`, consent });
  }
  await pipeline.webhook("orders/edited", notices.orderEdit);
  await pipeline.webhook("refunds/create", notices.refund);
  await pipeline.webhook("app/scopes_update", notices.scopesUpdate);
  await pipeline.webhook("customers/data_request", notices.dataRequest);
  await pipeline.webhook("customers/redact", { ...notices.customerRedact, customer: ERASED, orders_to_redact: [] });
  await pipeline.webhook("shop/redact", notices.shopRedact);
  pipeline.meta.weather.script([{ kind: "status", status: 500 }]);
  await pipeline.drain();
  await later(pipeline, MINUTE);
  await later(pipeline, 10 * MINUTE);
  await pipeline.webhook("app/uninstalled", notices.uninstalled);
  await pipeline.notices();
  await pipeline.drain();
}

describe("on the disk", () => {
  it("nothing raw is ever found: no name, address, phone, e-mail, IP, user agent, cookie, page or token", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60, country: "AU" });
    await everythingHappens(pipeline);
    const outcomes = new Set((await pipeline.events()).map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(["accepted", "rejected", "skipped", "withheld"]);
    // The write-ahead log still holds every page ever written: what was overwritten since would show as well.
    expect(existsSync(`${pipeline.path}-wal`)).toBe(true);
    expect(findings(pipeline.path)).toEqual([]);
  });

  it("nothing raw is found where every event is told and customers are remembered, and a customer's key is a hash", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await switchOn(pipeline, "CompleteRegistration", "Subscribe", "Refund", "Upsell");
    const when = { field: "country", is: "none_of", words: ["FR"] };
    await settle(pipeline, (settings) => ({
      ...settings,
      registrations: "every",
      rules: [{ key: "any", name: "AnyOrder", base: "Purchase", on: true, when }],
    }));
    await everythingHappens(pipeline);
    const current_total_price_set = {
      shop_money: { amount: "99.00", currency_code: "USD" },
      presentment_money: { amount: "99.00", currency_code: "USD" },
    };
    await pipeline.webhook("orders/updated", order({ id: 100 }, { current_total_price_set }));
    await pipeline.drain();
    const rows = await pipeline.events();
    const names = new Set(rows.map(({ name }) => name));
    for (const name of ["AnyOrder", "CompleteRegistration", "Refund", "Subscribe"]) expect(names).toContain(name);
    const known = rows.flatMap(({ customerKey }) => customerKey ?? []);
    expect(known).toContain(sha256Hex("8880001"));
    expect(known.filter((key) => !/^[0-9a-f]{64}$/.test(key))).toEqual([]);
    expect(await pipeline.db.browserContext.count()).toBeGreaterThan(0);
    expect(findings(pipeline.path)).toEqual([]);
  });

  it("what Meta quotes of a request in its answer is sealed with the answer, which opens for the merchant", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    const quoting: Fetch = async (_url, { body }) => ({
      status: 400,
      headers: { get: () => null },
      text: async () => JSON.stringify({ error: { code: 100, error_user_msg: body, fbtrace_id: "203.0.113.20" } }),
    });
    await pipeline.drain({ graph: { url: "https://graph.example.com", version: "v25.0", fetch: quoting } });
    const [row] = await pipeline.events();
    const delivery = await deliveryOf(pipeline.db, pipeline.shop(), row?.id ?? 0);
    expect(delivery).toMatchObject({ outcome: "rejected", reason: "meta_100" });
    expect(delivery?.attempts[0]?.answer).toContain("203.0.113.20");
    expect(findings(pipeline.path)).toEqual([]);
  });

  it("the search above does find what is there", async () => {
    const pipeline = await testPipeline();
    await pipeline.db.shop.update({
      where: { id: pipeline.shop().id },
      data: { primaryDomain: "Robin", country: "KAETHE@example.de" },
    });
    expect(findings(pipeline.path)).toEqual([`${PEOPLE.DE.email} in tandem.sqlite-wal`, "Robin in tandem.sqlite-wal"]);
  });

  it("what an event needs to be sent is sealed, and opens only for its own shop and column", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order());
    await pipeline.beacon({ ...beacons.checkoutCompleted, checkout_token: "another" });
    const [row] = await pipeline.events();
    const [context] = await pipeline.db.browserContext.findMany();
    expect(row?.browser).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+\.[\w-]+$/);
    expect(context?.browser).toMatch(/^v1\./);
    const shop = pipeline.shop();
    expect(shop.open("Event.browser", row?.browser ?? "")).toContain("203.0.113.20");
    expect(() => shop.open("BrowserContext.browser", row?.browser ?? "")).toThrow(/another place/);
  });

  it("an accepted event keeps the sealed bytes that were sent, and no keys beside them", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    const [row] = await pipeline.events();
    expect(row).toMatchObject({ matchKeys: null, browser: null });
    const sent = pipeline.shop().open("Event.bytes", row?.bytes ?? "");
    expect(pipeline.meta.requests[0]?.body).toBe(requestBody([String(sent)], null));
  });
});
