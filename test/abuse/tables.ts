import { openDatabase } from "~/db.server";

/** What one row of any table says, as text. */
type Row = Record<string, unknown>;

/** The whole database at one moment, by table. */
export type Snapshot = ReadonlyMap<string, readonly Row[]>;

export interface Tables {
  shops(): Promise<{ id: number; domain: string; beaconKey: string }[]>;
  /** How many events are not settled, or not told of in the ledger. */
  waiting(): Promise<number>;
  /** What a shop's newest order is shown under, its rule, and a customer's request. */
  rowsOf(shop: number): Promise<{ delivery: string; rule: string; request: string }>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** Of the server itself, not of what anybody told it: also what it asks of Shopify and Meta by the clock. */
const OWN = new Set([
  "ServerLease",
  "SettingsVersion",
  "OrderSweep",
  "DatasetQuality",
  "QualityReading",
  "_prisma_migrations",
]);

const SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
const POSTGRES_TABLES = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'";

/** Reads a database from beside the server, every table that there is. */
export function openTables(url: string): Tables {
  const db = openDatabase(url);
  return {
    shops: () => db.shop.findMany({ select: { id: true, domain: true, beaconKey: true } }),
    waiting: async () =>
      (await db.event.count({ where: { OR: [{ outcome: "waiting" }, { countedAs: null }] } })) +
      (await db.event.count({ where: { ledgered: "" } })) +
      (await db.ledgerLine.count({ where: { current: true, outcome: "waiting" } })) +
      (await db.notice.count({ where: { closedAt: null } })),
    rowsOf: async (shop) => {
      const { id } = await db.event.findFirstOrThrow({ where: { shopId: shop, name: "Purchase" } });
      const { settings } = await db.shop.findUniqueOrThrow({ where: { id: shop } });
      const request = await db.notice.findFirstOrThrow({ where: { shopId: shop, topic: "customers/data_request" } });
      return { delivery: String(id), rule: JSON.parse(settings).rules[0].key, request: String(request.id) };
    },
    snapshot: async () => {
      const list = url.startsWith("postgresql:") ? POSTGRES_TABLES : SQLITE_TABLES;
      const names = await db.$queryRawUnsafe<{ name: string }[]>(list);
      const tables = new Map<string, Row[]>();
      for (const { name } of names) {
        if (!OWN.has(name)) tables.set(name, await db.$queryRawUnsafe<Row[]>(`SELECT * FROM "${name}"`));
      }
      return tables;
    },
    close: () => db.$disconnect(),
  };
}

/** A row in words that are the same for the same row. */
export function asText(row: Row): string {
  return JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? String(value) : value));
}

/** Whose a row is: the shop's number or its domain. Undefined: nobody's. */
export function ownerOf(table: string, row: Row, snapshot: Snapshot): number | string | undefined {
  if (table === "Shop") return Number(row.id);
  if (table === "Session") return String(row.shop);
  if (table === "AttemptEvent") {
    const event = snapshot.get("Event")?.find(({ id }) => Number(id) === Number(row.eventRowId));
    return event === undefined ? undefined : Number(event.shopId);
  }
  return row.shopId === undefined ? undefined : Number(row.shopId);
}
