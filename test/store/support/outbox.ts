import { onTestFinished } from "vitest";
import {
  type ContextWrite,
  type Enrichment,
  type IngestWrite,
  type NewEvent,
  nothingWritten,
  type Settlement,
  type StoredEvent,
} from "~/store/rows";
import { openStore, type Store } from "~/store/store.server";
import { DAY } from "../../support/clock";
import { freshDatabase } from "../../support/database";
import { purchaseOf } from "./purchases";
import { openReader, type Reader } from "./reader";

export const TOKEN = "0123456789abcdef0123456789abcdef";

/** A store on a database of its own with one shop and one dataset, and a second connection to look at what was committed. */
export interface Outbox {
  path: string;
  store: Store;
  shopId: number;
  datasetId: number;
  /** Sees only what is committed. */
  reader: Reader;
  purchase(over?: Partial<NewEvent>): NewEvent;
  context(over?: Partial<ContextWrite>): ContextWrite;
  ingest(...events: NewEvent[]): ReturnType<Store["ingest"]>;
  rows(): StoredRow[];
  claim(lease: string, now?: number, leaseUntil?: number): Promise<StoredEvent[]>;
  settle(lease: string, settlements: Settlement[], now?: number): ReturnType<Store["settle"]>;
}

export interface StoredRow extends Omit<StoredEvent, "reopened"> {
  reopened: number;
  settledAt: number | null;
  consent: string | null;
  attemptId: number | null;
}

export async function openOutbox(): Promise<Outbox> {
  const path = freshDatabase();
  const store = openStore(path);
  const reader = openReader(path);
  onTestFinished(async () => {
    await store.close();
    reader.close();
  });
  const shop = { domain: "example-shop.myshopify.com", beaconKey: "bk", dataKey: "dk", settings: "{}", createdAt: DAY };
  const { id: shopId } = await store.ensureShop(shop);
  await store.connectDataset({
    shopId,
    dataset: "1234567890",
    token: "sealed",
    testCode: null,
    holdSeconds: 60,
    connectedAt: DAY,
  });
  const datasetId = 1;
  return {
    path,
    store,
    shopId,
    datasetId,
    reader,
    purchase: (over) => ({ ...purchase(shopId, datasetId), ...over }),
    context: (over) => ({ ...context(shopId), ...over }),
    ingest: (...events) => store.ingest(writeOf({ events })),
    rows: () => reader.all<StoredRow>(`SELECT * FROM "Event" ORDER BY "id"`),
    claim: (lease, now = DAY, leaseUntil = now + 45_000) =>
      store.claimDue({ datasetId, now, limit: 1_000, lease, leaseUntil }),
    settle: (lease, settlements, now = DAY) =>
      store.settle({ shopId, datasetId, lease, now, attempts: [], settlements, contexts: [] }),
  };
}

/** A web order's Purchase that is due now. */
function purchase(shopId: number, datasetId: number): NewEvent {
  return {
    ...purchaseOf(5550001),
    shopId,
    datasetId,
    eventId: `purchase.${TOKEN}`,
    checkoutToken: TOKEN,
    eventTime: DAY,
    receivedAt: DAY,
    runAt: DAY,
    facts: JSON.stringify({ shop: { total: "64.50" } }),
    matchKeys: JSON.stringify({ em: ["aa"] }),
  };
}

/** What a consenting beacon of the checkout tells. */
function context(shopId: number): ContextWrite {
  return {
    shopId,
    key: `checkout.${TOKEN}`,
    checkoutToken: TOKEN,
    beacon: true,
    consenting: true,
    refusing: false,
    receivedAt: DAY,
    join: (stored) => stored ?? { browser: "sealed browser", matchKeys: null, consent: null },
  };
}

/** The n-th of many unrelated Purchases. */
export function numbered(n: number): Pick<NewEvent, "eventId" | "purchaseOrderId" | "orderId" | "checkoutToken"> {
  return { eventId: `purchase.o${n}`, purchaseOrderId: String(n), orderId: String(n), checkoutToken: null };
}

export function writeOf(parts: Partial<IngestWrite>): IngestWrite {
  return { ...nothingWritten(), ...parts };
}

export function enrichmentOf(shopId: number, over: Partial<Enrichment>): Enrichment {
  return {
    shopId,
    name: "Purchase",
    orderId: null,
    checkoutToken: null,
    matchKeys: null,
    browser: null,
    fillBrowser: null,
    ...over,
  };
}

/** A claimed row that Meta took. */
export function accepted(id: number, over: Partial<Settlement> = {}): Settlement {
  return {
    id,
    outcome: "accepted",
    reason: null,
    runAt: null,
    attempt: null,
    attemptBefore: null,
    consent: null,
    bytes: null,
    bytesHash: null,
    keyAccount: null,
    covered: null,
    forget: true,
    sum: 64_500_000,
    tries: 1,
    changes: [],
    ...over,
  };
}

/** A row as the drain leaves it when the needed consent signal never came. */
export function withheld(id: number, reason: string, over: Partial<Settlement> = {}): Settlement {
  return accepted(id, { outcome: "withheld", reason, forget: reason !== "no_consent_signal", ...over });
}
