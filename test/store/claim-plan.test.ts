import type pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { openPool } from "~/store/postgres/pool.server";
import { openPostgresWriter } from "~/store/postgres/writer.server";
import { type Store, storeOn } from "~/store/store.server";
import { DAY } from "../support/clock";
import { inPostgres } from "../support/psql";
import { numbered, openOutbox } from "./support/outbox";

const DUE = 2_000;
const LIMIT = 10;

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}

/** How many rows of the table a plan has looked at. */
function rowsOf(table: string, node: Node): number {
  const below = (node.Plans ?? []).map((child) => rowsOf(table, child)).reduce((sum, rows) => sum + rows, 0);
  if (node["Relation Name"] !== table || !node["Node Type"].endsWith("Scan")) return below;
  return below + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
}

/** A store that adds up how many rows of the outbox its statements look at; what they would write is not written. */
function costed(url: string): { store: Store; rows(): number } {
  const pool = openPool(url);
  let rows = 0;
  const explaining = new Proxy(pool, {
    get: (of, key) =>
      key === "connect"
        ? async () => {
            const client = await pool.connect();
            const query = async (text: string, parameters?: unknown[]) => {
              if (parameters === undefined) return client.query(text);
              const explained = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, parameters);
              rows += rowsOf("Event", explained.rows[0]["QUERY PLAN"][0].Plan);
              return { rows: [], rowCount: 0 };
            };
            return { query, release: (broken?: Error) => client.release(broken) };
          }
        : Reflect.get(of, key),
  }) as pg.Pool;
  const store = storeOn(openPostgresWriter(explaining));
  onTestFinished(() => store.close());
  return { store, rows: () => rows };
}

it.each([
  ["has never counted", "SELECT 1", "SELECT 1"],
  ["counted before an outage", 'ANALYZE "Event"', "SELECT 1"],
  ["has just counted", "SELECT 1", 'ANALYZE "Event"'],
])("a claim looks at no more rows than it takes, however many are due, where PostgreSQL %s", async (_, before, after) => {
  const { path, datasetId, purchase, ingest } = await openOutbox();
  inPostgres(path, before);
  await ingest(...Array.from({ length: DUE }, (_, n) => purchase({ ...numbered(n), runAt: DAY + n })));
  inPostgres(path, after);

  const { store, rows } = costed(path);
  const claim = { datasetId, now: DAY + DUE, limit: LIMIT, lease: "l", leaseUntil: DAY + DUE + 45_000 };
  await store.claimDue(claim);
  expect(rows()).toBeGreaterThanOrEqual(LIMIT);
  expect(rows()).toBeLessThanOrEqual(3 * LIMIT);
});
