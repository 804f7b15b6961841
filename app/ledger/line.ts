import type { LedgerLine } from "../store/rows";

/**
 * What a line of the ledger says, in texts: these are hashed, and these are exported. docs/ledger.md tells a stranger how.
 * Instants are ISO 8601 in UTC with milliseconds, numbers decimal, what is absent is the empty text.
 */

/** What a line is told of: the shop's domain and Meta's number of the dataset. */
export interface LineOf {
  shop: string;
  dataset: string;
}

type Texts<Field extends string> = Readonly<Record<Field, string>>;

/** Names nobody: hashed as it stands, in this order. */
export const CLEAR_FIELDS = [
  "shop",
  "n",
  "sealed_at",
  "dataset",
  "event",
  "source",
  "outcome",
  "reason",
  "waiting_until",
  "browser",
  "lag_ms",
] as const;

/** Hangs on one order: hashed behind a salt, in this order, and erased with it. */
export const ERASABLE_FIELDS = [
  "order",
  "event_id",
  "created_at",
  "value",
  "currency",
  "shop_value",
  "shop_currency",
  "fbtrace_id",
  "answered_at",
  "bytes_sha256",
] as const;

type Clear = Pick<
  LedgerLine,
  "n" | "sealedAt" | "event" | "source" | "outcome" | "reason" | "until" | "browser" | "lagMs"
>;
type Erasable = Pick<
  LedgerLine,
  | "order"
  | "eventId"
  | "createdAt"
  | "value"
  | "currency"
  | "shopValue"
  | "shopCurrency"
  | "fbtraceId"
  | "answeredAt"
  | "bytesHash"
>;

export function clearTexts(line: Clear, { shop, dataset }: LineOf): Texts<(typeof CLEAR_FIELDS)[number]> {
  return {
    shop,
    n: String(line.n),
    sealed_at: instantText(line.sealedAt),
    dataset,
    event: line.event,
    source: line.source,
    outcome: line.outcome,
    reason: line.reason ?? "",
    waiting_until: instantText(line.until),
    browser: line.browser,
    lag_ms: line.lagMs === null ? "" : String(line.lagMs),
  };
}

export function erasableTexts(line: Erasable): Texts<(typeof ERASABLE_FIELDS)[number]> {
  return {
    order: line.order ?? "",
    event_id: line.eventId ?? "",
    created_at: instantText(line.createdAt),
    value: line.value ?? "",
    currency: line.currency ?? "",
    shop_value: line.shopValue ?? "",
    shop_currency: line.shopCurrency ?? "",
    fbtrace_id: line.fbtraceId ?? "",
    answered_at: instantText(line.answeredAt),
    bytes_sha256: line.bytesHash ?? "",
  };
}

/** What is no instant, because somebody changed it, is told as it is: then the hash differs. */
function instantText(at: number | null): string {
  if (at === null) return "";
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? String(at) : instant.toISOString();
}
