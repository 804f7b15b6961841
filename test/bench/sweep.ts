import { startChild } from "./child";
import type { ShopifyQuestions } from "./shopify-process";
import { sqliteFiles } from "./stores";
import type { SweepQuestions } from "./sweep-process";

const ORDERS = 10_000;
const SHOP = "bench-shop.myshopify.com";

interface SweepFigures {
  orders: number;
  missing: number;
  seconds: number;
  /** Questions to Shopify, and what they would have cost of its allowance. */
  requests: number;
  points: number;
  /** Resident memory: a quarter of the way, at the end, and the most there was. */
  rss_first_quarter_mb: number;
  rss_last_quarter_mb: number;
  rss_most_mb: number;
}

/**
 * A sweep of 10,000 orders that all are missing, and one more that finds nothing missing, in a process of its own on SQLite;
 * Shopify answers at once and never asks to slow down. What counts is that the memory does not grow with the orders.
 */
export async function benchSweep(): Promise<Record<string, SweepFigures>> {
  const databases = await sqliteFiles();
  const database = databases.fresh();
  const shopify = await startChild<ShopifyQuestions>("test/bench/shopify-process.ts", { shop: SHOP, orders: ORDERS });
  const settings = { shop: SHOP, address: database.address, shopify: await shopify.ask("origin") };
  const sweeper = await startChild<SweepQuestions>("test/bench/sweep-process.ts", settings);

  async function figures(): Promise<SweepFigures> {
    const begun = performance.now();
    const { seen, missing, fault } = await sweeper.ask("sweep");
    if (fault !== null || seen !== ORDERS) throw new Error(`the sweep saw ${seen} orders: ${fault}`);
    const seconds = (performance.now() - begun) / 1_000;
    const memory = await sweeper.ask("memory");
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    return {
      ...{ orders: seen, missing, seconds: Number(seconds.toFixed(1)), ...(await shopify.ask("asked")) },
      rss_first_quarter_mb: megabytes(Math.max(...memory.slice(0, quarter))),
      rss_last_quarter_mb: megabytes(Math.max(...memory.slice(-quarter))),
      rss_most_mb: megabytes(Math.max(...memory)),
    };
  }

  try {
    return { all_missing: await figures(), none_missing: await figures() };
  } finally {
    await sweeper.kill();
    await shopify.kill();
    database.remove();
    databases.close();
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
