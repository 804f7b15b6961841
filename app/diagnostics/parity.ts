import type { Told, TrReport } from "../events/browser-copy";
import { decimal, millionths } from "../events/decimal";
import { MERGED_FOR_MS } from "../events/meta-window";
import type { Outcome } from "../events/outcome";

/**
 * What both copies of an event say, and what Meta makes of the two: one pure function over what is known of each. Its rules
 * are Meta's, as far as they are written down.
 */
export const DEDUPLICATION_RULES =
  "https://developers.facebook.com/documentation/ads-commerce/conversions-api/deduplicate-pixel-and-server-events";

/** Within so much of each other Meta favours the browser's copy, whichever came first (DEDUPLICATION_RULES). */
const FAVOURS_BROWSER_MS = 5 * 60_000;

interface Copy {
  /** Meta's number of the dataset: copies are merged within one. */
  dataset: string;
  name: string;
  eventId: string;
  /** Null: what it told Meta is not known, or not kept any more. */
  told: Told | null;
}

export interface BrowserSide extends Copy {
  tr: TrReport;
  /** When the pixel told of it, which is when it left; epoch milliseconds. */
  at: number;
}

export interface ServerSide extends Copy {
  outcome: Outcome;
  /** When it was last sent, epoch milliseconds; null: it was not. */
  at: number | null;
  /** A page stands behind it and its leg is on, so there may be a browser's copy that nobody told of. */
  mayHaveBrowser: boolean;
  /** An order of the web whose checkout is not told: its page's copy, if there is one, has an id that nobody knows here. */
  tokenless: boolean;
}

/** Which copies there are. `unclear`: the server's is there, and the browser did not say what became of its own. */
export const LEGS_WORDS = {
  both: { label: "Both", says: "Both copies left." },
  browser_only: { label: "Browser only", says: "Only the browser's copy left." },
  server_only: {
    label: "Server only",
    says: "Only the server's copy was taken: the browser's did not leave, or its leg is off.",
  },
  unclear: {
    label: "Server, browser unknown",
    says: "The server's copy was taken. Of the browser's nobody said whether it left.",
  },
  neither: { label: "Neither", says: "No copy reached Meta, as far as is known." },
} as const;

export type Legs = keyof typeof LEGS_WORDS;
export const LEGS_NAMES = Object.keys(LEGS_WORDS) as Legs[];

/** How the events of one name stand, for one dataset. */
export interface EventLegs {
  event: string;
  dataset: string;
  legs: Record<Legs, number>;
}

/** Which copy Meta keeps. /tr answers are opaque: that a browser's copy left does not mean that it arrived. */
export const KEEPS_WORDS = {
  browser_favoured:
    "The browser's: both came within five minutes of each other, and then Meta favours it. Meta never confirms a browser's copy; should it not have arrived, the server's is kept.",
  browser_first:
    "The browser's: it left first, and Meta keeps the first it gets within 48 hours. Meta never confirms a browser's copy; should it not have arrived, the server's is kept.",
  server_first:
    "The server's: Meta took it before the browser's copy left, and keeps the first it gets within 48 hours.",
  each: "Both, as two events.",
  only_server: "The server's: there is no other.",
  only_browser: "The browser's, if it arrived: Meta never confirms those. There is no other.",
  unknown:
    "That cannot be known: the browser did not say whether its copy left. If it did, it is kept when it left first or within five minutes of the server's; else the server's is.",
  none: "None.",
} as const;

export type Keeps = keyof typeof KEEPS_WORDS;

/** Why Meta would count an event twice. */
export const TWICE_WORDS = {
  dataset: "The copies went to different datasets, and Meta merges within one.",
  name: "The copies have different event names, and Meta merges only what has the same.",
  id: "The copies have different event ids, so Meta does not merge them by id. It may by fbp or external_id, where the browser's came first.",
  no_token:
    "It may: the order came without its checkout's token. If its page told Meta of it, that copy has another id, and is not found here.",
  apart: "The copies are more than 48 hours apart, and Meta merges no longer than that.",
} as const;

export type Twice = keyof typeof TWICE_WORDS;

export const FIELD_WORDS = { value: "Value", currency: "Currency", ids: "Goods" } as const;
export type Field = keyof typeof FIELD_WORDS;

/** A field in which the copies are not equal; null: the copy has none. */
export interface Difference {
  field: Field;
  browser: string | null;
  server: string | null;
}

