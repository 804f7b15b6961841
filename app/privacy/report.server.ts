import type { PrismaClient } from "@prisma/client";
import type { BrowserContext } from "../events/event";
import { openOrNull } from "../pipeline/browser-context.server";
import type { Shop } from "../settings/registry.server";
import { openedBytes, type TrailContext, trailOf } from "./trail.server";
import type { Whom } from "./whom";

/** All that Tandem keeps of one customer, as it is: to be handed over by the merchant. Times are ISO 8601. */
export interface Report {
  shop: string;
  made_at: string;
  /** How Tandem knows the customer: SHA-256, in Meta's words. */
  customer: Whom["keys"];
  events: ReportEvent[];
  visits: ReportVisit[];
}

interface ReportEvent {
  event: string;
  event_id: string;
  dataset: string | null;
  order_id: string | null;
  happened_at: string;
  received_at: string;
  outcome: string;
  reason: string | null;
  consent: unknown;
  /** What was bought or looked at. */
  facts: unknown;
  match_keys: unknown;
  browser: BrowserContext | null;
  /** As it went to Meta; null: it did not, or that is no longer kept. */
  sent_to_meta: unknown;
}

interface ReportVisit {
  remembered_under: string;
  first_heard_at: string | null;
  last_heard_at: string;
  consent: unknown;
  match_keys: unknown;
  browser: BrowserContext | null;
}

export async function reportOf(
  whom: Whom,
  shop: Shop,
  { db, now }: { db: PrismaClient; now: () => number },
): Promise<Report> {
  const { events, contexts } = await trailOf(whom, shop, db);
  const rows = await db.event.findMany({ where: { id: { in: events.map(({ id }) => id) } }, orderBy: { id: "asc" } });
  return {
    shop: shop.domain,
    made_at: iso(now()),
    customer: whom.keys,
    events: rows.map((row) => {
      const sent = row.bytes === null ? null : openedBytes(shop, row.bytes);
      return {
        event: row.name,
        event_id: row.eventId,
        dataset: shop.datasets.find(({ id }) => id === row.datasetId)?.dataset ?? null,
        order_id: row.orderId,
        happened_at: iso(row.eventTime),
        received_at: iso(row.receivedAt),
        outcome: row.outcome,
        reason: row.reason,
        consent: read(row.consent),
        facts: read(row.facts),
        match_keys: read(row.matchKeys),
        browser: row.browser === null ? null : openOrNull(shop, "Event.browser", row.browser),
        sent_to_meta: read(sent),
      };
    }),
    visits: contexts.map((context) => visit(context, shop)),
  };
}

function visit({ key, browser, matchKeys, consent, firstAt, receivedAt }: TrailContext, shop: Shop): ReportVisit {
  return {
    remembered_under: key,
    first_heard_at: firstAt === null ? null : iso(firstAt),
    last_heard_at: iso(receivedAt),
    consent: read(consent),
    match_keys: read(matchKeys),
    browser: openOrNull(shop, "BrowserContext.browser", browser),
  };
}

function read(stored: string | null): unknown {
  return stored === null ? null : JSON.parse(stored);
}

function iso(at: number | bigint): string {
  return new Date(Number(at)).toISOString();
}
