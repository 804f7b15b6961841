import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openActivity } from "./browserless/activity";
import { contextOf } from "./browserless/context";
import { cookieJar } from "./browserless/jar";
import { workerFetch } from "./browserless/network";
import { openRealm } from "./browserless/realm";
import { memoryStorage } from "./browserless/storage";
import type { PlacedOrder } from "./commerce/order";
import type { StandardEvent } from "./events/envelope";
import type { Happening } from "./events/standard";
import { openPixelPage, type PageState, type PixelPage } from "./pixel/page";
import { type Choices, choiceCookies, countryCookie, isAsked } from "./pixel/privacy";
import type { StepAnswer } from "./server/api";
import { script } from "./server/scripts";
import { type CountryCode, countryOf, type ShippingHandle } from "./tables/countries";
import type { Gateway } from "./tables/gateways";
import { articleOf, ONLY_VARIANT, productByHandle } from "./tables/goods";
import type { Person } from "./tables/people";

/**
 * `given` and `refused` answer the banner where there is one; elsewhere, and for `sale_opt_out`, it was said on an earlier
 * visit. `silent`: the banner is ignored.
 */
export type Consent = "given" | "refused" | "sale_opt_out" | "silent";

export interface ShopperOptions {
  /** Of the storefront. */
  origin: string;
  /** Path of the built pixel. */
  bundle: string;
  now: () => number;
  fetch?: typeof fetch;
  person: Person;
  country: CountryCode;
  consent: Consent;
  /** An ad blocker keeps the pixel from Meta. */
  blocked: boolean;
  ip: string;
  userAgent: string;
  /** Known from an earlier visit: Shopify's id of the visitor. */
  visitorId?: string;
}

/** Somebody who shops without a browser: same pages, same events, same pixel. Waits on each page until its pixel is quiet. */
export interface Shopper {
  /** `path`: with its query; `referrer`: the site that links to it. */
  visit(path: string, from?: { referrer: string }): Promise<void>;
  viewProduct(handle: string): Promise<void>;
  search(words: string): Promise<void>;
  /** `variant`: its title, or '' for the first. */
  addToCart(handle: string, variant?: string, quantity?: number): Promise<void>;
  enterCheckout(): Promise<void>;
  submitContact(): Promise<void>;
  applyDiscount(code: string): Promise<void>;
  submitAddress(shipping?: ShippingHandle): Promise<void>;
  /** Ends on the thank-you page. */
  pay(how?: { gateway?: Gateway }): Promise<PlacedOrder>;
  /** Answers the banner again, or turns the switch. */
  choose(choices: Partial<Choices>): void;
  /** Resolves when nothing goes on in the pixel of this page; false: something still did after 5 seconds. */
  idle(): Promise<boolean>;
  /** Shuts the browser. */
  close(): Promise<void>;
  /** `document.cookie` of the storefront. */
  cookies(): string;
  /** Whether the pixel runs on this page. */
  pixelLoaded(): boolean;
  /** Every event published, on all pages. */
  events: readonly StandardEvent[];
  /** Errors thrown inside the bundle, and nowhere caught. */
  faults: readonly string[];
}

interface OpenPage {
  state: PageState;
  url: string;
  pixel: PixelPage;
  activity: ReturnType<typeof openActivity>;
  leave: AbortController;
}

const PATIENCE_MS = 5_000;
const MOST_REDIRECTS = 5;

