import type { PrismaClient } from "@prisma/client";
import { turns } from "../in-turn";
import type { Log } from "../log.server";
import type { Store } from "../store/store.server";
import { type AdminGraphql, isSignIn, wordsOfFailure } from "./admin-api.server";
import type { Registry, Shop } from "./registry.server";
import { askShopFacts } from "./shop-facts.server";
import { findPixelRecord, isPixelStale, type PixelAddresses, syncWebPixel } from "./web-pixel.server";

/** Keeps Shopify's pixel records as the shops' settings want them, whoever changed those: a page, the command line, a new address. */
export interface PixelKeeper {
  /** Tells Shopify now, if there is something to tell. Answers why it could not, null when Shopify has what we want. */
  sync(domain: string, graphql: AdminGraphql): Promise<string | null>;
  /**
   * The same for a shop whose admin has opened the app: its record may be gone, its address may be new. Throws only what
   * Shopify's library wants the page to answer.
   */
  welcome(domain: string, graphql: AdminGraphql): Promise<void>;
  /** The same where somebody looks at the app again: at most once a minute. */
  lookAfter(domain: string, graphql: AdminGraphql): Promise<void>;
  /** Whether Shopify has what the shop's settings want. */
  isCurrent(shop: Shop): boolean;
  /** Looks for shops that Shopify has yet to be told of; returns at once, the work goes on behind. */
  tick(): void;
  /** No new work; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface KeeperDeps {
  db: PrismaClient;
  store: Store;
  registry: Registry;
  log: Log;
  now: () => number;
  addresses: PixelAddresses;
  /** Speaks for a shop without anybody looking at the app. */
  graphqlOf: (domain: string) => Promise<AdminGraphql>;
}

/** How long after a failure the same settings are tried again. */
const RETRY_MS = 60_000;
/** Whom two others interrupt leaves the rest to the next look. */
const MOST_TELLINGS = 3;

export function openPixelKeeper(deps: KeeperDeps): PixelKeeper {
  const { store, registry, log, now, addresses } = deps;
  const inTurn = turns();
  const failedAt = new Map<number, number>();
  const lookedAfter = new Map<string, number>();
  let seen = -1;
  let nextLook = 0;
  let stopped = false;
  /** What pages have asked for and is not done yet. */
  const asked = new Set<Promise<unknown>>();
  let round: Promise<void> | null = null;

  function sync(domain: string, graphql: AdminGraphql): Promise<string | null> {
    const done = inTurn(domain, () => tell(domain, graphql, MOST_TELLINGS));
    const settled = done.catch(() => undefined).finally(() => asked.delete(settled));
    asked.add(settled);
    return done;
  }

  /** `tellings`: how often at the most. */
  async function tell(domain: string, graphql: AdminGraphql, tellings: number): Promise<string | null> {
    await registry.refresh();
    const shop = registry.shop(domain);
    if (tellings === 0 || shop === undefined || !shop.installed || !isPixelStale(shop, addresses)) return null;
    const fault = await syncWebPixel(shop, graphql, addresses, { store, now });
    if (fault === null) failedAt.delete(shop.id);
    else failedAt.set(shop.id, now());
    if (fault === null) log.info({ shop: domain }, "web_pixel.accepted");
    else log.warn({ shop: domain, fault }, "web_pixel.failed");
    // Another process may have told Shopify something else at the same time.
    if (fault === null) return tell(domain, graphql, tellings - 1);
    await registry.refresh();
    return fault;
  }

  async function welcome(domain: string, graphql: AdminGraphql): Promise<void> {
    lookedAfter.set(domain, now());
    await orSay(domain, "shop.not_described", () => describe(domain, graphql));
    await orSay(domain, "web_pixel.not_found", () => forgetLostRecord(domain, graphql));
    await orSay(domain, "web_pixel.not_written", () => sync(domain, graphql));
  }

  /** None of the errands at Shopify keeps a page from opening, but for a sign-in. */
  async function orSay(domain: string, message: string, errand: () => Promise<unknown>): Promise<void> {
    try {
      await errand();
    } catch (error) {
      if (isSignIn(error)) throw error;
      log.warn({ shop: domain, err: error }, message);
    }
  }

  async function describe(domain: string, graphql: AdminGraphql): Promise<void> {
    await registry.refresh();
    const shop = registry.shop(domain);
    if (shop !== undefined) await store.describeShop(shop.id, await askShopFacts(graphql));
  }

  /** Somebody may have taken the record away, or changed it. */
  async function forgetLostRecord(domain: string, graphql: AdminGraphql): Promise<void> {
    const shop = registry.shop(domain);
    const { id, settings } = shop?.webPixel ?? { id: null, settings: null };
    if (shop === undefined || id === null || settings === null) return;
    const record = await findPixelRecord(graphql);
    if (record?.id === id && sameSettings(record.settings, settings)) return;
    await store.webPixelLost(shop.id);
    await registry.refresh();
  }

  async function lookForStale(): Promise<void> {
    const stale = [...registry.all()].filter((shop) => shop.installed && isPixelStale(shop, addresses));
    const due = stale.filter((shop) => now() >= (failedAt.get(shop.id) ?? 0) + RETRY_MS);
    if (due.length === 0) return;
    const domains = due.map(({ domain }) => domain);
    const sessions = await deps.db.session.findMany({
      where: { shop: { in: domains }, isOnline: false },
      select: { shop: true },
    });
    for (const { shop } of sessions) {
      if (stopped) return;
      try {
        await sync(shop, await deps.graphqlOf(shop));
      } catch (error) {
        const known = registry.shop(shop);
        if (known === undefined) continue;
        failedAt.set(known.id, now());
        await store.webPixelFailed(known.id, wordsOfFailure(error));
        log.warn({ shop, err: error }, "web_pixel.not_asked");
      }
    }
  }

  return {
    sync,
    welcome,
    async lookAfter(domain, graphql) {
      if (now() < (lookedAfter.get(domain) ?? 0) + RETRY_MS) return;
      await welcome(domain, graphql);
    },
    isCurrent: (shop) => !isPixelStale(shop, addresses),
    tick() {
      const changed = registry.version() !== seen;
      if (stopped || round !== null || (!changed && now() < nextLook)) return;
      seen = registry.version();
      nextLook = now() + RETRY_MS;
      round = lookForStale()
        .catch((error) => log.error({ err: error }, "web_pixel.round_failed"))
        .finally(() => {
          // What failed in this round is due a minute after it did, however long the round took.
          for (const at of failedAt.values()) nextLook = Math.min(nextLook, Math.max(at + RETRY_MS, now() + 1_000));
          round = null;
        });
    },
    async stop() {
      stopped = true;
      await Promise.all([round, ...asked]);
    },
  };
}

/** Shopify may hand settings back as text or as an object, its fields in any order. */
function sameSettings(there: unknown, ours: string): boolean {
  const theirs = typeof there === "string" ? JSON.parse(there) : there;
  if (typeof theirs !== "object" || theirs === null) return false;
  const wanted: Record<string, unknown> = JSON.parse(ours);
  return Object.entries(wanted).every(([field, value]) => (theirs as Record<string, unknown>)[field] === value);
}
