import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openLog } from "~/log.server";
import type { AdminGraphql } from "~/settings/admin-api.server";
import { connect } from "~/settings/connect.server";
import { openPixelKeeper, type PixelKeeper } from "~/settings/pixel-keeper.server";
import { openRegistry } from "~/settings/registry.server";
import { wantedPixelSettings } from "~/settings/web-pixel.server";
import type { Store } from "~/store/store.server";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { ADDRESSES, type AdminApi, adminApi, THROTTLED, userError } from "./admin-api";

const OTHER = "other-shop.myshopify.com";
const MINUTE = 60_000;

interface Kept {
  pipeline: TestPipeline;
  keeper: PixelKeeper;
  /** Shopify's side, by shop. */
  admin(domain?: string): AdminApi;
  /** The shops the keeper spoke for by itself, oldest first. */
  spokeFor: string[];
  log: string[];
}

/** A keeper over a pipeline of its own; the shop has an offline session unless told otherwise. */
async function openKept({ session = true, addresses = ADDRESSES } = {}): Promise<Kept> {
  const pipeline = await testPipeline();
  const { db, store, registry, clock } = pipeline;
  const apis = new Map<string, AdminApi>();
  const admin = (domain = SHOP) => {
    const api = apis.get(domain) ?? adminApi();
    apis.set(domain, api);
    return api;
  };
  const spokeFor: string[] = [];
  const log: string[] = [];
  const graphqlOf = async (domain: string): Promise<AdminGraphql> => {
    spokeFor.push(domain);
    return admin(domain).graphql;
  };
  const keeper = openPixelKeeper({
    db,
    store,
    registry,
    log: openLog("info", { write: (line) => void log.push(line) }),
    now: clock.now,
    addresses,
    graphqlOf,
  });
  onTestFinished(() => keeper.stop());
  if (session) await openSession(pipeline, SHOP);
  return { pipeline, keeper, admin, spokeFor, log };
}

async function openSession({ db }: TestPipeline, shop: string, isOnline = false): Promise<void> {
  const id = isOnline ? `${shop}_1` : `offline_${shop}`;
  await db.session.create({ data: { id, shop, state: "", isOnline, accessToken: "sealed" } });
}

/** What the command line does: only rows. The server's settings duty then reads them. */
async function connectOnCommandLine({ store, keyring, clock, registry }: TestPipeline, shop: string, dataset: string) {
  const none = { testCode: null, country: null, holdSeconds: null };
  await connect(store, keyring, { shop, dataset, token: "EAAtoken", ...none }, clock.now());
  await registry.refresh();
}

/** Ticks, as the scheduler does each second, until this holds. */
function ticking({ keeper }: Kept, holds: () => void): Promise<void> {
  return until(() => {
    keeper.tick();
    holds();
  });
}

function until(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 15_000, interval: 10 });
}

