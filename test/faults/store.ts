import type { Store } from "~/store/store.server";
import { hasPostgres, type PrivatePostgres } from "../support/postgres";
import { postgresClusters } from "./stores/postgres";
import { sqliteFiles } from "./stores/sqlite";

export const STORE_NAMES = ["sqlite", "postgres"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** A row of the outbox, as far as the harness looks at it. */
export interface OutboxRow {
  dataset: string;
  name: string;
  eventId: string;
  outcome: string;
  reason: string | null;
  /** Somebody holds it under a lease. */
  claimed: boolean;
}

/** What still waits, and when it is due (epoch milliseconds); null: nothing waits, or for a person only. */
export interface Waiting {
  count: number;
  /** The first of it, or later when its dataset pauses. */
  nextAt: number | null;
  lastAt: number | null;
}

/** The database of one scenario, as the harness sees it. */
export interface FaultStore {
  /** The server's DATABASE_URL. */
  url: string;
  /** The database server underneath, this scenario's own; null: there is none. */
  cluster: Pick<PrivatePostgres, "start" | "halt" | "processes" | "user"> | null;
  /** Puts the database's own clock ahead of this machine's, for whoever connects from now on. */
  setClock(aheadMs: number): Promise<void>;
  /** Runs on the store as the app opens it. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Changes what is stored of some events so that Meta refuses every request they are in. */
  spoil(eventIds: readonly string[]): Promise<void>;
  waiting(): Promise<Waiting>;
  rows(): Promise<OutboxRow[]>;
  beaconKey(): Promise<string>;
  heldReason(): Promise<string | null>;
  /** SHA-256 of every request that was written down. */
  requestsWritten(): Promise<string[]>;
  remove(): void;
}

/** Makes a fresh, migrated database for each scenario. */
export interface StoreMaker {
  fresh(): Promise<FaultStore>;
  /** Takes away what is left. */
  close(): void;
}

/** The store that was asked for is not to be had on this machine. */
export class StoreMissing extends Error {
  override name = "StoreMissing";
}

/** The one place where a store is opened. Throws StoreMissing. */
export async function openStoreMaker(name: StoreName, installed: () => boolean = hasPostgres): Promise<StoreMaker> {
  if (name === "sqlite") return sqliteFiles();
  if (installed()) return postgresClusters();
  throw new StoreMissing("PostgreSQL is not installed (Debian: apt-get install postgresql); run with: --store sqlite");
}
