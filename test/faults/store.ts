import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "~/db.server";
import { migrate } from "~/store/migrate.server";
import { openStore, type Store } from "~/store/store.server";

export const STORE_NAMES = ["sqlite", "postgres"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** A row of the outbox, as far as the recount looks at it. */
export interface OutboxRow {
  dataset: string;
  name: string;
  eventId: string;
  outcome: string;
  reason: string | null;
}

/** What still waits, and when the last of it is due (epoch milliseconds). */
export interface Waiting {
  count: number;
  dueAt: number | null;
}

/** The database of one scenario, as the harness sees it. */
export interface FaultStore {
  /** The server's DATABASE_URL. */
  url: string;
  /** Runs on the store as the app opens it. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Changes what is stored of some events so that Meta refuses every request they are in. */
  spoil(eventIds: readonly string[]): Promise<void>;
  waiting(): Promise<Waiting>;
  rows(): Promise<OutboxRow[]>;
  beaconKey(): Promise<string>;
  heldReason(): Promise<string | null>;
  /** SHA-256 of every request that was written down; only while no server runs. */
  requestsWritten(): Promise<string[]>;
  remove(): void;
}

/** Makes a fresh, migrated database for each scenario. */
export interface StoreMaker {
  fresh(): Promise<FaultStore>;
  close(): Promise<void>;
}

/** The store that was asked for is not to be had on this machine. */
export class StoreMissing extends Error {
  override name = "StoreMissing";
}

/** The one place where a store is opened. Throws StoreMissing. */
export async function openStoreMaker(name: StoreName): Promise<StoreMaker> {
  switch (name) {
    case "sqlite":
      return sqliteFiles();
    case "postgres":
      throw new StoreMissing("these scenarios run on SQLite only as yet; run without --store, or with: --store sqlite");
  }
}

/** Migrates one file and copies it for each scenario. */
async function sqliteFiles(): Promise<StoreMaker> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-faults-"));
  const template = join(folder, "template.sqlite");
  await migrate({ path: template, root: process.cwd() });
  let made = 0;
  return {
    fresh: async () => {
      made += 1;
      const path = join(folder, `scenario-${made}.sqlite`);
      copyFileSync(template, path);
      return sqliteStore(path);
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function sqliteStore(path: string): FaultStore {
  const url = `file:${path}`;
  return {
    ...readingFrom(url),
    withStore: async (work) => {
      const store = openStore(path);
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    // Of a copy: whoever closes a file last writes its log into it, and after a kill that is for the next server to do.
    requestsWritten: async () => {
      copy(path, `${path}.copy`);
      return readingFrom(`file:${path}.copy`).requestsWritten();
    },
    remove: () => {
      for (const ending of FILE_ENDINGS) rmSync(path + ending, { force: true });
    },
  };
}

const FILE_ENDINGS = ["", "-wal", "-shm"];

function copy(from: string, to: string): void {
  for (const ending of FILE_ENDINGS) {
    rmSync(to + ending, { force: true });
    // The index of the log is left behind, as after a power cut: it is made anew.
    if (ending !== "-shm" && existsSync(from + ending)) copyFileSync(from + ending, to + ending);
  }
}

/** Meta wants whole ones. */
const HALF_A_PIECE = 0.5;

/** Everything the harness asks of a database, by the app's own client. */
function readingFrom(url: string): Omit<FaultStore, "remove" | "withStore"> {
  async function read<T>(query: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
    const db = openDatabase(url);
    try {
      return await query(db);
    } finally {
      await db.$disconnect();
    }
  }
  return {
    url,
    spoil: (eventIds) =>
      read(async (db) => {
        for (const row of await db.event.findMany({ where: { eventId: { in: [...eventIds] } } })) {
          const facts = JSON.parse(row.facts ?? "{}") as { lines: object[] };
          const lines = facts.lines.map((line) => ({ ...line, quantity: HALF_A_PIECE }));
          await db.event.update({ where: { id: row.id }, data: { facts: JSON.stringify({ ...facts, lines }) } });
        }
      }),
    waiting: () =>
      read(async (db) => {
        const { _count, _max } = await db.event.aggregate({
          where: { outcome: "waiting" },
          _count: true,
          _max: { runAt: true },
        });
        return { count: _count, dueAt: _max.runAt === null ? null : Number(_max.runAt) };
      }),
    rows: () =>
      read(async (db) => {
        const datasets = new Map((await db.dataset.findMany()).map(({ id, dataset }) => [id, dataset]));
        const rows = await db.event.findMany({
          select: { datasetId: true, name: true, eventId: true, outcome: true, reason: true },
        });
        return rows.map(({ datasetId, ...row }) => ({ ...row, dataset: datasets.get(datasetId) ?? "" }));
      }),
    beaconKey: () => read(async (db) => (await db.shop.findFirstOrThrow()).beaconKey),
    heldReason: () => read(async (db) => (await db.dataset.findFirstOrThrow()).heldReason),
    requestsWritten: () =>
      read(async (db) => (await db.attempt.findMany({ select: { bytesHash: true } })).map((row) => row.bytesHash)),
  };
}
