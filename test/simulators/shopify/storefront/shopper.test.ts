import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { purchaseId } from "~/events/event-id";
import type { Shopper } from "./shopper";
import { type Serving, serve } from "./support/serve";

interface Told {
  event: { id: string; name: string; clientId: string; data: { checkout?: { token: string } } };
  privacy: { marketingAllowed: boolean; saleOfDataAllowed: boolean };
  fbp: string;
  visits: number;
  tr: string;
}

const told = ({ collected }: Serving): Told[] => collected.map(({ body }) => JSON.parse(body) as Told);
const names = (serving: Serving) => told(serving).map(({ event }) => event.name);

async function toCheckout(shopper: Shopper): Promise<void> {
  await shopper.addToCart("tidewater-mug", "Ink", 2);
  await shopper.enterCheckout();
}

async function toThankYou(shopper: Shopper) {
  await toCheckout(shopper);
  await shopper.submitContact();
  await shopper.submitAddress();
  const order = await shopper.pay();
  await shopper.idle();
  return order;
}

describe("events", () => {
  it("are published in the order of a purchase, and the pixel hears them all", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    await shopper.visit("/");
    await shopper.search("stonewashed linen");
    await shopper.addToCart("linen-towel", "Fern");
    await shopper.visit("/cart");
    await toThankYou(shopper);
    const published = shopper.events.map(({ name }) => name);
    expect(published).toEqual([
      "page_viewed",
      ...["page_viewed", "search_submitted"],
      ...["page_viewed", "product_viewed", "product_added_to_cart"],
      ...["page_viewed", "cart_viewed"],
      ...["page_viewed", "product_viewed", "product_added_to_cart"],
      ...["page_viewed", "checkout_started", "checkout_contact_info_submitted"],
      ...["checkout_address_info_submitted", "checkout_shipping_info_submitted", "payment_info_submitted"],
      ...["page_viewed", "checkout_completed"],
    ]);
    expect(
      told(serving)
        .map(({ event }) => event.id)
        .sort(),
    ).toEqual(shopper.events.map(({ id }) => id).sort());
    expect(shopper.faults).toEqual([]);
  });

  it("have Shopify's shapes: money as numbers, ids as digits, '' for what nobody has said yet", async () => {
    const serving = await serve();
    const shopper = serving.shopper({
      country: "DE",
      consent: "given",
      visitorId: "c0ffee00-0000-4000-8000-000000000001",
    });
    await toCheckout(shopper);
    const at = (name: string) => shopper.events.find((event) => event.name === name);
    expect(at("product_added_to_cart")).toMatchObject({
      id: expect.stringMatching(/^sh-[0-9a-f]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      clientId: "c0ffee00-0000-4000-8000-000000000001",
      seq: 2,
      timestamp: new Date(serving.clock.now()).toISOString(),
      type: "standard",
      context: {
        document: { location: { href: `${serving.origin}/products/tidewater-mug` } },
        navigator: { language: "de-DE" },
      },
      data: {
        cartLine: {
          quantity: 2,
          cost: { totalAmount: { amount: 48.76, currencyCode: "EUR" } },
          merchandise: { id: "45200100000113", price: { amount: 24.38 }, product: { id: "8400100000101" } },
        },
      },
    });
    expect(at("checkout_started")?.data).toMatchObject({
      checkout: {
        token: expect.stringMatching(/^[0-9a-f]{32}$/),
        email: "",
        phone: "",
        order: { id: null, customer: { id: null, isFirstOrder: null } },
        shippingLine: null,
        totalPrice: { amount: 48.76, currencyCode: "EUR" },
        billingAddress: { address1: null, countryCode: "DE" },
      },
    });
  });

  it("of a completed checkout carry the order's number and what its webhooks call the total", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    const order = await toThankYou(shopper);
    expect(shopper.events.at(-1)?.data).toMatchObject({
      checkout: {
        token: order.checkoutToken,
        email: "Morgan.Sample@example.com",
        order: { id: order.id },
        totalPrice: { amount: Number(order.total.amount), currencyCode: "USD" },
        transactions: [{ gateway: "shopify_payments" }],
      },
    });
  });

  it("tell of every entrance to the checkout, whose token stays", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    await toCheckout(shopper);
    await shopper.visit("/cart");
    await shopper.enterCheckout();
    const started = shopper.events.filter(({ name }) => name === "checkout_started");
    const tokens = started.map(({ data }) => "checkout" in data && data.checkout.token);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
    expect(serving.webhooks.map(({ topic }) => topic)).toEqual(["checkouts/create"]);
  });

  it("do not complete a checkout twice when the thank-you page is loaded again, nor does paying place two orders", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    const { cartToken } = await toThankYou(shopper);
    await shopper.visit(`/checkouts/cn/${cartToken}/thank-you`);
    await shopper.visit(`/checkouts/cn/${cartToken}`);
    await shopper.pay().catch(() => undefined);
    await shopper.idle();
    expect(names(serving).filter((name) => name === "checkout_completed")).toHaveLength(1);
    expect(serving.storefront.orders).toHaveLength(1);
    expect(serving.webhooks.filter(({ topic }) => topic === "orders/create")).toHaveLength(1);
  });

  it("take a new cart after an order", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    const [first, second] = [await toThankYou(shopper), await toThankYou(shopper)];
    expect(first.checkoutToken).not.toBe(second.checkoutToken);
    expect([first.name, second.name]).toEqual(["#1001", "#1002"]);
  });
});

