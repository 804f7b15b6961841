import { hkdfSync } from "node:crypto";
import type { PrismaClient } from "@prisma/client";
import { z } from "zod";
import { fromPixelRecord } from "../events/pixel-settings";
import { turns } from "../in-turn";
import { type Keyring, openDataKey } from "../store/keyring.server";
import { open, type SealKey, seal } from "../store/seal.server";
import { parseSettings, type Settings } from "./settings";

/** A dataset as the pipeline needs it. Instants are epoch milliseconds. */
export interface Dataset {
  id: number;
  /** +1 with each token. */
  connection: number;
  /** Meta's number for it. */
  dataset: string;
  token: string;
  testCode: string | null;
  /** When the test code was set; null without one. */
  testCodeAt: number | null;
  /** When its token was set. */
  tokenAt: number;
  holdSeconds: number;
  connectedAt: number;
  /** Null: it flows; else the verdict that stopped it. */
  heldReason: string | null;
  pausedUntil: number | null;
  disconnected: boolean;
}

/** Which events leave from the browser, and past what filter; of a record that an older version wrote it is not known. */
export type BrowserLegs = z.output<typeof browserLegs>;

const texts = z.array(z.string());
const browserLegs = z.object({ events: texts, hosts: texts, paths: texts, countries: texts });

/** Shopify's record of the shop's web pixel, as far as we know. */
export interface WebPixel {
  /** Shopify's gid; null: there is none. */
  id: string | null;
  /** JSON of the settings Shopify last accepted. */
  settings: string | null;
  acceptedAt: number | null;
  /** By Meta's number, what of each dataset in them leaves from the browser; null where there is no record. */
  datasets: ReadonlyMap<string, BrowserLegs | null> | null;
  /** Why the last try to set it failed. */
  fault: string | null;
}

/** A shop with everything the ingest path asks for, in memory. */
export interface Shop {
  id: number;
  domain: string;
  beaconKey: string;
  country: string | null;
  primaryDomain: string | null;
  /** IANA name; null until Shopify said so. */
  timezone: string | null;
  /** ISO 4217 of the shop itself; null until Shopify said so. */
  currency: string | null;
  /** Every currency it sells in; null until Shopify said so. */
  currencies: string[] | null;
  /** Whether its prices have their tax in them; null until Shopify said so. */
  taxesIncluded: boolean | null;
  installed: boolean;
  settings: Settings;
  datasets: Dataset[];
  webPixel: WebPixel;
  seal(column: string, plain: string): string;
  open(column: string, sealed: string): string;
  /** A secret of this shop's own for one purpose, hex: the same for as long as the shop has its data key. */
  secret(purpose: string): string;
}

/** The datasets that conversions go to. */
export function connectedDatasets(shop: Shop): Dataset[] {
  return shop.installed ? shop.datasets.filter((dataset) => !dataset.disconnected) : [];
}