/** Work that ends when it is told to. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const broken = (asked: string) => {
  throw new TypeError(`fetch failed: ${asked}`);
};

describe("telling Shopify now", () => {
  it("tells it what the shop wants, once: there is nothing to tell the second time", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const api = admin();
    expect(keeper.isCurrent(pipeline.shop())).toBe(false);
    expect(await keeper.sync(SHOP, api.graphql)).toBeNull();
    expect(keeper.isCurrent(pipeline.shop())).toBe(true);
    expect(await keeper.sync(SHOP, api.graphql)).toBeNull();
    expect(api.asked).toEqual(["webPixelCreate"]);
    expect(api.record?.settings).toBe(wantedPixelSettings(pipeline.shop(), ADDRESSES));
  });

  it("twice at once, runs one after the other, and the second does nothing", async () => {
    const { keeper, admin } = await openKept();
    const api = admin();
    const held = gate();
    api.strike = () => held.opened;
    const both = Promise.all([keeper.sync(SHOP, api.graphql), keeper.sync(SHOP, api.graphql)]);
    await until(() => expect(api.asked).toHaveLength(1));
    held.open();
    expect(await both).toEqual([null, null]);
    expect(api).toMatchObject({ asked: ["webPixelCreate"], most: 1 });
  });

  it("while the first try fails, lets the second try", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const api = admin();
    api.strike = (asked) => (api.asked.length === 1 ? broken(asked) : undefined);
    const [first, second] = await Promise.all([keeper.sync(SHOP, api.graphql), keeper.sync(SHOP, api.graphql)]);
    expect(first).toContain("fetch failed");
    expect(second).toBeNull();
    expect(pipeline.shop().webPixel.fault).toBeNull();
  });

  it("sees what was changed a moment ago, before anybody has read it", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const api = admin();
    await keeper.sync(SHOP, api.graphql);
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    expect(await keeper.sync(SHOP, api.graphql)).toBeNull();
    expect(JSON.parse(JSON.parse(api.record?.settings ?? "").datasets)).toEqual([]);
  });

  it("does not wait for another shop that Shopify keeps waiting", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await connectOnCommandLine(pipeline, OTHER, "99");
    const held = gate();
    admin().strike = () => held.opened;
    const waiting = keeper.sync(SHOP, admin().graphql);
    expect(await keeper.sync(OTHER, admin(OTHER).graphql)).toBeNull();
    held.open();
    expect(await waiting).toBeNull();
  });

  it("answers why Shopify did not take it, remembers it, and tries again when asked again", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const api = admin();
    api.strike = (asked) => (asked === "webPixelCreate" ? userError(asked, "Settings are wrong.") : undefined);
    expect(await keeper.sync(SHOP, api.graphql)).toBe("Settings are wrong.");
    expect(pipeline.shop().webPixel.fault).toBe("Settings are wrong.");
    expect(keeper.isCurrent(pipeline.shop())).toBe(false);
    api.strike = () => undefined;
    expect(await keeper.sync(SHOP, api.graphql)).toBeNull();
    expect(pipeline.shop().webPixel.fault).toBeNull();
  });

  it("asks nothing for a shop that nobody knows, or that was uninstalled", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const { store, shop, clock } = pipeline;
    expect(await keeper.sync("nobody-knows.myshopify.com", admin().graphql)).toBeNull();
    await store.uninstallShop(shop().id, SHOP, clock.now(), clock.now());
    expect(await keeper.sync(SHOP, admin().graphql)).toBeNull();
    expect(admin().asked).toEqual([]);
  });
});

describe("the keeper, left to itself,", () => {
  it("tells Shopify of a shop that the command line connected, and of what it changed since", async () => {
    const kept = await openKept();
    const { pipeline, admin, spokeFor } = kept;
    await ticking(kept, () => expect(admin().record).not.toBeNull());
    await connectOnCommandLine(pipeline, SHOP, "2234567890");
    const settings = () => wantedPixelSettings(pipeline.shop(), ADDRESSES);
    await ticking(kept, () => expect(admin().record?.settings).toBe(settings()));
    expect(spokeFor).toEqual([SHOP, SHOP]);
    expect(admin().asked).toEqual(["webPixelCreate", "webPixelUpdate"]);
  });

  it("tells every shop that it finds", async () => {
    const kept = await openKept();
    await connectOnCommandLine(kept.pipeline, OTHER, "99");
    await openSession(kept.pipeline, OTHER);
    await ticking(kept, () => {
      expect(kept.admin().record).not.toBeNull();
      expect(JSON.parse(kept.admin(OTHER).record?.settings ?? "{}").datasets).toContain('"dataset":"99"');
    });
  });

  it("tells Shopify of a new address of ours", async () => {
    const kept = await openKept({ addresses: { ...ADDRESSES, appUrl: "https://tunnel.example.com" } });
    const { pipeline, admin, keeper } = kept;
    admin().record = { id: "gid://shopify/WebPixel/1", settings: wantedPixelSettings(pipeline.shop(), ADDRESSES) };
    await pipeline.store.webPixelAccepted(pipeline.shop().id, { ...admin().record, at: 1 } as never);
    await pipeline.registry.refresh();
    expect(keeper.isCurrent(pipeline.shop())).toBe(false);
    await ticking(kept, () => expect(admin().record?.settings).toContain("https://tunnel.example.com/collect"));
  });

  it("asks nothing of a shop that is as it should be, however often it looks", async () => {
    const { keeper, admin, spokeFor, pipeline } = await openKept();
    await keeper.sync(SHOP, admin().graphql);
    for (let n = 0; n < 3; n += 1) {
      pipeline.clock.pass(2 * MINUTE);
      keeper.tick();
      await turn();
    }
    await keeper.stop();
    expect(spokeFor).toEqual([]);
    expect(admin().asked).toEqual(["webPixelCreate"]);
  });

  it("passes over shops for which it may not speak: no offline session, or uninstalled", async () => {
    const kept = await openKept({ session: false });
    const { pipeline, keeper, admin, spokeFor } = kept;
    await openSession(pipeline, SHOP, true);
    await connectOnCommandLine(pipeline, "gone.myshopify.com", "99");
    const gone = pipeline.registry.shop("gone.myshopify.com")?.id ?? 0;
    await pipeline.store.uninstallShop(gone, "gone.myshopify.com", pipeline.clock.now(), pipeline.clock.now());
    await openSession(pipeline, "gone.myshopify.com");
    await connectOnCommandLine(pipeline, OTHER, "99");
    await openSession(pipeline, OTHER);
    await ticking(kept, () => expect(admin(OTHER).record).not.toBeNull());
    await keeper.stop();
    expect(spokeFor).toEqual([OTHER]);
    expect(pipeline.shop().webPixel.fault).toBeNull();
  });

  it("does not try a shop that failed again within a minute, though it serves others, and does after", async () => {
    const kept = await openKept();
    const { pipeline, admin, spokeFor } = kept;
    admin().strike = broken;
    await ticking(kept, () => expect(pipeline.shop().webPixel.fault).toContain("fetch failed"));
    pipeline.clock.pass(MINUTE - 1);
    await connectOnCommandLine(pipeline, OTHER, "99");
    await openSession(pipeline, OTHER);
    await ticking(kept, () => expect(admin(OTHER).record).not.toBeNull());
    expect(spokeFor).toEqual([SHOP, OTHER]);

    admin().strike = () => undefined;
    // The look a millisecond ago has served the other shop, and looks on its own come once a minute.
    pipeline.clock.pass(MINUTE);
    await ticking(kept, () => expect(admin().record).not.toBeNull());
    await kept.keeper.stop();
    expect(spokeFor).toEqual([SHOP, OTHER, SHOP]);
    expect(pipeline.shop().webPixel.fault).toBeNull();
  });

  it("tries again a minute after a failure, although nobody changed anything", async () => {
    const kept = await openKept();
    const { pipeline, admin, spokeFor } = kept;
    admin().strike = broken;
    await ticking(kept, () => expect(pipeline.shop().webPixel.fault).toContain("fetch failed"));
    admin().strike = () => undefined;
    pipeline.clock.pass(MINUTE);
    await ticking(kept, () => expect(admin().record).not.toBeNull());
    expect(spokeFor).toEqual([SHOP, SHOP]);
  });

  it("does not let one shop's failure keep another from being told, whatever fails", async () => {
    const faults: ((kept: Kept) => void)[] = [
      ({ admin }) => {
        admin().strike = broken;
      },
      ({ admin }) => {
        Object.defineProperty(admin(), "graphql", {
          get: () => {
            throw new Error("could not find a session");
          },
        });
      },
      ({ admin }) => {
        admin().strike = () => THROTTLED;
      },
    ];
    for (const fault of faults) {
      const kept = await openKept();
      await connectOnCommandLine(kept.pipeline, OTHER, "99");
      await openSession(kept.pipeline, OTHER);
      fault(kept);
      await ticking(kept, () => expect(kept.admin(OTHER).record).not.toBeNull());
      expect(kept.spokeFor).toEqual([SHOP, OTHER]);
    }
  });

  it("does not ask again within a minute where it could not even get to speak", async () => {
    const kept = await openKept();
    const { pipeline, admin, spokeFor, log } = kept;
    Object.defineProperty(admin(), "graphql", {
      get: () => {
        throw new Error("could not find a session");
      },
    });
    await ticking(kept, () => expect(log.some((line) => line.includes("web_pixel.not_asked"))).toBe(true));
    pipeline.clock.pass(MINUTE - 1);
    await connectOnCommandLine(pipeline, OTHER, "99");
    await openSession(pipeline, OTHER);
    await ticking(kept, () => expect(admin(OTHER).record).not.toBeNull());
    expect(spokeFor).toEqual([SHOP, OTHER]);
  });

  it("looks once at a time: a tick during a look starts no other", async () => {
    const kept = await openKept();
    const { admin, keeper, pipeline, spokeFor } = kept;
    const held = gate();
    admin().strike = () => held.opened;
    await ticking(kept, () => expect(admin().asked).toHaveLength(1));
    await connectOnCommandLine(pipeline, SHOP, "2234567890");
    for (let n = 0; n < 5; n += 1) {
      keeper.tick();
      await turn();
    }
    held.open();
    await keeper.stop();
    expect(spokeFor).toEqual([SHOP]);
    expect(admin().most).toBe(1);
  });
});

describe("a shop that has just been authenticated", () => {
  it("is described by what Shopify says of it, and has its pixel", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({
      country: "DE",
      primaryDomain: "shop.example.com",
      timezone: "Europe/Berlin",
      currency: "EUR",
      currencies: ["EUR", "CHF"],
      taxesIncluded: true,
    });
    expect(admin().record?.settings).toBe(wantedPixelSettings(pipeline.shop(), ADDRESSES));
    expect(admin().asked.sort()).toEqual(["shop", "webPixelCreate"]);
  });

  it("keeps of its money what Shopify does not say, or says in a way that cannot be read", async () => {
    const { keeper, admin, pipeline } = await openKept();
    const { currencyCode, enabledPresentmentCurrencies, taxesIncluded, ...shop } = admin().shop;
    admin().shop = shop;
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({ country: "DE", currency: null, currencies: null, taxesIncluded: null });
    admin().shop = { ...shop, currencyCode, enabledPresentmentCurrencies, taxesIncluded };
    await keeper.welcome(SHOP, admin().graphql);
    admin().shop = { ...shop, currencyCode: "euro", enabledPresentmentCurrencies: ["EUR", 7], taxesIncluded: "yes" };
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({ currency: "EUR", currencies: ["EUR", "CHF"], taxesIncluded: true });
    admin().shop = { ...shop, currencyCode: "CHF", enabledPresentmentCurrencies: [], taxesIncluded: false };
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({ currency: "CHF", currencies: [], taxesIncluded: false });
  });

  it("is described anew when it moved, and keeps its country where Shopify names none", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    admin().shop = {
      ianaTimezone: "America/New_York",
      primaryDomain: { host: "new.example.com" },
      shopAddress: { countryCodeV2: null },
    };
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({
      country: "DE",
      primaryDomain: "new.example.com",
      timezone: "America/New_York",
    });
  });

  it("that is as it was changes nothing: no version moves, and nothing is written at Shopify", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    const version = await pipeline.store.settingsVersion();
    admin().asked.length = 0;
    await keeper.welcome(SHOP, admin().graphql);
    expect(await pipeline.store.settingsVersion()).toBe(version);
    expect(admin().asked.sort()).toEqual(["shop", "webPixel"]);
  });

  it("gets its record back that somebody deleted", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    admin().record = null;
    await keeper.welcome(SHOP, admin().graphql);
    expect(admin().record).toMatchObject({ id: "gid://shopify/WebPixel/2" });
    expect(pipeline.shop().webPixel).toMatchObject({ id: "gid://shopify/WebPixel/2", fault: null });
    expect(keeper.isCurrent(pipeline.shop())).toBe(true);
  });

  it.each([
    ["one of its fields", (settings: string) => JSON.stringify({ ...JSON.parse(settings), datasets: '["666"]' })],
    ["all of them", () => "{}"],
    ["them to nothing", () => "null"],
  ])("gets its record put right when somebody changed %s", async (_what, change) => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    const { id, settings } = admin().record ?? { id: "", settings: "{}" };
    admin().record = { id, settings: change(settings) };
    await keeper.welcome(SHOP, admin().graphql);
    expect(admin().record).toEqual({ id, settings });
    expect(pipeline.shop().webPixel).toMatchObject({ id, settings, fault: null });
  });

  it("keeps a record that is another in letters only: as an object, its fields in another order", async () => {
    const { keeper, admin } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    const { id, settings } = admin().record ?? { id: "", settings: "{}" };
    const reversed = Object.fromEntries(Object.entries(JSON.parse(settings)).reverse());
    admin().asked.length = 0;
    for (const there of [reversed, JSON.stringify(reversed)]) {
      admin().strike = (asked) => (asked === "webPixel" ? { data: { webPixel: { id, settings: there } } } : undefined);
      await keeper.welcome(SHOP, admin().graphql);
    }
    expect(admin().asked.filter((asked) => asked !== "shop")).toEqual(["webPixel", "webPixel"]);
  });

  it.each([
    ["will not be asked", broken],
    ["answers nothing", () => THROTTLED],
    ["answers what is no answer", () => "<html>"],
  ])("is welcomed without an error when Shopify %s, and stays as it was", async (_what, strike) => {
    const { keeper, admin, pipeline } = await openKept();
    await keeper.welcome(SHOP, admin().graphql);
    const before = pipeline.shop();
    admin().strike = strike;
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({
      country: before.country,
      timezone: before.timezone,
      primaryDomain: before.primaryDomain,
      webPixel: before.webPixel,
    });
  });

  it("has its pixel although Shopify does not say where the shop stands", async () => {
    const { keeper, admin, pipeline } = await openKept();
    admin().strike = (asked) => (asked === "shop" ? THROTTLED : undefined);
    await keeper.welcome(SHOP, admin().graphql);
    expect(pipeline.shop()).toMatchObject({ country: null, timezone: null });
    expect(keeper.isCurrent(pipeline.shop())).toBe(true);
  });

  it("is welcomed twice at once without two records, and without a fault", async () => {
    const { keeper, admin, pipeline } = await openKept();
    await Promise.all([keeper.welcome(SHOP, admin().graphql), keeper.welcome(SHOP, admin().graphql)]);
    expect(admin().asked.filter((asked) => asked === "webPixelCreate")).toHaveLength(1);
    expect(pipeline.shop().webPixel).toMatchObject({ id: "gid://shopify/WebPixel/1", fault: null });
  });

  it("that nobody knows is asked nothing", async () => {
    const { keeper, admin } = await openKept();
    await keeper.welcome("nobody-knows.myshopify.com", admin().graphql);
    expect(admin().asked).toEqual([]);
  });
});

describe("two processes that save at once", () => {
  /** Another process on the same database, with a registry of its own. */
  async function beside({ pipeline }: Kept, store: Store = pipeline.store): Promise<PixelKeeper> {
    const { db, keyring, clock } = pipeline;
    const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
    const keeper = openPixelKeeper({
      ...{ db, store, registry, log: openLog("fatal"), now: clock.now, addresses: ADDRESSES },
      graphqlOf: () => Promise.reject(new Error("nobody to ask")),
    });
    onTestFinished(() => keeper.stop());
    return keeper;
  }

  it("leave what is wanted, although the older word came last and the newer was written down last", async () => {
    const kept = await openKept();
    const { keeper, pipeline, admin } = kept;
    const api = admin();
    await keeper.sync(SHOP, api.graphql);
    pipeline.clock.pass(MINUTE);

    // Shopify is slow to take the older word, and slow to answer that it took the newer; who wrote down the older dozes off.
    const [taken, answered, awake] = [gate(), gate(), gate()];
    const { webPixelAccepted } = pipeline.store;
    const dozing: Store = {
      ...pipeline.store,
      webPixelAccepted: (shopId, pixel) => webPixelAccepted(shopId, pixel).then(() => awake.opened),
    };
    const [older, newer] = [await beside(kept, dozing), await beside(kept)];
    await connectOnCommandLine(pipeline, SHOP, "2234567890");
    api.strike = () => (api.asked.length === 2 ? taken.opened : undefined);
    const first = older.sync(SHOP, api.graphql);
    await until(() => expect(api.asked).toHaveLength(2));
    await connectOnCommandLine(pipeline, SHOP, "3234567890");
    const second = newer.sync(SHOP, async (...asked) => {
      const answer = await api.graphql(...asked);
      await answered.opened;
      return answer;
    });
    await until(() => expect(api.record?.settings).toContain("3234567890"));
    taken.open();
    await vi.waitFor(async () => {
      await pipeline.registry.refresh();
      expect(pipeline.shop().webPixel.settings).toContain("2234567890");
    }, 15_000);
    answered.open();
    expect(await second).toBeNull();
    awake.open();
    expect(await first).toBeNull();

    await pipeline.registry.refresh();
    expect(keeper.isCurrent(pipeline.shop())).toBe(true);
    expect(api.record).toEqual({
      id: "gid://shopify/WebPixel/1",
      settings: wantedPixelSettings(pipeline.shop(), ADDRESSES),
    });
  });

  it("and want the same tell it once each, and no more", async () => {
    const kept = await openKept();
    const { keeper, pipeline, admin } = kept;
    const other = await beside(kept);
    const api = admin();
    const both = gate();
    api.strike = (asked) => (asked === "webPixelCreate" ? both.opened : undefined);
    const saved = Promise.all([keeper.sync(SHOP, api.graphql), other.sync(SHOP, api.graphql)]);
    await until(() => expect(api.asked).toHaveLength(2));
    both.open();
    expect(await saved).toEqual([null, null]);
    expect(api.asked.sort()).toEqual(["webPixel", "webPixelCreate", "webPixelCreate", "webPixelUpdate"]);
    await pipeline.registry.refresh();
    expect(pipeline.shop().webPixel).toMatchObject({ id: api.record?.id, settings: api.record?.settings, fault: null });
  });
});