describe("consent", () => {
  it("where it is asked for keeps the pixel out, then plays back what happened on the page", async () => {
    const serving = await serve();
    const shopper = serving.shopper({ country: "GB" });
    await shopper.addToCart("meadow-vase");
    await shopper.idle();
    expect([shopper.pixelLoaded(), serving.collected]).toEqual([false, []]);
    shopper.choose({ tracking: "given" });
    await shopper.idle();
    expect(names(serving).sort()).toEqual(["page_viewed", "product_added_to_cart", "product_viewed"]);
    expect(told(serving).every(({ privacy }) => privacy.marketingAllowed)).toBe(true);
    await shopper.visit("/");
    await shopper.idle();
    expect(serving.collected).toHaveLength(4);
  });

  it.each([
    "refused",
    "silent",
  ] as const)("that is %s in a region that asks lets no pixel in, on any page", async (consent) => {
    const serving = await serve();
    const shopper = serving.shopper({ country: "DE", consent });
    await toThankYou(shopper);
    expect([shopper.pixelLoaded(), serving.collected, serving.hits]).toEqual([false, [], []]);
    expect(serving.storefront.orders).toHaveLength(1);
  });

  it.each(["US", "AU"] as const)("is assumed in %s", async (country) => {
    const serving = await serve();
    await toThankYou(serving.shopper({ country }));
    expect(names(serving)).toContain("checkout_completed");
  });

  it("that was refused on an earlier visit holds where nobody asks", async () => {
    const serving = await serve();
    await toThankYou(serving.shopper({ country: "AU", consent: "refused" }));
    expect(serving.collected).toEqual([]);
  });

  it("of a US shopper who opted out of the sale of data still lets the pixel in, and tells it", async () => {
    const serving = await serve();
    await toThankYou(serving.shopper({ consent: "sale_opt_out" }));
    const signals = told(serving).map(({ privacy }) => privacy);
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every((signal) => signal.marketingAllowed && !signal.saleOfDataAllowed)).toBe(true);
  });

  it("that is taken back is told to the pixel at once, and keeps it out of the next page", async () => {
    const serving = await serve();
    const shopper = serving.shopper({ country: "DE", consent: "given" });
    await toCheckout(shopper);
    await shopper.idle();
    const before = serving.collected.length;
    shopper.choose({ tracking: "refused" });
    await shopper.submitContact();
    await shopper.visit("/");
    await shopper.idle();
    const after = told(serving).slice(before);
    expect(after).toMatchObject([
      { event: { name: "checkout_contact_info_submitted" }, privacy: { marketingAllowed: false } },
    ]);
    expect(shopper.pixelLoaded()).toBe(false);
  });
});

