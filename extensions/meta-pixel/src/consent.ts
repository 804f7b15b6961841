import type { CustomerPrivacyPayload, ExtensionApi } from "@shopify/web-pixels-extension";
import type { ConsentSignal } from "../../../app/events/event";
import { ask } from "./asking";

/** What the shopper allows right now. Ask when sending: it changes while a page is open. */
export function watchConsent({ init, customerPrivacy }: ExtensionApi): () => ConsentSignal {
  let latest = signalOf(init);
  customerPrivacy.subscribe("visitorConsentCollected", (event) => {
    latest = signalOf(event);
  });
  return () => latest;
}

/** What is not said to be allowed is not. */
function signalOf(said: CustomerPrivacyPayload): ConsentSignal {
  const allows = (purpose: keyof CustomerPrivacyPayload["customerPrivacy"]) =>
    ask(() => said.customerPrivacy[purpose]) === true;
  return {
    analytics: allows("analyticsProcessingAllowed"),
    marketing: allows("marketingAllowed"),
    preferences: allows("preferencesProcessingAllowed"),
    saleOfData: allows("saleOfDataAllowed"),
  };
}
