import { inLockOrder, inRounds } from "../rounds";
import type { ProductWrite } from "../rows";
import { all, run, type Sql, type Work } from "../statement";

/** What Shopify answers when it is asked. */
export interface ProductAnswer extends Omit<ProductWrite, "shopId" | "toldAt"> {
  /** Words that its collections go by; null: it did not say, or not all of them. */
  collections: readonly string[] | null;
}

/** What is known of a product. */
export interface StoredProduct extends ProductAnswer {
  /** When Shopify was last asked for its collections, epoch milliseconds; null: never. */
  askedAt: number | null;
}

/** Products change in bursts, mostly in stock and price, which is nothing to us: what is the same is written once an hour. */
const SAME_FOR_MS = 3_600_000;

const UPSERT: Sql = ({ rows }) => `
  INSERT INTO "Product" ("shopId", "product", "type", "vendor", "tags", "receivedAt")
  SELECT * FROM ${rows("?1", { shopId: "integer", product: "text", type: "text", vendor: "text", tags: "text", receivedAt: "integer" })} AS w WHERE true
  ON CONFLICT ("shopId", "product") DO UPDATE SET
    "type" = excluded."type", "vendor" = excluded."vendor", "tags" = excluded."tags",
    "receivedAt" = excluded."receivedAt"
  WHERE excluded."receivedAt" >= "Product"."receivedAt" AND (
    "Product"."type" IS DISTINCT FROM excluded."type" OR "Product"."vendor" IS DISTINCT FROM excluded."vendor"
    OR "Product"."tags" IS DISTINCT FROM excluded."tags" OR excluded."receivedAt" >= "Product"."receivedAt" + ?2)`;

/** Leaves collections as they were: a webhook says nothing of them. What is older than what is known changes nothing. */
export function* upsertProducts(writes: readonly ProductWrite[]): Work<void> {
  if (writes.length === 0) return;
  const keyOf = ({ shopId, product }: ProductWrite) => `${shopId} ${product}`;
  for (const round of inRounds(inLockOrder(writes, keyOf), keyOf)) {
    const rows = round.map((w) => [w.shopId, w.product, w.type, w.vendor, jsonOf(w.tags), w.toldAt]);
    yield* run(UPSERT, JSON.stringify(rows), SAME_FOR_MS);
  }
}

// What a webhook told after the question was asked is newer than the answer.
const TELL: Sql = ({ rows, greatest }) => `
  INSERT INTO "Product" ("shopId", "product", "type", "vendor", "tags", "collections", "receivedAt", "askedAt")
  SELECT ?2, w.*, ?3, ?3
  FROM ${rows("?1", { product: "text", type: "text", vendor: "text", tags: "text", collections: "text" })} AS w WHERE true
  ON CONFLICT ("shopId", "product") DO UPDATE SET
    "type" = CASE WHEN ?3 >= "Product"."receivedAt" THEN excluded."type" ELSE "Product"."type" END,
    "vendor" = CASE WHEN ?3 >= "Product"."receivedAt" THEN excluded."vendor" ELSE "Product"."vendor" END,
    "tags" = CASE WHEN ?3 >= "Product"."receivedAt" THEN excluded."tags" ELSE "Product"."tags" END,
    "receivedAt" = ${greatest("?3", `"Product"."receivedAt"`)},
    "collections" = excluded."collections", "askedAt" = ?3
  WHERE "Product"."askedAt" IS NULL OR ?3 >= "Product"."askedAt"`;

/** `now`: when Shopify was asked. */
export function* collectionsTold(shopId: number, answers: readonly ProductAnswer[], now: number): Work<void> {
  if (answers.length === 0) return;
  const rows = answers.map((a) => [a.product, a.type, a.vendor, jsonOf(a.tags), jsonOf(a.collections)]);
  yield* run(TELL, JSON.stringify(rows), shopId, now);
}

// Key by key into the index.
const FIND: Sql = ({ rows, keyByKey }) => `
  SELECT p."product", p."type", p."vendor", p."tags", p."collections", p."askedAt"
  FROM ${rows("?2", { product: "text" })} AS w ${keyByKey} "Product" AS p
    ON p."shopId" = ?1 AND p."product" = w."product"`;

type Row = Omit<StoredProduct, "tags" | "collections"> & { tags: string | null; collections: string | null };

/** Those of the products that are known; `ids` are digits, each once. */
export function* productsOf(shopId: number, ids: readonly string[]): Work<StoredProduct[]> {
  if (ids.length === 0) return [];
  const found = yield* all<Row>(FIND, shopId, JSON.stringify(ids.map((id) => [id])));
  return found.map(({ tags, collections, ...row }) => ({
    ...row,
    tags: listOf(tags),
    collections: listOf(collections),
  }));
}

const FORGET: Sql = ({ values }) => `
  DELETE FROM "Product" WHERE "shopId" = ?1 AND "product" IN ${values("?2", "text")}`;

export function* forgetProducts(shopId: number, ids: readonly string[]): Work<void> {
  yield* run(FORGET, shopId, JSON.stringify(ids));
}

function jsonOf(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}

function listOf(json: string | null): string[] | null {
  return json === null ? null : JSON.parse(json);
}
