import { GraphQLError } from "graphql";
import { factsOf, type ShopFacts, shopNumber } from "./shop-facts";
import type { DeletedPayload, WebPixel, WebPixelPayload, WebPixels } from "./web-pixels";

interface Settings {
  webPixel: { settings: unknown };
}

/** Answers for one shop's fields of the schema's two roots. */
export function resolversOf(shop: string, pixels: WebPixels, told: Partial<ShopFacts>) {
  return {
    shop: () => shopFields(shop, told),
    currentAppInstallation: () => ({ id: `gid://shopify/AppInstallation/${shopNumber(shop) + 1}` }),
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
  const { name, url, countryCode, currencyCode, timezone } = factsOf(shop, told);
  return {
    id: `gid://shopify/Shop/${shopNumber(shop)}`,
    name,
    myshopifyDomain: shop,
    primaryDomain: { host: new URL(url).host, url },
    shopAddress: { countryCodeV2: countryCode },
    currencyCode,
    ianaTimezone: timezone,
  };
}

function payloadFields({ webPixel, userErrors }: WebPixelPayload): object {
  return { webPixel: webPixel === null ? null : pixelFields(webPixel), userErrors };
}

/** Shopify answers the settings as a JSON text, whichever form they came in. */
function pixelFields({ id, settings }: WebPixel): object {
  return { id, settings: JSON.stringify(settings) };
}
