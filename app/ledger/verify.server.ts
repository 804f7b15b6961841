import type { LedgerHead } from "../store/rows";
import type { Store } from "../store/store.server";
import { type Break, breakAt, type Place } from "./chain.server";

/** The shop whose chain it is. */
export interface LedgerShop {
  id: number;
  domain: string;
  datasets: readonly { id: number; dataset: string }[];
}

export interface Verified {
  /** Lines looked at. */
  lines: number;
  head: LedgerHead;
  /** The first line that is wrong; null: none is. */
  broken: Break | null;
}

const PAGE = 500;

/**
 * Looks through a shop's chain from its checkpoint to its head. `known`: a head that was printed earlier; the chain must still
 * go through it. One that is older than the checkpoint cannot be looked for: see `isPruned`.
 */
export async function verifyLedger(
  shop: LedgerShop,
  known: Place | null,
  store: Pick<Store, "ledgerHead" | "ledgerLines" | "strayLine" | "wrongLastWord">,
): Promise<Verified | null> {
  // Read first: what is sealed meanwhile lies behind it.
  const head = await store.ledgerHead(shop.id);
  if (head === null) return headless(await store.strayLine(shop.id));
  const datasets = new Map(shop.datasets.map(({ id, dataset }) => [id, { shop: shop.domain, dataset }]));
  const start: Place = { n: head.checkpointN, hash: head.checkpointHash };
  let place = start;
  let knownHash = known?.n === start.n ? start.hash : null;
  const verified = (broken: Break | null): Verified => ({ lines: place.n - start.n, head, broken });
  while (place.n < head.n) {
    const lines = await store.ledgerLines(shop.id, place.n, Math.min(PAGE, head.n - place.n));
    const moved = lines[0]?.n === place.n + 1 ? null : await store.ledgerHead(shop.id);
    // Its beginning was forgotten while it was looked through: from the new checkpoint on it is looked through anew.
    if (moved !== null && moved.checkpointN > place.n) return verifyLedger(shop, known, store);
    if (lines.length === 0) return verified({ n: place.n + 1, says: `is missing: the last line is ${head.n}` });
    for (const line of lines) {
      const broken = breakAt(line, place, datasets.get(line.datasetId));
      if (broken !== null) return verified(broken);
      place = { n: line.n, hash: line.hash };
      if (known?.n === line.n) knownHash = line.hash;
    }
  }
  if (place.hash !== head.hash) return verified({ n: head.n, says: "is not the line that the chain ended with" });
  if (known === null || knownHash === known.hash) return verified(await unchained(shop.id, head, store));
  if (known.n > head.n) return verified({ n: head.n + 1, says: `is missing: line ${known.n} was known` });
  return verified({ n: known.n, says: "is not the line that was known: it, or one before it, was written anew" });
}

/** There are lines, and what says where the chain ends is gone. */
function headless(first: number | null): Verified | null {
  if (first === null) return null;
  const head: LedgerHead = { n: 0, hash: "", checkpointN: 0, checkpointHash: "" };
  return { lines: 0, head, broken: { n: first, says: "belongs to a chain whose head is missing" } };
}

/** What no hash covers: lines beside the chain, and which line of an order is shown as its last. */
async function unchained(
  shopId: number,
  { checkpointN }: LedgerHead,
  store: Pick<Store, "strayLine" | "wrongLastWord">,
): Promise<Break | null> {
  const stray = await store.strayLine(shopId);
  if (stray !== null) return { n: stray, says: "lies outside of the chain" };
  const wrong = await store.wrongLastWord(shopId, checkpointN);
  return wrong === null ? null : { n: wrong, says: "is of an order whose last word is not marked as such" };
}

/** Whether a head that was printed earlier lies before what is still kept. */
export function isPruned(known: Place, { checkpointN }: LedgerHead): boolean {
  return known.n < checkpointN;
}
