import { describe, expect, it } from "vitest";
import { PIXEL_EVENT_NAMES } from "~/events/names";
import { fromPixelRecord } from "~/events/pixel-settings";
import { DEFAULT_SETTINGS, withToggles } from "~/settings/settings";
import { findPixelRecord, isPixelStale, syncWebPixel, wantedPixelSettings } from "~/settings/web-pixel.server";
import { DATASET, SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { ADDRESSES, type AdminApi, adminApi, THROTTLED, userError } from "./admin-api";

const SECOND_DATASET = "2234567890";

function wanted({ shop }: TestPipeline, addresses = ADDRESSES) {
  return fromPixelRecord(JSON.parse(wantedPixelSettings(shop(), addresses)));
}

/** Meta's numbers of the datasets that the pixel is to know of. */
function wantedDatasets(pipeline: TestPipeline): string[] | undefined {
  return wanted(pipeline)?.datasets.map(({ dataset }) => dataset);
}

/** Tells Shopify, and looks at the shop anew. */
async function sync(pipeline: TestPipeline, api: AdminApi, addresses = ADDRESSES): Promise<string | null> {
  const { shop, store, registry, clock } = pipeline;
  const fault = await syncWebPixel(shop(), api.graphql, addresses, { store, now: clock.now });
  await registry.refresh();
  return fault;
}

async function disconnect({ store, shop, clock, registry }: TestPipeline, dataset: string): Promise<void> {
  await store.disconnectDatasets(shop().id, dataset, clock.now());
  await registry.refresh();
}

describe("the settings a shop's pixel should have", () => {
  it("name the collector, Meta's address, the shop's key, its datasets and the browser legs that are on", async () => {
    const pipeline = await testPipeline();
    expect(wanted(pipeline)).toEqual({
      collectUrl: "https://app.example.com/collect",
      trUrl: "https://www.facebook.com/tr",
      beaconKey: pipeline.shop().beaconKey,
      datasets: [
        {
          dataset: DATASET,
          events: PIXEL_EVENT_NAMES,
          ids: "$v",
          value: "total",
          restricted: false,
          hosts: [],
          paths: [],
          countries: [],
        },
      ],
    });
  });

  it.each([
    "https://app.example.com",
    "https://app.example.com/",
    "https://app.example.com/app",
  ])("send beacons to the app's own /collect: %s", async (appUrl) => {
    expect(wanted(await testPipeline(), { ...ADDRESSES, appUrl })?.collectUrl).toBe("https://app.example.com/collect");
  });

  it("name the connected datasets only", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET });
    expect(wantedDatasets(pipeline)).toEqual([DATASET, SECOND_DATASET]);
    await disconnect(pipeline, DATASET);
    expect(wantedDatasets(pipeline)).toEqual([SECOND_DATASET]);
    await disconnect(pipeline, SECOND_DATASET);
    expect(wantedDatasets(pipeline)).toEqual([]);
  });

  it("name a dataset on hold too: the browser's copy needs no token", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", pipeline.clock.now());
    await pipeline.registry.refresh();
    expect(wantedDatasets(pipeline)).toEqual([DATASET]);
  });

  it("follow the browser's toggle of each event, whatever its server's says", async () => {
    const pipeline = await testPipeline();
    const toggles = {
      PageView: { browser: false, server: true },
      Search: { browser: true, server: false },
    };
    const { store, shop, registry } = pipeline;
    await store.changeSettings(shop().id, () => JSON.stringify(withToggles(DEFAULT_SETTINGS, toggles)));
    await registry.refresh();
    const on = wanted(pipeline)?.datasets[0]?.events;
    expect(on).not.toContain("PageView");
    expect(on).toEqual(expect.arrayContaining(["Search", "Purchase"]));
  });

  it("never hold a token, a test code or anything else that is not for every shopper to read", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ token: "EAAsecrettoken", testCode: "TEST123" });
    const text = wantedPixelSettings(pipeline.shop(), ADDRESSES);
    expect(text).not.toMatch(/EAAsecrettoken|TEST123/);
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(["beaconKey", "collectUrl", "datasets", "trUrl"]);
  });
});

