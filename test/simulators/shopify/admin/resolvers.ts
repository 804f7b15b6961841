import { GraphQLError } from "graphql";
import type { BookedOrder, Books } from "./books";
import { customerFields, orderFields, page } from "./order-fields";
import { factsOf, type Market, type ShopFacts, type Subscription, shopNumber } from "./shop-facts";
import type { DeletedPayload, WebPixel, WebPixelPayload, WebPixels } from "./web-pixels";

interface Settings {
  webPixel: { settings: unknown };
}

/** Answers for one shop's fields of the schema's two roots. */
export function resolversOf(shop: string, pixels: WebPixels, told: Partial<ShopFacts>, books: Books) {
  return {
    shop: () => shopFields(shop, told),
    currentAppInstallation: () => ({ id: `gid://shopify/AppInstallation/${shopNumber(shop) + 1}` }),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => nodeOf(id, books)),
    order: ({ id }: { id: string }) => nodeOf(id, books),
    orders: (asked: OrdersAsked) => ordersOf(asked, shop, books),
    markets: () => ({ nodes: factsOf(shop, told).markets.map(marketFields) }),
    market: ({ id }: { id: string }) =>
      factsOf(shop, told)
        .markets.map(marketFields)
        .find((market) => market.id === id) ?? null,
    webhookSubscriptions: () => ({ nodes: factsOf(shop, told).subscriptions.map(subscriptionFields) }),
    webPixel: ({ id }: { id?: string | null }) => {
      const found = pixels.of(shop);
      if (found !== null && (id == null || id === found.id)) return pixelFields(found);
      throw new GraphQLError("No web pixel was found for this app.");
    },
    webPixelCreate: ({ webPixel }: Settings) => payloadFields(pixels.create(shop, webPixel.settings)),
    webPixelUpdate: ({ id, webPixel }: Settings & { id: string }) =>
      payloadFields(pixels.update(shop, id, webPixel.settings)),
    webPixelDelete: ({ id }: { id: string }): DeletedPayload => pixels.delete(shop, id),
  };
}

/** The same roots in a bad hour: every mutation is refused. */
export function refusingResolvers() {
  const userErrors = [{ code: "UNEXPECTED_ERROR", field: null, message: "An unexpected error occurred." }];
  const refuse = () => ({ webPixel: null, deletedWebPixelId: null, userErrors });
  return { webPixelCreate: refuse, webPixelUpdate: refuse, webPixelDelete: refuse };
}

function shopFields(shop: string, told: Partial<ShopFacts>): object {
  const { name, url, countryCode, currencyCode, currencies, taxesIncluded, timezone } = factsOf(shop, told);
  return {
    id: `gid://shopify/Shop/${shopNumber(shop)}`,
    name,
    myshopifyDomain: shop,
    primaryDomain: { host: new URL(url).host, url },
    shopAddress: { countryCodeV2: countryCode },
    currencyCode,
    enabledPresentmentCurrencies: currencies,
    taxesIncluded,
    ianaTimezone: timezone,
  };
}

function marketFields({ handle, name, countries }: Market, index: number) {
  const nodes = countries.map((code) => ({ id: `gid://shopify/MarketRegionCountry/${code}`, code }));
  const conditions = { regionsCondition: { regions: () => ({ nodes }) } };
  return { id: `gid://shopify/Market/${index + 1}`, handle, name, conditions };
}

function subscriptionFields({ topic, uri }: Subscription, index: number) {
  return { id: `gid://shopify/WebhookSubscription/${index + 1}`, topic, uri };
}

/** Null for what the shop never had. */
function nodeOf(gid: string, books: Books): object | null {
  const [, kind, id = ""] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(gid) ?? [];
  if (kind === undefined) throw new GraphQLError(`Invalid global id '${gid}'`);
  if (kind === "Order") return orderNode(id, books);
  return kind === "Product" ? productFields(id, books) : null;
}

interface OrdersAsked {
  first?: number;
  after?: string | null;
  query?: string | null;
}

/** By when they were created, oldest first; of the query language only what bounds that. */
function ordersOf({ first, after, query }: OrdersAsked, shop: string, books: Books): object {
  const bound = (sign: string) => {
    const [, instant] = new RegExp(`created_at:${sign}'?([^'\\s]+)`).exec(query ?? "") ?? [];
    return instant === undefined ? null : Date.parse(instant);
  };
  const [since, until] = [bound(">=") ?? 0, bound("<(?!=)") ?? Number.POSITIVE_INFINITY];
  const within = [...books.orders]
    .map(([id, order]) => ({ id, order, at: Date.parse(String(order.body?.created_at ?? order.body?.processed_at)) }))
    .filter(({ order, at }) => (order.shop ?? shop) === shop && at >= since && at < until)
    .sort((one, other) => one.at - other.at || Number(one.id) - Number(other.id));
  const { nodes, pageInfo } = page(within)({
    ...(first === undefined ? {} : { first }),
    ...(after == null ? {} : { after }),
  });
  return { pageInfo, nodes: (nodes as typeof within).map(({ id }) => orderNode(id, books)) };
}

function orderNode(id: string, books: Books): object | null {
  const order = books.orders.get(id);
  if (order === undefined) return null;
  return {
    ...(orderFields(order.body, books.concealed) ?? fieldsWithoutBody(id, order)),
    __typename: "Order",
    id: `gid://shopify/Order/${id}`,
    customer: () =>
      order.customer === null
        ? null
        : {
            ...customerFields(order.body, books.concealed),
            id: `gid://shopify/Customer/${order.customer}`,
            numberOfOrders: () => String(books.ordersOf(order.customer ?? "").length),
          },
    customerJourneySummary: () => ({ ready: order.attributed, customerOrderIndex: books.placeOf(id) }),
  };
}

function fieldsWithoutBody(id: string, { plans }: BookedOrder): object {
  const lines = plans.map((name, index) => ({
    id: `gid://shopify/LineItem/${id}${index}`,
    sellingPlan: name === null ? null : { name, sellingPlanId: null },
  }));
  return { lineItems: page(lines) };
}

function productFields(id: string, books: Books): object | null {
  const product = books.products.get(id);
  if (product === undefined) return null;
  return {
    __typename: "Product",
    id: `gid://shopify/Product/${id}`,
    productType: product.type,
    vendor: product.vendor,
    tags: product.tags,
    collections: page(
      product.collections.map((collection, index) => ({ id: `gid://shopify/Collection/${index + 1}`, ...collection })),
    ),
  };
}

function payloadFields({ webPixel, userErrors }: WebPixelPayload): object {
  return { webPixel: webPixel === null ? null : pixelFields(webPixel), userErrors };
}

/** Shopify answers the settings as a JSON text, whichever form they came in. */
function pixelFields({ id, settings }: WebPixel): object {
  return { id, settings: JSON.stringify(settings) };
}
