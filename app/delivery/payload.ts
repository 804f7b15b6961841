import type { ActionSource } from "../events/action-source";
import { contentTypeOf } from "../events/content-id";
import type { Facts, Line } from "../events/event";
import type { Value } from "../events/value";
import { idInCatalogue } from "./catalogue-id";

/** One event as Meta takes it: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event */
export interface MetaEvent {
  event_name: string;
  /** Unix seconds, not milliseconds. */
  event_time: number;
  event_id: string;
  action_source: ActionSource;
  event_source_url?: string | undefined;
  referrer_url?: string | undefined;
  user_data: Record<string, string | string[]>;
  custom_data?: CustomData | undefined;
  data_processing_options?: ["LDU"] | undefined;
  data_processing_options_country?: 0 | 1 | undefined;
  data_processing_options_state?: number | undefined;
}

interface Content {
  id: string;
  quantity: number;
  item_price?: number;
}

interface CustomData {
  value?: number;
  currency?: string;
  content_ids?: string[];
  content_type?: "product" | "product_group";
  contents?: Content[];
  content_name?: string;
  content_category?: string;
  num_items?: number;
  order_id?: string;
  search_string?: string;
  customer_segmentation?: "new_customer_to_business" | "existing_customer_to_business";
}

export interface PayloadParts {
  name: string;
  eventId: string;
  /** Epoch milliseconds. */
  time: number;
  actionSource: ActionSource;
  facts: Facts;
  /** In the dataset's own value policy; null: left out. */
  value: Value | null;
  /** How goods are named: a template of events/content-id.ts. */
  contentIds: string;
  /** Whether it is the customer's first order; null: not known. */
  firstOrder: boolean | null;
  /** No names, search words or parameters beyond Meta's plainest. */
  restricted: boolean;
  userData: Record<string, string | string[]>;
  /** The page it happened on; null: left out. */
  pageUrl: string | null;
  referrerUrl: string | null;
  limitedDataUse: { country: 0 | 1; state: number } | null;
}

/** Builds the payload from facts and match keys. Pure: the same parts give the same bytes. */
export function metaEvent(parts: PayloadParts): MetaEvent {
  const { limitedDataUse: limited } = parts;
  const onWebsite = parts.actionSource === "website";
  // JSON leaves out what is undefined; to spread what may be there into the object takes longer.
  return {
    event_name: parts.name,
    event_time: Math.floor(parts.time / 1000),
    event_id: parts.eventId,
    action_source: parts.actionSource,
    event_source_url: (onWebsite && parts.pageUrl) || undefined,
    referrer_url: (onWebsite && parts.referrerUrl) || undefined,
    user_data: parts.userData,
    custom_data: customData(parts),
    data_processing_options: limited === null ? undefined : ["LDU"],
    data_processing_options_country: limited?.country,
    data_processing_options_state: limited?.state,
  };
}

/** Meta's custom_data: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/custom-data */
function customData({ facts, value, contentIds, firstOrder, restricted }: PayloadParts): CustomData | undefined {
  const custom: CustomData = {};
  if (value !== null) {
    custom.value = Number(value.amount);
    custom.currency = value.currency;
  }
  const contents = contentsOf(facts, contentIds, value);
  if (contents.length > 0) {
    custom.content_ids = [...new Set(contents.map(({ id }) => id))];
    custom.content_type = contentTypeOf(contentIds);
    custom.contents = contents;
  }
  if (!restricted) addWords(custom, facts);
  let items = 0;
  for (const { quantity } of facts.lines) items += quantity;
  if (items > 0) custom.num_items = items;
  if (facts.orderId !== null) custom.order_id = facts.orderId;
  if (firstOrder !== null && !restricted) custom.customer_segmentation = SEGMENTS[firstOrder ? "first" : "returning"];
  return Object.keys(custom).length > 0 ? custom : undefined;
}

/** Meta shows these two in its sample of custom_data: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event */
const SEGMENTS = { first: "new_customer_to_business", returning: "existing_customer_to_business" } as const;

/** A line without the id that the dataset's catalogue goes by is left out. Prices are in the customer's money, or absent. */
function contentsOf({ lines, presentment, shop }: Facts, contentIds: string, value: Value | null): Content[] {
  const currency = (presentment ?? shop)?.currency;
  const priced = value === null || currency === undefined || value.currency === currency;
  const contents: Content[] = [];
  for (const line of lines) {
    const id = idInCatalogue(contentIds, line);
    if (id === null) continue;
    const content: Content = { id, quantity: line.quantity };
    if (priced && line.price !== null) content.item_price = Number(line.price);
    contents.push(content);
  }
  return contents;
}

/** The catalogue ids of an event's goods, as its content_ids say them. */
export function contentIdsOf(lines: readonly Line[], contentIds: string): string[] {
  return [...new Set(lines.flatMap((line) => idInCatalogue(contentIds, line) ?? []))];
}

/** Names and categories where the event is about one thing, and what was searched for. */
function addWords(custom: CustomData, { lines, searchString }: Facts): void {
  const [only]: (Line | undefined)[] = lines.length === 1 ? lines : [];
  if (only?.title) custom.content_name = only.title;
  if (only?.type) custom.content_category = only.type;
  if (searchString !== null) custom.search_string = searchString;
}

/** Whether Meta would refuse it for want of money: https://developers.facebook.com/documentation/meta-pixel/reference */
export function lacksMoney(event: MetaEvent): boolean {
  return (
    event.event_name === "Purchase" &&
    (event.custom_data?.value === undefined || event.custom_data.currency === undefined)
  );
}