describe("Shopify has yet to be told", () => {
  it("until it took the settings, and again when the shop, its datasets or our addresses change", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(true);
    await sync(pipeline, api);
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(false);
    expect(isPixelStale(pipeline.shop(), { ...ADDRESSES, appUrl: "https://tunnel.example.com" })).toBe(true);
    expect(isPixelStale(pipeline.shop(), { ...ADDRESSES, trUrl: "https://tr.example.com" })).toBe(true);
    await pipeline.connect({ dataset: SECOND_DATASET });
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(true);
    await disconnect(pipeline, SECOND_DATASET);
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(false);
  });

  it("nothing when only a token, a test code or a hold changed", async () => {
    const pipeline = await testPipeline();
    await sync(pipeline, adminApi());
    await pipeline.connect({ token: "EAAanother", testCode: "TEST1", holdSeconds: 10 });
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(false);
  });
});

describe("telling Shopify", () => {
  it("makes the shop's pixel record with the wanted settings, and remembers which it was and when", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    const settings = wantedPixelSettings(pipeline.shop(), ADDRESSES);
    expect(await sync(pipeline, api)).toBeNull();
    expect(api.record).toEqual({ id: "gid://shopify/WebPixel/1", settings });
    expect(pipeline.shop().webPixel).toMatchObject({
      id: "gid://shopify/WebPixel/1",
      settings,
      acceptedAt: pipeline.clock.now(),
      fault: null,
    });
  });

  it("updates the record it knows, with one request", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    await sync(pipeline, api);
    await pipeline.connect({ dataset: SECOND_DATASET });
    pipeline.clock.pass(1_000);
    expect(await sync(pipeline, api)).toBeNull();
    expect(api.asked).toEqual(["webPixelCreate", "webPixelUpdate"]);
    const settings = wantedPixelSettings(pipeline.shop(), ADDRESSES);
    expect(api.record).toEqual({ id: "gid://shopify/WebPixel/1", settings });
    expect(pipeline.shop().webPixel).toMatchObject({ settings, acceptedAt: pipeline.clock.now() });
  });

  it("takes over a record that is there already, of which nobody told us", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    api.record = { id: "gid://shopify/WebPixel/77", settings: "{}" };
    expect(await sync(pipeline, api)).toBeNull();
    const settings = wantedPixelSettings(pipeline.shop(), ADDRESSES);
    expect(api.record).toEqual({ id: "gid://shopify/WebPixel/77", settings });
    expect(pipeline.shop().webPixel).toMatchObject({ id: "gid://shopify/WebPixel/77", settings, fault: null });
  });

  it("makes the record anew that somebody deleted", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    await sync(pipeline, api);
    api.record = null;
    await pipeline.connect({ dataset: SECOND_DATASET });
    expect(await sync(pipeline, api)).toBeNull();
    const settings = wantedPixelSettings(pipeline.shop(), ADDRESSES);
    expect(api.record).toEqual({ id: "gid://shopify/WebPixel/2", settings });
    expect(pipeline.shop().webPixel).toMatchObject({ id: "gid://shopify/WebPixel/2", settings, fault: null });
  });

  it("takes over the record that stands in the place of the one it knew", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    await sync(pipeline, api);
    api.record = { id: "gid://shopify/WebPixel/88", settings: "{}" };
    expect(await sync(pipeline, api)).toBeNull();
    expect(pipeline.shop().webPixel.id).toBe("gid://shopify/WebPixel/88");
    expect(api.record?.settings).toBe(wantedPixelSettings(pipeline.shop(), ADDRESSES));
  });
});

/** A pipeline whose settings Shopify has taken once, and that has changed since. */
async function onceAccepted(): Promise<{ pipeline: TestPipeline; api: AdminApi; accepted: string | null }> {
  const pipeline = await testPipeline();
  const api = adminApi();
  await sync(pipeline, api);
  const accepted = pipeline.shop().webPixel.settings;
  await pipeline.connect({ dataset: SECOND_DATASET });
  return { pipeline, api, accepted };
}