export function openShopper(options: ShopperOptions): Shopper {
  const { origin, bundle, now, person, country, consent, blocked, ip, userAgent, visitorId } = options;
  const send = options.fetch ?? globalThis.fetch;
  const { locale } = countryOf(country);
  const jar = cookieJar(new URL(origin).hostname, now);
  const localStorage = memoryStorage();
  const sessionStorage = memoryStorage();
  const headers = { "user-agent": userAgent, "x-stand-in-ip": ip, "accept-language": locale };
  const events: StandardEvent[] = [];
  const faults: string[] = [];
  let page: OpenPage | null = null;

  jar.write(countryCookie(country));
  if (visitorId !== undefined) jar.take(`_shopify_y=${visitorId}; Path=/`);
  const earlier = choicesBefore(consent, country);
  if (earlier !== null) for (const cookie of choiceCookies(earlier)) jar.write(cookie);

  async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const posted = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await send(`${origin}/storefront-api/${path}`, {
      headers: { ...headers, cookie: jar.header(), "content-type": "application/json" },
      ...posted,
    });
    for (const line of response.headers.getSetCookie()) jar.take(line);
    const answer = (await response.json()) as Answer & { error?: string };
    if (answer.error !== undefined) throw new Error(`${path}: ${response.status} ${answer.error}`);
    return answer;
  }

  async function visit(path: string, from?: { referrer: string }, redirects = 0): Promise<void> {
    await leave();
    const referrer = from?.referrer ?? page?.url ?? "";
    const query = new URLSearchParams({ path, referrer });
    const answer = await ask<{ redirect: string } | { redirect: null; state: PageState }>(`page?${query}`);
    if (answer.redirect !== null) {
      if (redirects === MOST_REDIRECTS) throw new Error(`${path} redirects for ever`);
      return visit(answer.redirect, from, redirects + 1);
    }
    const { state } = answer;
    page = openPage(state, new URL(path, origin).href, referrer);
    publish(state.happenings);
    if (isAsked(country, state.choices) && (consent === "given" || consent === "refused")) {
      page.pixel.choose({ tracking: consent });
    }
  }

  function openPage(state: PageState, url: string, referrer: string): OpenPage {
    const activity = openActivity();
    const leaving = new AbortController();
    const context = contextOf({ url, referrer, title: state.title, userAgent, language: locale });
    const fetch = workerFetch({ origin, headers, blocked, fetch: send, gone: leaving.signal });
    const pixel = openPixelPage({
      state,
      frame: { cookie: jar, localStorage, sessionStorage, now, context: () => context },
      launch: (hear) =>
        openRealm({
          host: script("pixel-host.js"),
          bundle: readFileSync(bundle, "utf8"),
          userAgent,
          fetch,
          activity,
          hear,
        }),
      onFault: (message) => void faults.push(message),
    });
    return { state, url, pixel, activity, leave: leaving };
  }

  /** Stays until the pixel is quiet, then goes; what is not `keepalive` goes with the page. */
  async function leave(): Promise<void> {
    if (page === null) return;
    await page.activity.quiet(PATIENCE_MS);
    page.pixel.end();
    page.leave.abort();
  }

  function here(): OpenPage {
    if (page === null) throw new Error("the shopper has not opened a page yet");
    return page;
  }

  function publish(happenings: readonly Happening[]): void {
    for (const happening of happenings) events.push(here().pixel.publish(happening));
  }

  async function step(path: string, body: unknown): Promise<StepAnswer> {
    const answer = await ask<StepAnswer>(path, body);
    publish(answer.happenings);
    return answer;
  }

  const checkoutStep = (name: string, body: unknown) => step(`checkouts/${checkoutOf(here().url)}/${name}`, body);
  const viewProduct = (handle: string) => visit(`/products/${handle}`);

  return {
    visit: (path, from) => visit(path, from),
    viewProduct,
    search: (words) => visit(`/search?${new URLSearchParams({ q: words })}`),
    async addToCart(handle, variant = "", quantity = 1) {
      if (page === null || new URL(page.url).pathname !== `/products/${handle}`) await viewProduct(handle);
      await step("cart/add", { variant: variantId(handle, variant), quantity });
    },
    async enterCheckout() {
      const token = /(?:^|; )cart=([^;]+)/.exec(jar.read())?.[1];
      await visit(token === undefined ? "/cart" : `/checkouts/cn/${token}`);
    },
    submitContact: async () => void (await checkoutStep("contact", { email: person.email })),
    applyDiscount: async (code) => void (await checkoutStep("discount", { code })),
    async submitAddress(handle = "standard") {
      await checkoutStep("address", person.address);
      await checkoutStep("shipping", { handle });
    },
    async pay({ gateway = "shopify_payments" } = {}) {
      await checkoutStep("payment", {});
      const { order, next } = await checkoutStep("complete", { gateway });
      if (order === undefined || next === undefined) throw new Error("the checkout was completed without an order");
      await visit(next);
      return order;
    },
    choose: (choices) => here().pixel.choose(choices),
    idle: () => here().activity.quiet(PATIENCE_MS),
    async close() {
      await leave();
      page = null;
      // A rejection that nobody handled is told one turn late.
      await sleep(0);
    },
    cookies: () => jar.read(),
    pixelLoaded: () => here().pixel.loaded(),
    events,
    faults,
  };
}

/** What was said before this visit; null: nothing. */
function choicesBefore(consent: Consent, country: CountryCode): Choices | null {
  if (consent === "sale_opt_out") return { tracking: null, saleOptOut: true };
  const banner = isAsked(country, { tracking: null, saleOptOut: false });
  return consent === "silent" || banner ? null : { tracking: consent, saleOptOut: false };
}

/** The cart token in a checkout's address. */
function checkoutOf(url: string): string {
  const [, section, kind, token] = new URL(url).pathname.split("/");
  if (section !== "checkouts" || kind !== "cn" || token === undefined) throw new Error(`${url} is no checkout`);
  return token;
}

function variantId(handle: string, title: string): number {
  const product = productByHandle(handle);
  if (product === null) throw new Error(`the shop does not sell ${handle}`);
  const wanted = title === "" || title === ONLY_VARIANT ? product.variants[0] : null;
  const variant = wanted ?? product.variants.find((candidate) => candidate.title === title);
  const article = variant ? articleOf(variant.id) : null;
  if (article === null) throw new Error(`${handle} does not come as ${title}`);
  return article.variant.id;
}
