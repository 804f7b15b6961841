import { graphqlWith } from "~/cli/admin-session.server";
import { openDatabase } from "~/db.server";
import { connect } from "~/settings/connect.server";
import { openRegistry } from "~/settings/registry.server";
import type { Keyring } from "~/store/keyring.server";
import { freshKey } from "~/store/seal.server";
import { openStore } from "~/store/store.server";
import { sweepOrders } from "~/sweep/sweep.server";
import { prismaUrl } from "../support/database";
import { answering, settingsOf } from "./child";

/** A process that sweeps one shop, and says what memory it has. */

interface Settings {
  shop: string;
  /** The database. */
  address: string;
  /** Where Shopify is. */
  shopify: string;
}

const { shop: domain, address, shopify } = settingsOf<Settings>();
const keyring: Keyring = [freshKey()];
const store = openStore(address);
const db = openDatabase(prismaUrl(address));
const DAY = Date.parse("2026-11-21T00:00:00Z");
const dataset = { dataset: "1234567890", token: "EAAbench", testCode: null, holdSeconds: 0, country: "US" };
await connect(store, keyring, { shop: domain, ...dataset }, DAY - 10 * 86_400_000);
const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
const graphql = graphqlWith(domain, "a token", (_url, init) => fetch(shopify, init));

/** Of each sweep so far: as it went on, bytes. */
const memory: number[] = [];

const questions = {
  /** Sweeps a day; answers what it found. */
  sweep: async () => {
    const shop = registry.shop(domain);
    if (shop === undefined) throw new Error("the shop is not there");
    const watch = setInterval(() => memory.push(process.memoryUsage.rss()), 100);
    const swept = await sweepOrders(shop, { since: DAY - 86_400_000, until: DAY }, `lease-${memory.length}`, {
      ...{ store, registry, now: () => DAY, leaseNow: () => DAY },
      graphqlOf: async () => graphql,
      signal: new AbortController().signal,
    });
    clearInterval(watch);
    if (swept === null) throw new Error("somebody else is at it");
    return swept;
  },
  /** Since it was last asked, every 100 ms. */
  memory: () => memory.splice(0),
};

export type SweepQuestions = typeof questions;

answering(questions);
