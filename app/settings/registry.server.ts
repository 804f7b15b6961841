import type { PrismaClient } from "@prisma/client";
import { type Keyring, openDataKey } from "../store/keyring.server";
import { open, type SealKey, seal } from "../store/seal.server";
import { type Settings, settingsSchema } from "./settings";

/** A dataset as the pipeline needs it. Instants are epoch milliseconds. */
export interface Dataset {
  id: number;
  /** Meta's number for it. */
  dataset: string;
  token: string;
  testCode: string | null;
  holdSeconds: number;
  connectedAt: number;
  /** Null: it flows; else the verdict that stopped it. */
  heldReason: string | null;
  pausedUntil: number | null;
  disconnected: boolean;
}

/** A shop with everything the ingest path asks for, in memory. */
export interface Shop {
  id: number;
  domain: string;
  beaconKey: string;
  country: string | null;
  primaryDomain: string | null;
  installed: boolean;
  settings: Settings;
  datasets: Dataset[];
  seal(column: string, plain: string): string;
  open(column: string, sealed: string): string;
}

/** The datasets that conversions go to. */
export function connectedDatasets(shop: Shop): Dataset[] {
  return shop.installed ? shop.datasets.filter((dataset) => !dataset.disconnected) : [];
}

/**
 * All shops, read again whenever the settings version moved: the ingest path asks no database for who a shop is. Holding
 * every shop in memory costs about 1 kB each.
 */
export interface Registry {
  shop(domain: string): Shop | undefined;
  shopById(id: number): Shop | undefined;
  all(): Iterable<Shop>;
  /** Reads again if the version moved since the last read; answers whether it did. */
  refresh(): Promise<boolean>;
}

interface RegistryDeps {
  db: PrismaClient;
  keyring: Keyring;
  version: () => number;
}

export async function openRegistry({ db, keyring, version }: RegistryDeps): Promise<Registry> {
  let seen = -1;
  let byDomain = new Map<string, Shop>();
  let byId = new Map<number, Shop>();

  async function refresh(): Promise<boolean> {
    const current = version();
    if (current === seen) return false;
    const rows = await db.shop.findMany({ include: { datasets: true } });
    const shops = rows.map((row) => shopOf(row, keyring));
    byDomain = new Map(shops.map((shop) => [shop.domain, shop]));
    byId = new Map(shops.map((shop) => [shop.id, shop]));
    seen = current;
    return true;
  }

  await refresh();
  return { shop: (domain) => byDomain.get(domain), shopById: (id) => byId.get(id), all: () => byId.values(), refresh };
}

type ShopRow = Awaited<ReturnType<PrismaClient["shop"]["findMany"]>>[number] & {
  datasets: Awaited<ReturnType<PrismaClient["dataset"]["findMany"]>>;
};

function shopOf(row: ShopRow, keyring: Keyring): Shop {
  const key: SealKey = openDataKey(keyring, row.domain, row.dataKey);
  return {
    id: row.id,
    domain: row.domain,
    beaconKey: row.beaconKey,
    country: row.country,
    primaryDomain: row.primaryDomain,
    installed: row.uninstalledAt === null,
    settings: settingsSchema.parse(JSON.parse(row.settings)),
    datasets: row.datasets.map((dataset) => ({
      id: dataset.id,
      dataset: dataset.dataset,
      token: open([key], { shop: row.domain, column: "Dataset.token" }, dataset.token),
      testCode: dataset.testCode,
      holdSeconds: dataset.holdSeconds,
      connectedAt: Number(dataset.connectedAt),
      heldReason: dataset.heldReason,
      pausedUntil: dataset.pausedUntil === null ? null : Number(dataset.pausedUntil),
      disconnected: dataset.disconnectedAt !== null,
    })),
    seal: (column, plain) => seal(key, { shop: row.domain, column }, plain),
    open: (column, sealed) => open([key], { shop: row.domain, column }, sealed),
  };
}
