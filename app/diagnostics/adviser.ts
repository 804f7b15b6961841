import { isEventName } from "../events/names";
import { MATCH_KEYS, type Tier } from "../match-keys/keys";
import { type EventCoverage, type KeyName, percentOf } from "./match-quality";

/** What can be done about a key that events lack. */
export type AdviceKind =
  /** It is known here, and a setting keeps it from being sent. */
  | "setting"
  /** It could be known. */
  | "possible"
  /** Nobody knows it when this event happens. */
  | "impossible";

/** At which step of the way an event happens. */
export type Step = "page" | "checkout" | "order" | "account";

const STEPS: Record<string, Step> = {
  PageView: "page",
  ViewContent: "page",
  Search: "page",
  AddToCart: "page",
  InitiateCheckout: "checkout",
  AddPaymentInfo: "checkout",
  CompleteRegistration: "account",
};

/** A custom event is told of with an order. */
export function stepOf(event: string): Step {
  return (isEventName(event) ? STEPS[event] : undefined) ?? "order";
}

interface Way {
  kind: Exclude<AdviceKind, "setting">;
  /** What to do, or why nothing can be done, in words. */
  how: string;
  /** Where in the admin: of Tandem (a path), or of Shopify (`shopify://admin/…`). */
  url?: string;
  /** What the link is called. */
  action?: string;
}

const never = (how: string): Way => ({ kind: "impossible", how });
const checkoutSettings = {
  url: "shopify://admin/settings/checkout",
  action: "Shopify's checkout settings",
};
const appEmbed = { url: "/app/settings", action: "Cart signals in Settings" };

const LOGGED_IN: Way = {
  kind: "possible",
  how: "A page knows it only of shoppers who are logged in. Customer accounts that are offered before the checkout raise it.",
  url: "shopify://admin/settings/customer_accounts",
  action: "Shopify's customer accounts",
};
const NOT_SOLD_HERE = never("Shopify does not ask for it, so nobody knows it.");
const OF_THE_ADDRESS: Way = {
  kind: "possible",
  how: "It comes with the address. Digital goods and pick-up ask for none; elsewhere the checkout knows it once the address is filled in.",
};
const ADDRESS_UNKNOWN = never("A page does not know the shopper's address before the checkout.");
const NO_BROWSER = never("Tills, drafts and renewals happen without a browser; on the web it comes by itself.");

/** What can be done about a key, by step. Where a step has no entry, that of `else` holds. */
const WAYS: Record<KeyName, Partial<Record<Step, Way>> & { else: Way }> = {
  em: {
    page: LOGGED_IN,
    else: {
      kind: "possible",
      how: "Ask for the e-mail address rather than 'phone or e-mail' in the checkout, and at the till for the receipt.",
      ...checkoutSettings,
    },
  },
  ph: {
    page: LOGGED_IN,
    else: {
      kind: "possible",
      how: "Have the checkout ask for a phone number with the shipping address: optional or required.",
      ...checkoutSettings,
    },
  },
  fn: {
    page: LOGGED_IN,
    else: { kind: "possible", how: "Have the checkout require the first name.", ...checkoutSettings },
  },
  ln: { page: LOGGED_IN, else: OF_THE_ADDRESS },
  ge: { else: NOT_SOLD_HERE },
  db: { else: NOT_SOLD_HERE },
  ct: { page: ADDRESS_UNKNOWN, else: OF_THE_ADDRESS },
  st: { page: ADDRESS_UNKNOWN, else: OF_THE_ADDRESS },
  zp: { page: ADDRESS_UNKNOWN, else: OF_THE_ADDRESS },
  country: { page: ADDRESS_UNKNOWN, else: OF_THE_ADDRESS },
  external_id: {
    page: {
      kind: "possible",
      how: "It comes with Shopify's visitor id, which a page has only of shoppers who agreed to marketing.",
      url: "/app/consent",
      action: "Consent",
    },
    else: {
      kind: "possible",
      how: "Guests have none but the visitor's; cart signals bring that to orders whose pixel was blocked.",
      ...appEmbed,
    },
  },
  client_ip_address: { else: NO_BROWSER },
  client_user_agent: { else: NO_BROWSER },
  fbc: {
    order: {
      kind: "possible",
      how: "Only shoppers who came by an ad of Meta's have one. Cart signals bring it to orders whose pixel was blocked.",
      ...appEmbed,
    },
    else: {
      kind: "possible",
      how: "Only shoppers who came by an ad of Meta's have one. Links of ads must lead to the shop without losing fbclid on the way.",
    },
  },
  fbp: {
    order: {
      kind: "possible",
      how: "The pixel brings it where it may run. Cart signals bring it to orders whose pixel was blocked.",
      ...appEmbed,
    },
    else: {
      kind: "possible",
      how: "The pixel writes it for shoppers who agreed to marketing, in browsers that keep cookies.",
      url: "/app/consent",
      action: "Consent",
    },
  },
};

