import type { ActionSource } from "./action-source";

/** What a merchant may have Meta told of orders of one kind. */
export const TREATMENTS = {
  website: { label: "Purchase on the website", actionSource: "website" },
  physical_store: { label: "Purchase in a physical store", actionSource: "physical_store" },
  system_generated: { label: "Purchase made by the system", actionSource: "system_generated" },
  custom: { label: "Custom event", actionSource: null },
  skip: { label: "Not sent", actionSource: null },
} as const satisfies Record<string, { label: string; actionSource: ActionSource | null }>;

export type Treatment = keyof typeof TREATMENTS;

interface SourceRow {
  label: string;
  /** One sentence of help in the matrix. */
  help: string;
  /** What happens before a merchant touches anything. */
  default: Treatment;
  /** The event's name where the treatment is `custom`. */
  custom: string;
}

/** Where an order came from, one row each; exactly one applies to an order. Names of orders: app/sources/order-source.ts */
export const ORDER_SOURCES = {
  web: {
    label: "Online store",
    help: "Went through the checkout of the online store.",
    default: "website",
    custom: "WebPurchase",
  },
  pos: {
    label: "Point of sale",
    help: "Rung up at a till. Meta takes these for 62 days.",
    default: "physical_store",
    custom: "StorePurchase",
  },
  draft: {
    label: "Draft order",
    help: "Written by staff, paid by invoice or by phone.",
    default: "system_generated",
    custom: "DraftPurchase",
  },
  renewal: {
    label: "Subscription renewal",
    help: "A subscription was charged again; nobody was on the website. A first subscription order is an ordinary one.",
    default: "system_generated",
    custom: "Renewal",
  },
  channel: {
    label: "Headless and other sales channels",
    help: "Went through Shopify's checkout, but did not begin in the online store.",
    default: "website",
    custom: "ChannelPurchase",
  },
  exchange: {
    label: "Exchange",
    help: "Made by a return app in exchange for goods that came back.",
    default: "skip",
    custom: "Exchange",
  },
  import: {
    label: "Import",
    help: "Brought in from elsewhere, dated before it was written.",
    default: "skip",
    custom: "ImportedPurchase",
  },
  unknown: {
    label: "Unknown",
    help: "Made by an app that Tandem does not know, without a checkout.",
    default: "skip",
    custom: "OtherPurchase",
  },
} as const satisfies Record<string, SourceRow>;

export type OrderSource = keyof typeof ORDER_SOURCES;
export const ORDER_SOURCE_NAMES = Object.keys(ORDER_SOURCES) as OrderSource[];

interface TraitRow {
  label: string;
  help: string;
  custom: string;
}

/** What an order of any source may be besides; a treatment that is set here goes before that of its source. */
export const ORDER_TRAITS = {
  zero_value: {
    label: "Zero value",
    help: "Nothing was paid: a gift, a sample, a full discount.",
    custom: "FreeOrder",
  },
  b2b: { label: "B2B", help: "Bought by a company.", custom: "WholesalePurchase" },
} as const satisfies Record<string, TraitRow>;

export type OrderTrait = keyof typeof ORDER_TRAITS;
export const ORDER_TRAIT_NAMES = Object.keys(ORDER_TRAITS) as OrderTrait[];
