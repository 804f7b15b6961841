import type { CustomerPrivacyPayload, ExtensionApi } from "@shopify/web-pixels-extension";
import type { ConsentSignal } from "../../../app/events/event";
import { ask } from "./asking";

/** The worker's own; Shopify's `init.context.navigator` has four fields, and not this: https://www.w3.org/TR/gpc/ */
interface PrivacyNavigator {
  globalPrivacyControl?: boolean;
}

/** What the shopper allows right now. Ask when sending: it changes while a page is open; `withdrawn` hears of that. */
export function watchConsent({ init, customerPrivacy }: ExtensionApi, withdrawn: () => void): () => ConsentSignal {
  let latest = signalOf(init);
  customerPrivacy.subscribe("visitorConsentCollected", (event) => {
    const before = latest;
    latest = signalOf(event);
    if (before.marketing && !latest.marketing) withdrawn();
  });
  return () => latest;
}

/** What is not said to be allowed is not. Global Privacy Control opts out of the sale of data, wherever the shopper is. */
function signalOf(said: CustomerPrivacyPayload): ConsentSignal {
  const allows = (purpose: "analyticsProcessing" | "marketing" | "preferencesProcessing" | "saleOfData") =>
    ask(() => said.customerPrivacy[`${purpose}Allowed`]) === true;
  return {
    analytics: allows("analyticsProcessing"),
    marketing: allows("marketing"),
    preferences: allows("preferencesProcessing"),
    saleOfData: allows("saleOfData") && !ask(() => (navigator as PrivacyNavigator).globalPrivacyControl),
  };
}