/** What Meta expects of a key, word for word; only Meta says so, and not for each. */
export interface Potential {
  /** Percent, as Meta gives it. */
  percentage: number | null;
  description: string | null;
}

export interface Advice {
  event: string;
  key: KeyName;
  label: string;
  kind: AdviceKind;
  tier: Tier;
  how: string;
  url: string | null;
  action: string | null;
  /** Share of the events that carry it, percent. */
  coverage: number;
  /** Share that it would reach, percent; of what is not known here, it is the most there is. */
  reach: number;
  /** How many events of the week lack it. */
  missing: number;
  potential: Potential | null;
}

/** Smaller gaps are nobody's concern. */
const WORTH_SAYING = 2;

const RECOGNISE =
  "Earlier checkouts in the same browsers told it. Switch on 'Recognise returning shoppers', and events before the checkout carry it.";

/** What a page learns of a shopper by recognising them; it comes by itself. */
const BY_RECOGNISING: Way = {
  kind: "possible",
  how: "Returning shoppers are recognised: it is known of those who have been through a checkout in the same browser.",
};
const LEARNT: ReadonlySet<KeyName> = new Set(["ct", "st", "zp", "country"]);

/** What the events lack on the server's leg, and what can be done; what helps most comes first. */
export function adviceFor(
  { event, server }: Pick<EventCoverage, "event" | "server">,
  { dataset, recognising }: { dataset: string; recognising: boolean },
  potentials: ReadonlyMap<KeyName, Potential>,
): Advice[] {
  const { events, keys } = server;
  const lines = MATCH_KEYS.flatMap(({ key, label, tier }): Advice[] => {
    const share = keys.find((one) => one.key === key);
    const coverage = share && percentOf(share.sent, events);
    if (share === undefined || coverage === null || coverage === undefined || 100 - coverage < WORTH_SAYING) return [];
    const known = percentOf(share.known, events) ?? 0;
    const common = {
      event,
      key,
      label,
      tier,
      coverage,
      missing: events - share.sent,
      potential: potentials.get(key) ?? null,
    };
    if (known >= WORTH_SAYING && !recognising) {
      const reach = percentOf(share.sent + share.known, events) ?? 100;
      const url = `/app/datasets/${dataset}`;
      return [{ ...common, kind: "setting", how: RECOGNISE, url, action: "Recognise returning shoppers", reach }];
    }
    const step = stepOf(event);
    const learnt = recognising && step === "page" && LEARNT.has(key);
    const { kind, how, url = null, action = null } = learnt ? BY_RECOGNISING : (WAYS[key][step] ?? WAYS[key].else);
    return [{ ...common, kind, how, url, action, reach: kind === "impossible" ? coverage : 100 }];
  });
  return lines.sort(moreValuable);
}

const KINDS: readonly AdviceKind[] = ["setting", "possible", "impossible"];
const TIERS: readonly Tier[] = ["high", "medium", "low", null];

/** What can be done at once before what takes work; then by Meta's priority; then by how many events it reaches. */
function moreValuable(one: Advice, other: Advice): number {
  return (
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier) ||
    (other.potential?.percentage ?? 0) - (one.potential?.percentage ?? 0) ||
    other.missing * (other.reach - other.coverage) - one.missing * (one.reach - one.coverage)
  );
}

/** Keys that Meta gives a priority to, and that something can be done about: one line for each thing to do. */
export function mostValuable(advice: readonly Advice[], count: number): Advice[] {
  const doable = advice.filter(({ kind, tier }) => kind !== "impossible" && tier !== null).sort(moreValuable);
  const each = new Map<string, Advice>();
  for (const one of doable) if (!each.has(one.how)) each.set(one.how, one);
  return [...each.values()].slice(0, count);
}
