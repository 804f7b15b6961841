import { z } from "zod";
import { idDigits } from "../events/event-id";
import type { ProductFiling } from "../events/rules";
import type { Log } from "../log.server";
import type { ProductAnswer, Store, StoredProduct } from "../store/store.server";
import { type Ask, askable, askNodes } from "./asking.server";
import type { AskedShop, Lookups } from "./lookups";

/** By the same reckoning as for orders: a product with its collections is 104 points at the most. */
const AT_ONCE = 9;
const COLLECTIONS = 100;

const PRODUCTS = `#graphql
  query ProductsOfEvents($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        id
        productType
        vendor
        tags
        collections(first: ${COLLECTIONS}) { pageInfo { hasNextPage } nodes { handle title } }
      }
    }
  }`;

const word = z.string().max(255);

const product = z.object({
  id: z.string().transform(idDigits),
  productType: word.nullable().catch(null),
  vendor: word.nullable().catch(null),
  tags: z.array(word).max(250).nullable().catch(null),
  collections: z
    .object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z.array(z.object({ handle: word, title: word })),
    })
    .nullable()
    .catch(null),
});

export interface ProductLookupDeps {
  store: Pick<Store, "productsOf" | "collectionsTold">;
  log: Log;
  now: () => number;
}

/** No webhook says when a product goes into a collection or leaves it. */
const TOLD_FOR_MS = 24 * 3_600_000;
/** How many products that Shopify does not know are remembered: a beacon may name any number it likes. */
const MOST_STRANGERS = 10_000;

export function openProductLookup(ask: Ask, { store, log, now }: ProductLookupDeps): Lookups["products"] {
  /** When Shopify said that it does not know a product, by shop and product. */
  const strangers = new Map<string, number>();

  function isLately(at: number | null | undefined): boolean {
    return at !== null && at !== undefined && now() < at + TOLD_FOR_MS;
  }

  function isDue(shop: AskedShop, id: string, known: StoredProduct | undefined): boolean {
    return !isLately(known === undefined ? strangers.get(strangerOf(shop, id)) : known.askedAt);
  }

  /** Answers those that Shopify could not be asked about. */
  async function askFor(
    shop: AskedShop,
    due: string[],
    known: ReadonlyMap<string, StoredProduct>,
  ): Promise<ReadonlySet<string>> {
    const unasked = new Set(due);
    await ask(shop, due, AT_ONCE, async (graphql, ids) => {
      const askedAt = now();
      const gids = ids.map((id) => `gid://shopify/Product/${id}`);
      const { nodes, whole } = await askNodes(graphql, PRODUCTS, gids, product);
      const answers = nodes.flatMap((node) => answerOf(node, ids));
      // Errors may stand in for a product; without any, one that is missing is gone. Its orders were of it all the same.
      const gone = whole ? ids.filter((id) => !answers.some((answer) => answer.product === id)) : [];
      const kept = gone.flatMap((id) => known.get(id) ?? []);
      for (const id of gone) if (!known.has(id)) remember(strangerOf(shop, id), askedAt);
      await store.collectionsTold(shop.id, [...answers, ...kept], askedAt);
      for (const id of whole ? ids : answers.map(({ product }) => product)) unasked.delete(id);
    });
    return new Set(unasked);
  }

  function remember(stranger: string, askedAt: number): void {
    if (strangers.size >= MOST_STRANGERS) strangers.clear();
    strangers.set(stranger, askedAt);
  }

  async function look(shop: AskedShop, ids: string[]): Promise<Map<string, StoredProduct>> {
    return new Map((await store.productsOf(shop.id, ids)).map((found) => [found.product, found]));
  }

  return async (shop, productIds) => {
    const ids = askable(productIds);
    try {
      const known = await look(shop, ids);
      const due = ids.filter((id) => isDue(shop, id, known.get(id)));
      const unasked = await askFor(shop, due, known);
      // Where Shopify was not asked or did not answer, nothing new of ours is there.
      const found = unasked.size === due.length ? known : await look(shop, ids);
      return { told: new Map([...found].map(([id, product]) => [id, filingOf(product)])), unasked };
    } catch (error) {
      log.error({ shop: shop.domain, err: error }, "lookup.store_failed");
      return { told: new Map(), unasked: new Set(ids) };
    }
  };
}

function strangerOf(shop: AskedShop, id: string): string {
  return `${shop.id} ${id}`;
}

function answerOf({ id, productType, vendor, tags, collections }: z.output<typeof product>, asked: string[]) {
  if (id === null || !asked.includes(id)) return [];
  // Merchants write down either. Some of the collections are no answer: what is not among them may be among the rest.
  const words =
    collections === null || collections.pageInfo.hasNextPage
      ? null
      : [...new Set(collections.nodes.flatMap(({ handle, title }) => [handle, title]))];
  const answer: ProductAnswer = { product: id, type: productType, vendor, tags, collections: words };
  return [answer];
}

function filingOf({ type, vendor, tags, collections }: StoredProduct): ProductFiling {
  return { type, vendor, tags, collections };
}
