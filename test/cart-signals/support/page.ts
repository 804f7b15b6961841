import { type CustomerPrivacy, type Page, startEmbed } from "../../../theme/cart-signals/embed";
import type { CartAttributes } from "../../../theme/cart-signals/signals";

/** A model of a theme's page and of the cart behind it; nothing in here takes longer than a turn. */

export const NOW = Date.parse("2026-11-20T10:00:01.000Z");
export const SHOP = "https://www.example.com";

/** What Shopify says of one shopper. */
export interface Said {
  analytics: boolean;
  marketing: boolean;
  preferences: boolean;
  saleOfData: boolean;
  /** 'yes', 'no' or ''. */
  word: string;
}

export const SILENT: Said = { analytics: false, marketing: false, preferences: false, saleOfData: false, word: "" };
export const REFUSED: Said = { ...SILENT, word: "no" };
export const ALLOWED: Said = { analytics: true, marketing: true, preferences: true, saleOfData: true, word: "yes" };

/** What outlives a page. */
export interface Browser {
  cookies: Map<string, string>;
  session: Map<string, string>;
  local: Map<string, string>;
}

export function newBrowser(cookies: Record<string, string> = {}): Browser {
  return { cookies: new Map(Object.entries(cookies)), session: new Map(), local: new Map() };
}

export interface Written {
  url: string;
  request: RequestInit;
}

interface Options {
  browser?: Browser;
  said?: Said;
  /** Path and query. */
  path?: string;
  now?: number;
  /** The browser asks for Global Privacy Control. */
  globalPrivacyControl?: boolean;
  /** How the cart takes what is written; by default it is there at once, and makes a cart where there is none. */
  answer?: () => Promise<{ ok: boolean }>;
  /** The page in place of the one that all is well with. */
  page?: (page: Page) => object;
}

/** A page with the embed on it. */
export function openPage({ browser = newBrowser(), said = ALLOWED, path = "/", now = NOW, ...rest }: Options = {}) {
  let latest = said;
  const writes: Written[] = [];
  const listeners = new Map<string, () => void>();
  const features: unknown[] = [];
  const customerPrivacy: CustomerPrivacy = {
    analyticsProcessingAllowed: () => latest.analytics,
    marketingAllowed: () => latest.marketing,
    preferencesProcessingAllowed: () => latest.preferences,
    saleOfDataAllowed: () => latest.saleOfData,
    currentVisitorConsent: () => ({ marketing: latest.word }),
  };
  const storage = (items: Map<string, string>) => ({
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  });
  const page: Page = {
    Shopify: {
      loadFeatures(wanted, done) {
        features.push(wanted);
        setImmediate(() => {
          if (page.Shopify) page.Shopify.customerPrivacy = customerPrivacy;
          done();
        });
      },
    },
    document: {
      get cookie() {
        return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      },
      addEventListener: (name, listener) => void listeners.set(name, listener),
    },
    location: { href: SHOP + path },
    // As browsers that do not know of it, where nothing is said.
    navigator: rest.globalPrivacyControl === undefined ? {} : { globalPrivacyControl: rest.globalPrivacyControl },
    sessionStorage: storage(browser.session),
    localStorage: storage(browser.local),
    fetch: async (url, request) => {
      writes.push({ url, request });
      if (rest.answer) return rest.answer();
      if (!browser.cookies.has("cart")) browser.cookies.set("cart", `cart-${writes.length}`);
      return { ok: true };
    },
  };
  startEmbed(Object.assign(page, rest.page?.(page)), () => now);
  return {
    browser,
    writes,
    features,
    /** What was written, oldest first, once all is quiet. */
    async attributes(): Promise<CartAttributes[]> {
      await quiet();
      return writes.map(({ request }) => JSON.parse(String(request.body)).attributes);
    },
    /** The shopper answers the banner. */
    async says(next: Said): Promise<void> {
      await quiet();
      latest = next;
      listeners.get("visitorConsentCollected")?.();
      await quiet();
    },
  };
}

/** Everything that waits for nothing but its turn has had it. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
