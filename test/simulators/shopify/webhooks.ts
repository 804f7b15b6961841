export { type ShopifyStandIn, startShopify } from "./server";
export type { Webhook, WebhookRecord } from "./webhook-delivery";