describe("what keeps Shopify from taking the settings", () => {
  const OBSTACLES: [string, AdminApi["strike"], RegExp][] = [
    [
      "words of its own",
      (asked) => (asked === "webPixel" ? undefined : userError(asked, "Settings are wrong.", "Very wrong.")),
      /Settings are wrong\. Very wrong\./,
    ],
    [
      "a network that is down",
      () => {
        throw new TypeError("fetch failed");
      },
      /fetch failed/,
    ],
    ["errors beside no data", () => THROTTLED, /./],
    ["an answer without a pixel", (asked) => ({ data: { [asked]: { webPixel: null, userErrors: [] } } }), /./],
    ["an answer that is none", () => ({}), /./],
    ["a body that is no object", () => "<html>", /./],
  ];

  it.each(OBSTACLES)("%s, is remembered in words; the settings last accepted stay", async (_what, strike, words) => {
    const { pipeline, api, accepted } = await onceAccepted();
    api.strike = strike;
    const fault = await sync(pipeline, api);
    expect(fault).toMatch(words);
    expect(pipeline.shop().webPixel).toMatchObject({ id: "gid://shopify/WebPixel/1", settings: accepted, fault });
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(true);
  });

  it.each(OBSTACLES)("%s, is forgotten with the next success", async (_what, strike) => {
    const { pipeline, api } = await onceAccepted();
    api.strike = strike;
    await sync(pipeline, api);
    api.strike = () => undefined;
    expect(await sync(pipeline, api)).toBeNull();
    expect(pipeline.shop().webPixel.fault).toBeNull();
    expect(isPixelStale(pipeline.shop(), ADDRESSES)).toBe(false);
  });

  it("is remembered for a shop that never had a record", async () => {
    const pipeline = await testPipeline();
    const api = adminApi();
    api.strike = (asked) => (asked === "webPixelCreate" ? userError(asked, "No extension.") : undefined);
    expect(await sync(pipeline, api)).toBe("No extension.");
    expect(pipeline.shop().webPixel).toMatchObject({
      id: null,
      settings: null,
      acceptedAt: null,
      fault: "No extension.",
    });
  });

  it("said twice, moves no version: other processes need not read again", async () => {
    const { pipeline, api } = await onceAccepted();
    api.strike = (asked) => userError(asked, "Settings are wrong.");
    await sync(pipeline, api);
    const version = await pipeline.store.settingsVersion();
    await sync(pipeline, api);
    expect(await pipeline.store.settingsVersion()).toBe(version);
  });

  it("never says the shop's token, its key or its datasets' tokens", async () => {
    const { pipeline, api } = await onceAccepted();
    api.strike = (asked) => userError(asked, "Settings are wrong.");
    const fault = (await sync(pipeline, api)) ?? "";
    expect(fault).not.toContain(pipeline.shop().beaconKey);
    expect(fault).not.toMatch(/EAA/);
  });

  it("is of one shop only", async () => {
    const { pipeline, api } = await onceAccepted();
    const other = { domain: "other-shop.myshopify.com", beaconKey: "bk", dataKey: "dk", settings: "{}" };
    await pipeline.store.ensureShop({ ...other, createdAt: pipeline.clock.now() });
    api.strike = (asked) => userError(asked, "Settings are wrong.");
    await sync(pipeline, api);
    const rows = await pipeline.db.shop.findMany({
      orderBy: { id: "asc" },
      select: { domain: true, webPixelFault: true },
    });
    expect(rows).toEqual([
      { domain: SHOP, webPixelFault: "Settings are wrong." },
      { domain: "other-shop.myshopify.com", webPixelFault: null },
    ]);
  });
});

describe("looking for the record", () => {
  it("finds it as Shopify has it", async () => {
    const api = adminApi();
    api.record = { id: "gid://shopify/WebPixel/7", settings: '{"a":"b"}' };
    expect(await findPixelRecord(api.graphql)).toEqual(api.record);
  });

  it("answers null where Shopify says that there is none, with an error beside the empty answer or without", async () => {
    const api = adminApi();
    expect(await findPixelRecord(api.graphql)).toBeNull();
    api.strike = () => ({ data: { webPixel: null } });
    expect(await findPixelRecord(api.graphql)).toBeNull();
  });

  it("throws when Shopify cannot be asked", async () => {
    const api = adminApi();
    api.strike = () => Promise.reject(new TypeError("fetch failed"));
    await expect(findPixelRecord(api.graphql)).rejects.toThrow("fetch failed");
  });
});
