import type {
  Checkout,
  CheckoutLineItem,
  Context,
  MailingAddress,
  MoneyV2,
  PixelEvents,
  ProductVariant,
} from "@shopify/web-pixels-extension";

/** Shopify's pixel events of one synthetic shopper, in the shapes and with the habits of the real ones. */

export const TOKEN = "0123456789abcdef0123456789abcdef";
export const CLIENT_ID = "2d2a7e5a-5f3c-4a0e-9d5e-8a9d0f7a4c11";
export const TIMESTAMP = "2026-11-20T10:00:00.000Z";
export const PAGE = "https://www.example.com/products/tee";

let count = 0;

/** Another id at each call, as Shopify gives every firing its own. */
export function eventId(): string {
  count += 1;
  return `sh-0000AbCd-${String(count).padStart(4, "0")}`;
}

export function context(href: string, referrer = "https://www.example.com/"): Context {
  const url = new URL(href);
  const location = {
    hash: url.hash,
    host: url.host,
    hostname: url.hostname,
    href,
    origin: url.origin,
    pathname: url.pathname,
    port: url.port,
    protocol: url.protocol,
    // Seen in the field: empty although the address has a query.
    search: "",
  };
  return {
    document: { characterSet: "UTF-8", location, referrer, title: "Example" },
    navigator: { cookieEnabled: true, language: "en", languages: ["en"], userAgent: "Mozilla/5.0" },
    window: {
      innerHeight: 1,
      innerWidth: 1,
      location,
      origin: url.origin,
      outerHeight: 1,
      outerWidth: 1,
      pageXOffset: 0,
      pageYOffset: 0,
      screen: { height: 1, width: 1 },
      screenX: 0,
      screenY: 0,
      scrollX: 0,
      scrollY: 0,
    },
  };
}

export function money(amount: number, currencyCode = "EUR"): MoneyV2 {
  return { amount, currencyCode };
}

export function variant(overrides: Partial<ProductVariant> = {}): ProductVariant {
  return {
    id: "48001",
    image: { src: "//cdn.example/tee.jpg" },
    price: money(29.95),
    product: {
      id: "9001",
      title: "Tee",
      type: "",
      untranslatedTitle: "Tee",
      url: "/products/tee",
      vendor: "Example Goods",
    },
    sku: "TEE-M",
    title: "M",
    untranslatedTitle: "M",
    ...overrides,
  };
}

export function lineItem(overrides: Partial<CheckoutLineItem> = {}): CheckoutLineItem {
  return {
    discountAllocations: [],
    // After a discount on the line: not the price of a unit that orders have.
    finalLinePrice: money(50),
    id: "48001",
    properties: [],
    quantity: 2,
    sellingPlanAllocation: null,
    title: "Tee",
    variant: variant(),
    ...overrides,
  };
}

export function address(overrides: Partial<MailingAddress> = {}): MailingAddress {
  return {
    address1: "1 Example Street",
    address2: null,
    city: "San Francisco",
    country: "US",
    countryCode: "US",
    firstName: "Marianne",
    lastName: "O’Example",
    phone: "+14155550123",
    province: "CA",
    provinceCode: "CA",
    zip: "94103-1234",
    ...overrides,
  };
}

/** An address of which only the country is known, as before the buyer has typed it. */
export const COUNTRY_ONLY = address({
  address1: null,
  city: null,
  firstName: null,
  lastName: null,
  phone: null,
  province: null,
  provinceCode: null,
  zip: null,
});

export function checkout(overrides: Partial<Checkout> = {}): Checkout {
  return {
    attributes: [],
    billingAddress: address(),
    buyerAcceptsEmailMarketing: false,
    buyerAcceptsSmsMarketing: false,
    currencyCode: "EUR",
    delivery: null,
    discountApplications: [],
    discountsAmount: money(9.9),
    email: "Marianne.OExample@Mail.Example",
    lineItems: [lineItem(), lineItem({ variant: variant({ id: "48002", price: money(10) }), quantity: 1 })],
    localization: {
      country: { isoCode: "US" },
      language: { isoCode: "en" },
      market: { handle: "us", id: "gid://shopify/Market/1" },
    },
    order: { customer: { id: null, isFirstOrder: null }, id: null },
    phone: "",
    shippingAddress: COUNTRY_ONLY,
    shippingLine: { price: money(4.5) },
    smsMarketingPhone: null,
    subtotalPrice: money(60),
    token: TOKEN,
    totalPrice: money(64.5),
    totalTax: money(10.3),
    transactions: [],
    ...overrides,
  };
}

/** The same once it is paid. */
export function paidCheckout(overrides: Partial<Checkout> = {}): Checkout {
  return checkout({ order: { customer: { id: "7001", isFirstOrder: true }, id: "5501" }, ...overrides });
}

interface About {
  id?: string;
  href?: string;
  referrer?: string;
}

function envelope({ id = eventId(), href = PAGE, referrer }: About) {
  return { id, clientId: CLIENT_ID, timestamp: TIMESTAMP, seq: 1, context: context(href, referrer) };
}

/** `name` and `data` of one of Shopify's events in its envelope. */
export function pixelEvent<
  Name extends "page_viewed" | "product_viewed" | "search_submitted" | "product_added_to_cart",
>(name: Name, data: PixelEvents[Name]["data"], about: About = {}) {
  return { ...envelope(about), type: "standard", name, data };
}

export const pageViewed = (about?: About) => pixelEvent("page_viewed", {}, about);
export const productViewed = (about?: About, productVariant = variant()) =>
  pixelEvent("product_viewed", { productVariant }, about);
export const searchSubmitted = (about?: About, productVariants = [variant()]) =>
  pixelEvent("search_submitted", { searchResult: { query: "black tee", productVariants } }, about);
export const addedToCart = (about?: About) =>
  pixelEvent(
    "product_added_to_cart",
    { cartLine: { cost: { totalAmount: money(59.9) }, merchandise: variant(), quantity: 2 } },
    about,
  );

const CHECKOUT_PAGE = "https://www.example.com/checkouts/cn/Z2NwLXNlY3JldA/thank-you?key=s3cret";

export type CheckoutEventName =
  | "checkout_started"
  | "checkout_contact_info_submitted"
  | "checkout_address_info_submitted"
  | "checkout_shipping_info_submitted"
  | "payment_info_submitted"
  | "checkout_completed";

export function checkoutEvent(name: CheckoutEventName, its: Checkout = checkout(), about: About = {}) {
  return { ...envelope({ href: CHECKOUT_PAGE, ...about }), type: "standard", name, data: { checkout: its } };
}

export const checkoutStarted = (its?: Checkout, about?: About) => checkoutEvent("checkout_started", its, about);
export const paymentSubmitted = (its?: Checkout, about?: About) => checkoutEvent("payment_info_submitted", its, about);
export const checkoutCompleted = (its = paidCheckout(), about?: About) =>
  checkoutEvent("checkout_completed", its, about);
export const contactSubmitted = (its?: Checkout, about?: About) =>
  checkoutEvent("checkout_contact_info_submitted", its, about);