describe("the browser around the pixel", () => {
  it("keeps cookies and storage from page to page", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    await toThankYou(shopper);
    const fbp = new Set(told(serving).map((beacon) => beacon.fbp));
    expect([...fbp]).toEqual([expect.stringMatching(/^fb\.1\.\d{13}\.42$/)]);
    expect(shopper.cookies()).toContain([...fbp][0]);
    expect(Math.max(...told(serving).map(({ visits }) => visits))).toBeGreaterThan(4);
    expect(new Set(told(serving).map(({ event }) => event.clientId)).size).toBe(1);
  });

  it("shows the shop's clock", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    await shopper.visit("/");
    await shopper.idle();
    const made = Number(told(serving)[0]?.fbp.split(".")[2]);
    expect(Math.abs(made - serving.clock.now())).toBeLessThan(5_000);
  });

  it("forgets a cookie when its time is over", async () => {
    const serving = await serve();
    const shopper = serving.shopper();
    await shopper.visit("/");
    await shopper.idle();
    expect(shopper.cookies()).toContain("_fbp=");
    serving.clock.pass(601_000);
    expect(shopper.cookies()).not.toContain("_fbp=");
  });

  it("with an ad blocker lets nothing through to Meta, and everything to the app", async () => {
    const serving = await serve();
    await toThankYou(serving.shopper({ blocked: true }));
    expect(serving.hits).toEqual([]);
    expect(new Set(told(serving).map(({ tr }) => tr))).toEqual(new Set(["Failed to fetch"]));
    expect(names(serving)).toContain("checkout_completed");
  });

  it("says with every request who is asking", async () => {
    const serving = await serve();
    await toThankYou(serving.shopper({ ip: "203.0.113.99", userAgent: "Mozilla/5.0 (X11; Linux x86_64)" }));
    for (const { headers } of [...serving.collected, ...serving.hits]) {
      expect(headers).toMatchObject({
        "x-stand-in-ip": "203.0.113.99",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
      });
    }
  });

  it("collects what is thrown in the bundle, wherever it is thrown", async () => {
    const bundle = `shopify.extend("WebPixel::Render", ({ analytics }) => {
      analytics.subscribe("page_viewed", () => { throw new Error("at once"); });
      analytics.subscribe("page_viewed", async () => { throw new Error("in a promise"); });
      analytics.subscribe("page_viewed", () => { void (async () => { throw new Error("in a promise nobody holds"); })(); });
    });`;
    const shopper = (await serve({ bundle })).shopper();
    await shopper.visit("/");
    await shopper.close();
    const faults = shopper.faults.join("\n");
    for (const fault of ["at once", "in a promise", "in a promise nobody holds"]) expect(faults).toContain(fault);
  });

  it("refuses a request that another origin does not allow", async () => {
    const bundle = `shopify.extend("WebPixel::Render", ({ analytics, settings }) => {
      analytics.subscribe("page_viewed", () => fetch(settings.collectUrl, { method: "POST", headers: { "x-own": "1" }, body: "{}" }));
    });`;
    const serving = await serve({ bundle });
    const shopper = serving.shopper();
    await shopper.visit("/");
    await shopper.idle();
    expect(shopper.faults).toEqual([expect.stringContaining("Failed to fetch")]);
    expect(serving.collected).toEqual([]);
  });

  it("runs no pixel when the app has no pixel record", async () => {
    const serving = await serve({ connected: false });
    const shopper = serving.shopper();
    await toThankYou(shopper);
    expect(shopper.pixelLoaded()).toBe(false);
  });
});

describe("the handler", () => {
  it("leaves alone what is not the storefront's", async () => {
    const { origin } = await serve();
    const paths = ["/?shop=tandem-demo.myshopify.com", "/collect", "/app", "/searching", "/cartoon", "/admin/api"];
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(origin + path)).status));
    expect(new Set(statuses)).toEqual(new Set([418]));
  });

  it("answers what it claims", async () => {
    const { origin } = await serve();
    const paths = ["/", "/products/walnut-tray", "/search?q=mug", "/cart", "/storefront-assets/style.css"];
    const pictures = ["/storefront-assets/pictures/mug.svg", "/storefront-assets/pixel.js"];
    for (const path of [...paths, ...pictures])
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 200]);
    for (const path of ["/products/nothing", "/storefront-assets/nothing", "/storefront-api/nothing"]) {
      expect((await fetch(origin + path)).status).toBeGreaterThanOrEqual(400);
    }
  });

  it("escapes what a shopper searched for", async () => {
    const { origin } = await serve();
    const words = "</script><img src=x onerror=alert(1)>";
    const text = await (await fetch(`${origin}/search?${new URLSearchParams({ q: words })}`)).text();
    expect(text).not.toContain("<img src=x");
  });
});

const BUILT = "extensions/meta-pixel/dist/meta-pixel.js";

describe.runIf(existsSync(BUILT))("Tandem's own pixel, as it was last built", () => {
  const bundle = () => readFileSync(BUILT, "utf8");

  it("tells Meta and the app of a purchase under one id, and throws nothing", async () => {
    const serving = await serve({ bundle: bundle() });
    const shopper = serving.shopper({ country: "DE", consent: "given" });
    const order = await toThankYou(shopper);
    expect(shopper.faults).toEqual([]);
    const hits = serving.hits.map(({ path }) => new URL(path, "http://meta").searchParams);
    const purchases = hits.filter((hit) => hit.get("ev") === "Purchase");
    expect(purchases.map((hit) => hit.get("eid"))).toEqual([purchaseId(order.checkoutToken, order.id)]);
    const beacons = serving.collected.map(({ body }) => JSON.parse(body) as { name: string });
    expect(beacons.map(({ name }) => name)).toContain("checkout_completed");
  });

  it("throws nothing behind an ad blocker", async () => {
    const serving = await serve({ bundle: bundle() });
    const shopper = serving.shopper({ blocked: true });
    await toThankYou(shopper);
    expect([shopper.faults, serving.hits]).toEqual([[], []]);
    expect(serving.collected.length).toBeGreaterThan(0);
  });
});
