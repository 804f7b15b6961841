import { z } from "zod";
import type { Dataset, Shop } from "../settings/registry.server";
import { liveTestCode } from "../settings/test-code";
import type { SentBounds, SentCopies, Store } from "../store/store.server";
import { openOrNull } from "./deliveries.server";
import { metaSaid } from "./meta-answer";
import { latestOf, SENT_BOUNDS, type Sent, type SentLine, type ServerCopy } from "./sent";
import { wordsOf } from "./words";

const WITHOUT_CODE_MS = 3_600_000;

/** What left for a dataset since its test code was set; without one, in the last hour. `now`: epoch milliseconds. */
export async function sentOf(
  store: Pick<Store, "sentSince">,
  shop: Shop,
  dataset: Dataset,
  now: number,
  bounds: SentBounds = SENT_BOUNDS,
): Promise<Sent> {
  const withCode = liveTestCode(dataset, now) !== null;
  const since = withCode ? (dataset.testCodeAt ?? now) : now - WITHOUT_CODE_MS;
  const copies = await store.sentSince({ shopId: shop.id, datasetId: dataset.id, since }, bounds);
  // Before anything is opened, which takes longer than to find it.
  const lines = latestOf(copies, bounds.lines).map((row) => lineOf(row, shop));
  return { dataset: dataset.dataset, since, withCode, lines };
}

function lineOf(row: SentCopies, shop: Shop): SentLine {
  const { name, eventId, sentAt, tr, toldAt } = row;
  return {
    event: name,
    eventId,
    at: Math.max(sentAt ?? 0, toldAt ?? 0),
    server: serverCopyOf(row, shop),
    browser: tr === null || toldAt === null ? null : { tr, at: toldAt },
  };
}

function serverCopyOf(
  { id, outcome, reason, bytes, sentAt, status, answer }: SentCopies,
  shop: Shop,
): ServerCopy | null {
  if (id === null || outcome === null) return null;
  return {
    id,
    outcome,
    says: reason === null ? null : wordsOf(reason),
    at: sentAt,
    keys: bytes === null ? null : keysOf(openOrNull(shop, "Event.bytes", bytes)),
    meta: sentAt === null ? null : metaSaid(status, answer ? openOrNull(shop, "Attempt.answer", answer) : null),
  };
}

const sentSchema = z.object({ user_data: z.record(z.string(), z.unknown()) });

function keysOf(json: string | null): string[] | null {
  const sent = json === null ? undefined : sentSchema.safeParse(JSON.parse(json)).data;
  return sent === undefined ? null : Object.keys(sent.user_data);
}