export interface Parity {
  legs: Legs;
  /** Null: what one of the copies told is not known. */
  differs: Difference[] | null;
  keeps: Keeps;
  /** Match keys that the copy that is kept lacks and the other has; null: not known. */
  losesIdentity: string[] | null;
  twice: Twice[];
}

/** Compares what is known of both copies of one event; null: nobody told of such a copy. */
export function parityOf(browser: BrowserSide | null, server: ServerSide | null): Parity {
  const legs = legsOf(browser?.tr ?? null, server?.outcome ?? null, server?.mayHaveBrowser ?? true);
  if (browser === null || server === null || (legs !== "both" && legs !== "unclear")) {
    const twice: Twice[] = legs === "unclear" && server?.tokenless === true ? ["no_token"] : [];
    return { legs, differs: null, keeps: keepsOfOne(legs), losesIdentity: null, twice };
  }
  const twice = twiceOf(browser, server);
  const keeps = legs === "unclear" ? "unknown" : keepsOfTwo(browser, server, twice);
  return {
    legs,
    differs: differencesOf(browser.told, server.told),
    keeps,
    losesIdentity: lossOf(keeps, browser.told, server.told),
    twice,
  };
}

/** `tr`: null where the pixel said nothing; `outcome`: null where the server has no such event. */
export function legsOf(tr: TrReport | null, outcome: Outcome | null, mayHaveBrowser: boolean): Legs {
  const taken = outcome === "accepted";
  if (tr === "resolved") return taken ? "both" : "browser_only";
  if (!taken) return "neither";
  return tr === "unknown" || (tr === null && mayHaveBrowser) ? "unclear" : "server_only";
}

function keepsOfOne(legs: Legs): Keeps {
  if (legs === "browser_only") return "only_browser";
  if (legs === "neither") return "none";
  return legs === "server_only" ? "only_server" : "unknown";
}

function keepsOfTwo(browser: BrowserSide, server: ServerSide, twice: Twice[]): Keeps {
  if (twice.length > 0) return "each";
  if (server.at === null) return "unknown";
  if (Math.abs(browser.at - server.at) <= FAVOURS_BROWSER_MS) return "browser_favoured";
  return browser.at < server.at ? "browser_first" : "server_first";
}

function twiceOf(browser: BrowserSide, server: ServerSide): Twice[] {
  const apart = server.at !== null && Math.abs(browser.at - server.at) > MERGED_FOR_MS;
  const reasons: Record<Twice, boolean> = {
    dataset: browser.dataset !== server.dataset,
    name: browser.name !== server.name,
    id: browser.eventId !== server.eventId,
    no_token: false,
    apart,
  };
  return (Object.keys(reasons) as Twice[]).filter((reason) => reasons[reason]);
}

function differencesOf(browser: Told | null, server: Told | null): Difference[] | null {
  if (browser === null || server === null) return null;
  const differences: Difference[] = [];
  const values = { browser: plain(browser.value), server: plain(server.value) };
  if (values.browser !== values.server) differences.push({ field: "value", ...values });
  if (browser.currency !== server.currency) {
    differences.push({ field: "currency", browser: browser.currency, server: server.currency });
  }
  if (browser.ids !== null && server.ids !== null && listed(browser.ids) !== listed(server.ids)) {
    differences.push({ field: "ids", browser: listed(browser.ids), server: listed(server.ids) });
  }
  return differences;
}

/** 64.50 and 64.5 are the same sum. */
function plain(amount: string | null): string | null {
  return amount === null ? null : decimal(millionths(amount));
}

/** Meta reads no order into them. */
function listed(ids: readonly string[]): string {
  return [...new Set(ids)].sort().join(", ");
}

/** A browser's request has these by itself. */
const CARRIED_BY_ANY_REQUEST: ReadonlySet<string> = new Set(["client_ip_address", "client_user_agent"]);

function lossOf(keeps: Keeps, browser: Told | null, server: Told | null): string[] | null {
  if (!browser?.keys || !server?.keys) return null;
  const lacking = (kept: string[], other: string[]) =>
    other.filter((key) => !kept.includes(key) && !CARRIED_BY_ANY_REQUEST.has(key));
  if (keeps === "browser_favoured" || keeps === "browser_first") return lacking(browser.keys, server.keys);
  return keeps === "server_first" ? lacking(server.keys, browser.keys) : null;
}