/** A shop whose row cannot be read: a key is missing, or its settings are of another version. */
export class ShopUnreadable extends Error {
  override name = "ShopUnreadable";
  constructor(
    readonly shopId: number,
    readonly domain: string,
    cause: unknown,
  ) {
    super(`${domain}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/**
 * All shops, read again whenever the settings version moved: the ingest path asks no database for who a shop is. Holding
 * every shop in memory costs about 1 kB each. A shop that cannot be read keeps none of the others from working.
 */
export interface Registry {
  /** Throws ShopUnreadable: its webhooks must not be taken for a stranger's. */
  shop(domain: string): Shop | undefined;
  shopById(id: number): Shop | undefined;
  /** A dataset with its shop, by the id of its row. */
  dataset(id: number): { shop: Shop; dataset: Dataset } | undefined;
  all(): Iterable<Shop>;
  unreadable(): ShopUnreadable[];
  /** Reads again if the version moved since the last read; answers whether it did. */
  refresh(): Promise<boolean>;
  /** The version that was last read. */
  version(): number;
}

interface RegistryDeps {
  db: PrismaClient;
  keyring: Keyring;
  version: () => Promise<number>;
}

interface Content {
  byDomain: Map<string, Shop>;
  byId: Map<number, Shop>;
  byDataset: Map<number, { shop: Shop; dataset: Dataset }>;
  unreadable: Map<string, ShopUnreadable>;
}

export async function openRegistry({ db, keyring, version }: RegistryDeps): Promise<Registry> {
  const inTurn = turns();
  let seen = -1;
  let content = contentOf([], keyring);

  /** One at a time: an older look must not take the place of a newer one. */
  const refresh = () => inTurn("refresh", readAgain);

  async function readAgain(): Promise<boolean> {
    const current = await version();
    if (current === seen) return false;
    content = contentOf(await db.shop.findMany({ include: { datasets: true } }), keyring);
    seen = current;
    return true;
  }

  await refresh();
  return {
    shop: (domain) => {
      const fault = content.unreadable.get(domain);
      if (fault !== undefined) throw fault;
      return content.byDomain.get(domain);
    },
    shopById: (id) => content.byId.get(id),
    dataset: (id) => content.byDataset.get(id),
    all: () => content.byId.values(),
    unreadable: () => [...content.unreadable.values()],
    refresh,
    version: () => seen,
  };
}

function contentOf(rows: ShopRow[], keyring: Keyring): Content {
  const content: Content = { byDomain: new Map(), byId: new Map(), byDataset: new Map(), unreadable: new Map() };
  for (const row of rows) {
    try {
      const shop = shopOf(row, keyring);
      content.byDomain.set(shop.domain, shop);
      content.byId.set(shop.id, shop);
      for (const dataset of shop.datasets) content.byDataset.set(dataset.id, { shop, dataset });
    } catch (error) {
      content.unreadable.set(row.domain, new ShopUnreadable(row.id, row.domain, error));
    }
  }
  return content;
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
    timezone: row.timezone,
    currency: row.currency,
    currencies: row.currencies === null ? null : JSON.parse(row.currencies),
    taxesIncluded: row.taxesIncluded,
    installed: row.uninstalledAt === null,
    settings: parseSettings(row.settings),
    datasets: row.datasets.map((dataset) => ({
      id: dataset.id,
      connection: dataset.connection,
      dataset: dataset.dataset,
      token: open([key], { shop: row.domain, column: "Dataset.token" }, dataset.token),
      testCode: dataset.testCode,
      testCodeAt: dataset.testCode === null ? null : Number(dataset.testCodeAt ?? dataset.connectedAt),
      tokenAt: Number(dataset.tokenAt ?? dataset.connectedAt),
      holdSeconds: dataset.holdSeconds,
      connectedAt: Number(dataset.connectedAt),
      heldReason: dataset.heldReason,
      pausedUntil: dataset.pausedUntil === null ? null : Number(dataset.pausedUntil),
      disconnected: dataset.disconnectedAt !== null,
    })),
    webPixel: {
      id: row.webPixelId,
      settings: row.webPixelSettings,
      acceptedAt: row.webPixelAt === null ? null : Number(row.webPixelAt),
      datasets: row.webPixelSettings === null ? null : datasetsOf(row.webPixelSettings),
      fault: row.webPixelFault,
    },
    seal: (column, plain) => seal(key, { shop: row.domain, column }, plain),
    open: (column, sealed) => open([key], { shop: row.domain, column }, sealed),
    secret: (purpose) => Buffer.from(hkdfSync("sha256", key.bytes, "", `tandem ${purpose}`, 32)).toString("hex"),
  };
}

function datasetsOf(record: string): Map<string, BrowserLegs | null> {
  const datasets = fromPixelRecord(JSON.parse(record))?.datasets ?? [];
  return new Map(datasets.map((each) => [each.dataset, browserLegs.safeParse(each).data ?? null]));
}
