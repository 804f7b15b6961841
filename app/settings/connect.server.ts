import { randomBytes } from "node:crypto";
import { freshDataKey, type Keyring, openDataKey } from "../store/keyring.server";
import { seal } from "../store/seal.server";
import type { ShopRow, Store } from "../store/store.server";
import { DEFAULT_SETTINGS } from "./settings";

/** The shop's row, made with its own data key and a public beacon key when it is new. */
export function ensureShop(store: Store, keyring: Keyring, domain: string, now: number): Promise<ShopRow> {
  return store.ensureShop({
    domain,
    beaconKey: randomBytes(16).toString("base64url"),
    dataKey: freshDataKey(keyring, domain),
    settings: JSON.stringify(DEFAULT_SETTINGS),
    createdAt: now,
  });
}

export interface Connection {
  shop: string;
  /** Meta's number. */
  dataset: string;
  token: string;
  /** '' takes it away; null keeps what is set. */
  testCode: string | null;
  /** ISO alpha-2 of the shop itself, for orders at the till; null keeps what is known. */
  country: string | null;
  /** Null keeps what is set, or the default. */
  holdSeconds: number | null;
}

/** Connects a dataset to a shop, or renews its token; the token is sealed before it is stored. */
export async function connect(store: Store, keyring: Keyring, connection: Connection, now: number): Promise<void> {
  const shop = await ensureShop(store, keyring, connection.shop, now);
  const key = openDataKey(keyring, shop.domain, shop.dataKey);
  await store.connectDataset({
    shopId: shop.id,
    dataset: connection.dataset,
    token: seal(key, { shop: shop.domain, column: "Dataset.token" }, connection.token),
    testCode: connection.testCode,
    holdSeconds: connection.holdSeconds,
    connectedAt: now,
  });
  if (connection.country !== null) {
    await store.describeShop(shop.id, { country: connection.country, primaryDomain: null, timezone: null });
  }
}
