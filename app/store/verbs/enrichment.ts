import { inRounds } from "../rounds";
import type { Enrichment, StoredEvent, UpsellWrite } from "../rows";
import { all, type Dialect, type Sql, type Work } from "../statement";
import { insertEvents } from "./events";
import { addKnowledge, knowledge } from "./meeting";

const unsent = ({ unindexed }: Dialect) =>
  `e."name" = w."name" AND ${unindexed(`e."outcome"`)} = 'waiting' AND e."attempts" = 0`;

const WANTED = { n: "integer", shopId: "integer", name: "text", key: "text" } as const;

// Key by key into an index, and locked in one order.
const FIND_BY_ORDER: Sql = (dialect) => `
  SELECT w."n", e."id", e."browser" FROM ${dialect.rows("?1", WANTED)} AS w ${dialect.keyByKey} "Event" AS e
    ON e."shopId" = w."shopId" AND e."orderId" = w."key" AND e."purchaseOrderId" = w."key" AND ${unsent(dialect)}
  ORDER BY e."id", w."n" ${dialect.forUpdate}`;

const FIND_BY_CHECKOUT: Sql = (dialect) => `
  SELECT w."n", e."id", e."browser" FROM ${dialect.rows("?1", WANTED)} AS w ${dialect.keyByKey} "Event" AS e
    ON e."shopId" = w."shopId" AND e."checkoutToken" = w."key" AND ${unsent(dialect)}
  ORDER BY e."id", w."n" ${dialect.forUpdate}`;

type Found = Pick<StoredEvent, "id" | "browser"> & { n: number };

/** Adds to events that have not left. Found by the order where there is one: two orders may share a checkout token. */
export function* enrich(enrichments: readonly Enrichment[]): Work<void> {
  const wanted = enrichments.map(({ orderId, ...enrichment }, n) => ({ n, orderId, ...enrichment }));
  const byOrder = wanted.flatMap(({ n, shopId, name, orderId }) =>
    orderId === null ? [] : [[n, shopId, name, orderId]],
  );
  const byCheckout = wanted.flatMap(({ n, shopId, name, orderId, checkoutToken }) =>
    orderId === null && checkoutToken !== null ? [[n, shopId, name, checkoutToken]] : [],
  );
  const found = [...(yield* find(FIND_BY_ORDER, byOrder)), ...(yield* find(FIND_BY_CHECKOUT, byCheckout))];
  found.sort((a, b) => a.n - b.n);
  /** As the row stands when the next one comes to it. */
  const browsers = new Map<number, string | null>();
  const additions = found.flatMap(({ n, id, browser }) => {
    const enrichment = enrichments[n];
    if (enrichment === undefined) return [];
    const addition = knowledge({ id, browser: browsers.get(id) ?? browser }, enrichment);
    browsers.set(id, addition.browser);
    return [addition];
  });
  yield* addKnowledge(additions);
}

function* find(sql: Sql, keys: readonly unknown[]): Work<Found[]> {
  return keys.length === 0 ? [] : yield* all<Found>(sql, JSON.stringify(keys));
}

const TOLD_OF_ORDERS: Sql = ({ rows, keyByKey }) => `
  SELECT w."n", e."facts"
  FROM ${rows("?1", { n: "integer", shopId: "integer", datasetId: "integer", orderId: "text" })} AS w ${keyByKey} "Event" AS e
    ON e."shopId" = w."shopId" AND e."orderId" = w."orderId" AND e."datasetId" = w."datasetId"
    AND e."name" IN ('Purchase', 'Upsell') AND e."facts" IS NOT NULL
  ORDER BY e."name" = 'Upsell', e."id"`;

/** Only beside a Purchase: it is what the sum was added to. */
export function* insertUpsells(upsells: readonly UpsellWrite[]): Work<void> {
  // An upsell is what an earlier one of its order did not tell of.
  for (const round of inRounds(upsells, ({ datasetId, orderId }) => `${datasetId} ${orderId}`)) {
    const orders = round.map(({ shopId, datasetId, orderId }, n) => [n, shopId, datasetId, orderId]);
    const told = yield* all<{ n: number; facts: string }>(TOLD_OF_ORDERS, JSON.stringify(orders));
    const before = round.map((): string[] => []);
    for (const { n, facts } of told) before[n]?.push(facts);
    yield* insertEvents(
      round.flatMap(({ rowOf }, n) => {
        const event = rowOf(before[n] ?? []);
        return event === null ? [] : [{ event }];
      }),
    );
  }
}
