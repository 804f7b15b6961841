import { randomBytes } from "node:crypto";
import type { Facts } from "../events/event";
import type { Value } from "../events/value";
import { worth } from "../pipeline/outgoing.server";
import { storedFacts } from "../pipeline/stored-facts";
import type { Registry, Shop } from "../settings/registry.server";
import { policyOf } from "../settings/settings";
import type { LedgerHead, LedgerLine, UntoldOrder } from "../store/rows";
import { type Sealing, type Store, standsAgainst } from "../store/store.server";
import { commitmentOf, hashOf } from "./chain.server";
import type { LineOf } from "./line";
import { type Draft, draftOf, saysTheSame } from "./order-line";

export interface SealerDeps {
  store: Pick<Store, "untoldShops" | "sealLedger">;
  registry: Registry;
  now: () => number;
  stopping: () => boolean;
}

/** Orders in a transaction: SQLite hashes and writes so many in some milliseconds, and nobody else writes meanwhile. */
const PORTION = 100;
/** Of one shop, so that others come to their turn. */
const PORTIONS = 20;

/** Tells the ledger what became of orders since the last time; answers how many rows it told of. */
export async function seal({ store, registry, now, stopping }: SealerDeps, salt = newSalt): Promise<number> {
  let told = 0;
  const faults: unknown[] = [];
  for (const shopId of await store.untoldShops()) {
    const shop = registry.shopById(shopId);
    if (shop === undefined) continue;
    try {
      for (let portion = 0; portion < PORTIONS && !stopping(); portion += 1) {
        const rows = await store.sealLedger(shopId, PORTION, sealing(shop, now(), salt));
        told += rows;
        if (rows < PORTION) break;
      }
    } catch (error) {
      // The other shops' orders are told of all the same.
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return told;
}

/** 128 bits: nobody can try out what was erased. */
function newSalt(): string {
  return randomBytes(16).toString("hex");
}

function sealing(shop: Shop, sealedAt: number, salt: () => string): Sealing {
  return {
    linesOf: (rows, before, head) => chained(draftsOf(rows, before, shop), head, { sealedAt, salt }),
  };
}

/** A draft with what it is told of. */
interface Told {
  draft: Draft;
  of: LineOf;
}

/** What is news. */
function draftsOf(rows: readonly UntoldOrder[], before: readonly LedgerLine[], shop: Shop): Told[] {
  const known = new Map(before.map((line) => [line.eventRowId, line]));
  return rows.flatMap((row) => {
    const facts = readableFacts(row);
    const draft = draftOf(row, facts, facts && worthOf(row, facts, shop), known.get(row.id));
    const of = { shop: shop.domain, dataset: row.dataset };
    return saysTheSame(draft, known.get(row.id)) ? [] : [{ draft, of }];
  });
}

/** What was stored and cannot be read is told of all the same. */
function readableFacts(row: UntoldOrder): Facts | null {
  try {
    return storedFacts(row);
  } catch {
    return null;
  }
}

/** Sums that make no sense are worth nothing that could be said. */
function worthOf({ name, dataset }: UntoldOrder, facts: Facts, shop: Shop): Value | null {
  try {
    return worth({ name, facts }, shop, policyOf(shop.settings, dataset));
  } catch {
    return null;
  }
}

function chained(
  told: readonly Told[],
  head: LedgerHead,
  { sealedAt, salt }: { sealedAt: number; salt: () => string },
): LedgerLine[] {
  const lines: LedgerLine[] = [];
  let { n, hash } = head;
  for (const { draft, of } of told) {
    n += 1;
    const own = salt();
    const commitment = commitmentOf(draft, own);
    // Of what had been erased before it was sealed, not even the salt is kept.
    const line = { ...draft, n, sealedAt, salt: draft.order === null ? null : own, current: true, commitment };
    hash = hashOf(line, commitment, hash, of);
    lines.push({ ...line, hash });
  }
  return withLastWords(lines);
}

/** One order has one last word for each dataset, also where two of its rows are told of at once. */
function withLastWords(lines: LedgerLine[]): LedgerLine[] {
  const last = new Map<string, LedgerLine>();
  for (const line of lines) {
    const name = `${line.datasetId} ${line.order ?? `row ${line.eventRowId}`}`;
    const before = last.get(name);
    if (before === undefined || !standsAgainst(before, line)) last.set(name, line);
  }
  const words = new Set([...last.values()].map(({ n }) => n));
  return lines.map((line) => ({ ...line, current: words.has(line.n) }));
}