describe("a keeper that stops", () => {
  it("waits for the look that is under way, and what that told Shopify is remembered", async () => {
    const kept = await openKept();
    const { keeper, admin, pipeline } = kept;
    const held = gate();
    admin().strike = () => held.opened;
    await ticking(kept, () => expect(admin().asked).toHaveLength(1));
    const said: string[] = [];
    const stopped = keeper.stop().then(() => said.push("stopped"));
    await turn();
    said.push("answered");
    held.open();
    await stopped;
    expect(said).toEqual(["answered", "stopped"]);
    expect(await pipeline.db.shop.findFirst({ where: { domain: SHOP } })).toMatchObject({
      webPixelId: "gid://shopify/WebPixel/1",
    });
  });

  it("begins nothing more: neither the next shop of the look, nor another look", async () => {
    const kept = await openKept();
    const { keeper, admin, pipeline, spokeFor } = kept;
    await connectOnCommandLine(pipeline, OTHER, "99");
    await openSession(pipeline, OTHER);
    const held = gate();
    admin().strike = () => held.opened;
    await ticking(kept, () => expect(admin().asked).toHaveLength(1));
    const stopped = keeper.stop();
    held.open();
    await stopped;
    pipeline.clock.pass(2 * MINUTE);
    keeper.tick();
    await keeper.stop();
    expect(spokeFor).toEqual([SHOP]);
    expect(admin(OTHER).asked).toEqual([]);
  });

  it("stops at once when there is nothing under way, and may be told twice", async () => {
    const { keeper } = await openKept();
    await keeper.stop();
    await keeper.stop();
  });
});

describe("nothing that fails behind the scenes", () => {
  it("rejects where nobody listens: it is in the log", async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => void unheard.push(reason);
    process.on("unhandledRejection", listen);
    try {
      const kept = await openKept();
      const { keeper, pipeline, admin, log } = kept;
      Object.defineProperty(admin(), "graphql", {
        get: () => {
          throw new Error("could not find a session");
        },
      });
      await ticking(kept, () => expect(log.some((line) => line.includes("web_pixel.not_asked"))).toBe(true));
      await keeper.stop();
      const second = await openKept();
      await second.pipeline.db.$executeRawUnsafe(`DROP TABLE "Session"`);
      await ticking(second, () =>
        expect(second.log.some((line) => line.includes("web_pixel.round_failed"))).toBe(true),
      );
      await second.keeper.welcome(SHOP, second.admin().graphql);
      await turn();
      await turn();
      expect(unheard).toEqual([]);
      expect(pipeline.shop().webPixel.id).toBeNull();
    } finally {
      process.off("unhandledRejection", listen);
    }
  });
});
