import { cookieNamed, type PixelPage } from "../pixel/page";
import { choicesOf, type Privacy } from "../pixel/privacy";

type Loaded = (error?: Error) => void;

/** Shopify's Customer Privacy API, as a theme's scripts know it: https://shopify.dev/docs/api/customer-privacy */
interface ShopifyGlobal {
  routes: { root: string };
  loadFeatures(features: readonly { name: string; version: string }[], loaded?: Loaded): void;
  /** There once it is loaded. */
  customerPrivacy?: CustomerPrivacy;
}

type CustomerPrivacy = { [permission in keyof Privacy]: () => boolean } & {
  currentVisitorConsent(): Record<"analytics" | "marketing" | "preferences" | "sale_of_data", string>;
};

/** Offers it to all scripts of the page, and tells them of each choice that is made on it from now on. */
export function offerPrivacy(page: PixelPage): PixelPage {
  const shopify: ShopifyGlobal = {
    routes: { root: "/" },
    loadFeatures(features, loaded) {
      const known = features.every(({ name, version }) => name === "consent-tracking-api" && version === "0.1");
      // Never at once: Shopify fetches it first.
      setTimeout(() => {
        if (known) shopify.customerPrivacy = customerPrivacy;
        loaded?.(known ? undefined : new Error("there is no such feature"));
      });
    },
  };
  const allows = (permission: keyof Privacy) => () => page.privacy()[permission];
  const customerPrivacy: CustomerPrivacy = {
    analyticsProcessingAllowed: allows("analyticsProcessingAllowed"),
    marketingAllowed: allows("marketingAllowed"),
    preferencesProcessingAllowed: allows("preferencesProcessingAllowed"),
    saleOfDataAllowed: allows("saleOfDataAllowed"),
    currentVisitorConsent() {
      const { tracking, saleOptOut } = choicesOf((name) => cookieNamed(document.cookie, name));
      // What nobody has said is ''.
      const word = tracking === null ? "" : tracking === "given" ? "yes" : "no";
      return { analytics: word, marketing: word, preferences: word, sale_of_data: saleOptOut ? "no" : "" };
    },
  };
  Object.assign(window, { Shopify: shopify });
  return {
    ...page,
    choose(choices) {
      page.choose(choices);
      const { analyticsProcessingAllowed, marketingAllowed, preferencesProcessingAllowed, saleOfDataAllowed } =
        page.privacy();
      const detail = {
        analyticsAllowed: analyticsProcessingAllowed,
        marketingAllowed,
        preferencesAllowed: preferencesProcessingAllowed,
        saleOfDataAllowed,
      };
      document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail }));
    },
  };
}
