import type { ActionSource, Facts } from "../events/event";

/** One event as Meta takes it: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event */
export interface MetaEvent {
  event_name: string;
  /** Unix seconds, not milliseconds. */
  event_time: number;
  event_id: string;
  action_source: ActionSource;
  event_source_url?: string;
  referrer_url?: string;
  user_data: Record<string, string | string[]>;
  custom_data?: CustomData;
  data_processing_options?: ["LDU"];
  data_processing_options_country?: 0 | 1;
  data_processing_options_state?: number;
}

interface CustomData {
  value?: number;
  currency?: string;
  content_ids?: string[];
  content_type?: "product";
  contents?: { id: string; quantity: number; item_price?: number }[];
  num_items?: number;
  order_id?: string;
  search_string?: string;
}

export interface PayloadParts {
  name: string;
  eventId: string;
  /** Epoch milliseconds. */
  time: number;
  actionSource: ActionSource;
  facts: Facts;
  userData: Record<string, string | string[]>;
  /** The page it happened on; null: left out. */
  pageUrl: string | null;
  referrerUrl: string | null;
  limitedDataUse: { country: 0 | 1; state: number } | null;
}

/** Builds the payload from facts and match keys. Pure: the same parts give the same bytes. */
export function metaEvent(parts: PayloadParts): MetaEvent {
  const custom = customData(parts.facts);
  return {
    event_name: parts.name,
    event_time: Math.floor(parts.time / 1000),
    event_id: parts.eventId,
    action_source: parts.actionSource,
    ...(parts.actionSource === "website" && parts.pageUrl !== null ? { event_source_url: parts.pageUrl } : {}),
    ...(parts.actionSource === "website" && parts.referrerUrl !== null ? { referrer_url: parts.referrerUrl } : {}),
    user_data: parts.userData,
    ...(Object.keys(custom).length > 0 ? { custom_data: custom } : {}),
    ...(parts.limitedDataUse === null
      ? {}
      : {
          data_processing_options: ["LDU"],
          data_processing_options_country: parts.limitedDataUse.country,
          data_processing_options_state: parts.limitedDataUse.state,
        }),
  };
}

/** Meta's custom_data: value and currency as one pair, catalogue ids as variant ids. */
function customData(facts: Facts): CustomData {
  // The buyer's currency, so that both legs name the same sum; an order without it has the shop's pair.
  const amounts = facts.presentment ?? facts.shop;
  const contents = facts.lines.flatMap(({ variant, quantity, price }) =>
    variant === null ? [] : [{ id: variant, quantity, ...(price === null ? {} : { item_price: Number(price) }) }],
  );
  const items = facts.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    ...(amounts === null ? {} : { value: Number(amounts.total), currency: amounts.currency }),
    ...(contents.length === 0
      ? {}
      : { content_ids: [...new Set(contents.map(({ id }) => id))], content_type: "product" as const, contents }),
    ...(items === 0 ? {} : { num_items: items }),
    ...(facts.orderId === null ? {} : { order_id: facts.orderId }),
    ...(facts.searchString === null ? {} : { search_string: facts.searchString }),
  };
}

/** Whether Meta would refuse it for want of money: https://developers.facebook.com/documentation/meta-pixel/reference */
export function lacksMoney(event: MetaEvent): boolean {
  return (
    event.event_name === "Purchase" &&
    (event.custom_data?.value === undefined || event.custom_data.currency === undefined)
  );
}
