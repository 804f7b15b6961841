import { attributesFor, type CartAttributes } from "./signals";

/** Shopify's Customer Privacy API, as far as it is used: https://shopify.dev/docs/api/customer-privacy */
export interface CustomerPrivacy {
  analyticsProcessingAllowed(): boolean;
  marketingAllowed(): boolean;
  preferencesProcessingAllowed(): boolean;
  saleOfDataAllowed(): boolean;
  /** 'yes', 'no', or '' while the shopper has not said. */
  currentVisitorConsent(): { marketing: string };
}

/** What the embed asks of the page it runs on: a window, or what a test puts in its place. Any of it may be missing. */
export interface Page {
  Shopify?: {
    routes?: { root?: string };
    loadFeatures?(features: { name: string; version: string }[], done: (error?: unknown) => void): void;
    customerPrivacy?: CustomerPrivacy;
  };
  document: { readonly cookie: string; addEventListener(name: string, listener: () => void): void };
  location: { readonly href: string };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
  readonly localStorage: Pick<Storage, "getItem">;
  /** Global Privacy Control opts out of the sale of data, wherever the shopper is: https://www.w3.org/TR/gpc/ */
  readonly navigator: { readonly globalPrivacyControl?: boolean };
  fetch(url: string, request: RequestInit): Promise<{ readonly ok: boolean }>;
}

export const MEMORY_KEY = "tandem_cart";

/** Keeps the cart's attributes as consent allows. Nothing that goes wrong in here reaches the page. */
export function startEmbed(page: Page, now: () => number = Date.now): void {
  const { document } = page;
  const shopify = page.Shopify;
  let turn: Promise<unknown> = Promise.resolve();
  let told: string | undefined;

  async function keepCart(): Promise<void> {
    const privacy = shopify?.customerPrivacy;
    if (!privacy) return;
    const consent = {
      analytics: privacy.analyticsProcessingAllowed(),
      marketing: privacy.marketingAllowed(),
      preferences: privacy.preferencesProcessingAllowed(),
      saleOfData: privacy.saleOfDataAllowed() && !ask(() => page.navigator.globalPrivacyControl),
    };
    const refused = ask(() => privacy.currentVisitorConsent().marketing) === "no";
    // Once a page, unless the shopper says something new.
    const said = JSON.stringify([consent, refused]);
    if (said === told) return;
    told = said;
    const kept = ask(() => page.sessionStorage.getItem(MEMORY_KEY)) || "";
    const written: CartAttributes | null = ask(() => JSON.parse(kept)[1]) || null;
    const attributes = attributesFor(
      {
        consent,
        refused,
        fbp: cookie("_fbp"),
        fbc: cookie("_fbc"),
        clientId: cookie("_shopify_y") || ask(() => page.localStorage.getItem("tandem_client")) || "",
        page: page.location.href,
        now: now(),
      },
      written,
    );
    if (!attributes || kept === mark(attributes)) return;
    const { ok } = await page.fetch(`${shopify?.routes?.root || "/"}cart/update.js`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // The page may be left at once.
      keepalive: true,
      body: JSON.stringify({ attributes }),
    });
    if (ok) page.sessionStorage.setItem(MEMORY_KEY, mark(attributes));
  }

  /** What was written, and into which cart: after an order there is another one. */
  function mark(attributes: CartAttributes): string {
    return JSON.stringify([cookie("cart"), attributes]);
  }

  /** Byte for byte; '' where there is none. */
  function cookie(name: string): string {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    return found ? found.slice(name.length + 1) : "";
  }

  /** In turn, or a refusal might overtake what it is to take back. */
  function look(): void {
    turn = turn.then(keepCart).catch(() => undefined);
  }

  ask(() => {
    document.addEventListener("visitorConsentCollected", look);
    shopify?.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], look);
  });
}

/** Undefined where it cannot be told: storage may be blocked, and what it keeps be anything. */
function ask<Answer>(question: () => Answer): Answer | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}
