import type { BrowserContext, ConsentSignal, TandemEvent } from "../events/event";
import type { ProductFiling } from "../events/rules";
import type { MatchKeys } from "../match-keys/user-data";

/** An order to look at settings with: the shop's last one, or one that was made up. */
export interface ShownOrder {
  /** The Purchase that it is before anybody's settings. */
  event: TandemEvent;
  /** What its products are filed under, by product id. */
  products: ReadonlyMap<string, ProductFiling>;
  paid: boolean;
  /** Null: who bought it is not kept any more. */
  keys: MatchKeys | null;
  browser: BrowserContext;
  /** What the shopper last said, or null where they said nothing; undefined: that is not kept. */
  signal: ConsentSignal | null | undefined;
}

/** Parts of a shop's settings as a form has them, unchecked. What is left out stands as it was saved. */
export interface Draft {
  toggles?: unknown;
  matrix?: unknown;
  registrations?: unknown;
  /** By Meta's number of the dataset: parts of its policy. */
  datasets?: Record<string, object>;
  rules?: unknown;
}

/** What an order would come to under a draft, for datasets that want the same of it. */
export interface PreviewResult {
  /** Meta's numbers; empty: none is connected yet. */
  datasets: string[];
  /** JSON texts, exactly as they would travel. */
  events: string[];
  notSent: { event: string; says: string }[];
}

/** What the preview shows. */
export interface PreviewAnswer {
  /** Null: the order was made up. Epoch milliseconds. */
  order: { id: string; at: number } | null;
  /** What is not as it was, in sentences. */
  notes: string[];
  results: PreviewResult[];
  /** Why the draft cannot be shown; null: it can. */
  fault: string | null;
  timezone: string | null;
}
