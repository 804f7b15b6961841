import { describe, expect, it } from "vitest";
import { DATASET, SHOP } from "../support/pipeline";
import { type OpenFront, openFront } from "./open-front";

const ANY_ORIGIN = { "access-control-allow-origin": "*" };
const TOKEN = "0123456789abcdef0123456789abcdef";

type Json = Record<string, unknown>;

function beacon(front: OpenFront, over: Json = {}): Json {
  return {
    v: 1,
    shop: SHOP,
    key: front.pipeline.shop().beaconKey,
    name: "product_viewed",
    id: "sh-0000-0001",
    timestamp: "2026-11-20T09:59:59.000Z",
    client_id: "visitor-0001",
    checkout_token: null,
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    fbp: "fb.1.1763632800000.1234567890",
    fbc: null,
    url: "https://shop.example.com/products/tee",
    referrer: "",
    tr: "resolved",
    ...over,
  };
}

function collect(front: OpenFront, body: unknown, headers: Record<string, string> = {}) {
  return front.send({
    method: "POST",
    path: "/collect",
    // A sandboxed pixel posts plain text, so that no preflight stands between it and us.
    headers: { "content-type": "text/plain", origin: "null", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("POST /collect", () => {
  it("stores a beacon, wakes the drain and answers 204 to any origin", async () => {
    const front = await openFront();
    const { status, headers, text } = await collect(front, beacon(front));
    expect({ status, text }).toEqual({ status: 204, text: "" });
    expect(headers).toMatchObject(ANY_ORIGIN);
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    expect(await front.pipeline.events()).toMatchObject([
      { name: "ViewContent", eventId: "sh-0000-0001", topic: "beacon", outcome: "waiting" },
    ]);
    expect(front.woken()).toBe(1);
    expect(await front.counted("beacons")).toEqual(["stored → 1"]);
  });

  it.each([
    ["1", false],
    ["0", true],
  ])("hears Global Privacy Control in a request's own header: %s", async (header, saleOfData) => {
    const front = await openFront();
    await collect(front, beacon(front, { name: "checkout_completed", checkout_token: TOKEN }), { "sec-gpc": header });
    const [context] = await front.pipeline.db.browserContext.findMany();
    expect(JSON.parse(context?.consent ?? "{}")).toMatchObject({ marketing: true, saleOfData });
  });

  it("counts what says of itself that it is a bot, and stores nothing of it", async () => {
    const front = await openFront();
    const bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    expect((await collect(front, beacon(front), { "user-agent": bot })).status).toBe(204);
    expect(await front.pipeline.events()).toEqual([]);
    expect(await front.counted("beacons")).toEqual(["bot → 1"]);
  });

  it("counts a beacon that comes again as a replay, and stores it once", async () => {
    const front = await openFront();
    for (const seconds of [57, 58, 59])
      await collect(front, beacon(front, { timestamp: `2026-11-20T09:59:${seconds}Z` }));
    expect(await front.pipeline.events()).toHaveLength(1);
    expect(await front.counted("beacons")).toEqual(["replay → 2", "stored → 1"]);
  });

  it("knows what comes again byte for byte without asking the store", async () => {
    const front = await openFront();
    await collect(front, beacon(front));
    await front.pipeline.db.event.deleteMany();
    await collect(front, beacon(front));
    expect(await front.pipeline.events()).toEqual([]);
    expect(await front.counted("beacons")).toEqual(["replay → 1", "stored → 1"]);
  });

  it("hears the same words from a browser that now asks not to have its data sold", async () => {
    const front = await openFront();
    const completed = beacon(front, { name: "checkout_completed", checkout_token: TOKEN });
    await collect(front, completed);
    await collect(front, completed, { "sec-gpc": "1" });
    const [context] = await front.pipeline.db.browserContext.findMany();
    expect(JSON.parse(context?.consent ?? "{}")).toMatchObject({ saleOfData: false });
  });

  it("takes what could not be stored when it comes again", async () => {
    let isDown = true;
    const front: OpenFront = await openFront({
      store: new Proxy({} as OpenFront["pipeline"]["store"], {
        get: (_, verb: "ingest") =>
          isDown ? () => Promise.reject(new Error("the disk is full")) : front.pipeline.store[verb],
      }),
    });
    expect((await collect(front, beacon(front))).status).toBe(503);
    isDown = false;
    expect((await collect(front, beacon(front))).status).toBe(204);
    expect(await front.counted("beacons")).toEqual(["not_stored → 1", "stored → 1"]);
  });

  it("remembers the browser of a completed checkout, and makes no Purchase of it", async () => {
    const front = await openFront();
    await collect(front, beacon(front, { name: "checkout_completed", checkout_token: TOKEN }));
    expect(await front.pipeline.events()).toEqual([]);
    const rows = await front.pipeline.db.browserContext.findMany({ orderBy: { key: "asc" } });
    expect(rows.map(({ key, beacon }) => ({ key, beacon }))).toEqual([
      { key: `checkout.${TOKEN}`, beacon: true },
      { key: "client.visitor-0001", beacon: true },
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a list", "[]"],
    ["no version", { v: undefined }],
    ["another version", { v: 2 }],
    ["an id that is none", { id: "a b\n" }],
    ["an instant that is none", { timestamp: "soon" }],
    ["no consent", { consent: undefined }],
    ["raw personal data for a hash", { user_data: { em: ["jordan.example@example.com"] } }],
  ])("answers %s with 204, counts it as malformed and stores nothing", async (_case, body) => {
    const front = await openFront();
    const { status, headers } = await collect(front, typeof body === "string" ? body : beacon(front, body));
    expect(status).toBe(204);
    expect(headers).toMatchObject(ANY_ORIGIN);
    expect(await front.counted("beacons")).toEqual(["malformed → 1"]);
    await expectNothingStored(front);
  });

  it.each([
    ["a wrong key", { key: "not-the-key" }, "wrong_key"],
    ["an unknown shop", { shop: "nobody-knows.myshopify.com" }, "unknown_shop"],
  ])("answers %s with the same 204, counted by its reason and not stored", async (_case, over, reason) => {
    const front = await openFront();
    const wrong = await collect(front, beacon(front, over));
    expect(await front.counted("beacons")).toEqual([`${reason} → 1`]);
    await expectNothingStored(front);
    const right = await collect(front, beacon(front));
    expect({ ...wrong, headers: visible(wrong.headers) }).toEqual({ ...right, headers: visible(right.headers) });
  });

  it("answers for a shop without a dataset with 204, counted and not stored", async () => {
    const front = await openFront();
    const { pipeline } = front;
    await pipeline.store.disconnectDatasets(pipeline.shop().id, DATASET, pipeline.clock.now());
    await pipeline.registry.refresh();
    expect((await collect(front, beacon(front))).status).toBe(204);
    expect(await front.counted("beacons")).toEqual(["no_dataset → 1"]);
    await expectNothingStored(front);
  });

  it("logs nothing of what a beacon says", async () => {
    const front = await openFront();
    await collect(front, beacon(front));
    await collect(front, beacon(front, { key: "not-the-key" }));
    await collect(front, "jordan.example@example.com");
    expect(front.log).toEqual([]);
  });

  it("answers a preflight without reading anything", async () => {
    const front = await openFront();
    const { status, headers } = await front.send({ method: "OPTIONS", path: "/collect", headers: { origin: "null" } });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      ...ANY_ORIGIN,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
    });
  });

  it.each(["GET", "PUT", "DELETE"])("refuses %s with 405, readable by any origin", async (method) => {
    const front = await openFront();
    const { status, headers } = await front.send({ method, path: "/collect" });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "POST, OPTIONS" });
    expect(headers).toMatchObject(ANY_ORIGIN);
  });
});

describe("the address behind a beacon", () => {
  const forged = { "x-forwarded-for": "198.51.100.66, 203.0.113.7" };

  it("is the connection's, whatever X-Forwarded-For says, when no proxy is trusted", async () => {
    expect(await addressStored(await openFront(), forged)).toBe(null);
  });

  it("is what the trusted proxy wrote, never what the client wrote before it", async () => {
    expect(await addressStored(await openFront({ trustedProxies: 1 }), forged)).toBe("203.0.113.7");
  });

  /** Loopback, the address of every connection here, is none that Meta could use: it is kept as null. */
  async function addressStored(front: OpenFront, headers: Record<string, string>): Promise<unknown> {
    await collect(front, beacon(front), headers);
    const [row] = await front.pipeline.db.browserContext.findMany();
    return JSON.parse(front.pipeline.shop().open("BrowserContext.browser", row?.browser ?? "")).ip;
  }
});

async function expectNothingStored(front: OpenFront): Promise<void> {
  expect(await front.pipeline.events()).toEqual([]);
  expect(await front.pipeline.db.browserContext.count()).toBe(0);
  expect(front.woken()).toBe(0);
}

/** What a stranger can tell answers apart by. */
function visible({ date: _date, ...headers }: Record<string, unknown>): Record<string, unknown> {
  return headers;
}
