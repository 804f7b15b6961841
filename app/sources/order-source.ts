import type { OrderSource, OrderTrait } from "../events/order-sources";

/** What an order says of where it comes from, in Shopify's words. */
export interface OrderOrigin {
  /** `source_name`, lower case; '' where it says none. */
  name: string;
  /** Digits of the app that made it. */
  app: string | null;
  hasCheckout: boolean;
  /** Lower case. */
  tags: readonly string[];
  /** It is dated well before it was written. */
  backdated: boolean;
}

interface Row {
  source: OrderSource;
  applies: (origin: OrderOrigin, renewalApps: readonly string[]) => boolean;
}

/** Shopify's own app for draft orders; it says so where the name is missing. */
const DRAFTS_APP = "1354745";

const TILLS = ["pos", "iphone", "android"];

/**
 * The first row that applies. A checkout token outweighs a name nobody knows, because a shopper stood behind it.
 * Names: https://shopify.dev/docs/api/admin-rest/latest/resources/order
 */
const ROWS: readonly Row[] = [
  { source: "pos", applies: ({ name }) => TILLS.includes(name) },
  {
    source: "draft",
    applies: ({ name, app }) => name === "shopify_draft_order" || (name === "" && app === DRAFTS_APP),
  },
  { source: "web", applies: ({ name, hasCheckout }) => name === "web" || (hasCheckout && name === "") },
  { source: "channel", applies: ({ hasCheckout }) => hasCheckout },
  {
    source: "renewal",
    applies: ({ name, app }, renewalApps) =>
      name.startsWith("subscription_contract") ||
      renewalApps.includes(name) ||
      (app !== null && renewalApps.includes(app)),
  },
  { source: "exchange", applies: ({ name, tags }) => name.includes("exchange") || tags.includes("exchange") },
  { source: "import", applies: ({ name, backdated }) => /import|matrixify/.test(name) || backdated },
  { source: "unknown", applies: () => true },
];

/** Where an order came from. `renewalApps`: apps (ids or names) whose orders are renewals, lower case. */
export function orderSourceOf(origin: OrderOrigin, renewalApps: readonly string[]): OrderSource {
  return ROWS.find(({ applies }) => applies(origin, renewalApps))?.source ?? "unknown";
}

/** What it is besides. `total`: an exact decimal. */
export function orderTraitsOf({ total, company }: { total: string; company: boolean }): OrderTrait[] {
  return [...(/[1-9]/.test(total) ? [] : ["zero_value" as const]), ...(company ? ["b2b" as const] : [])];
}
