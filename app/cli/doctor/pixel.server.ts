import { fromPixelRecord } from "../../events/pixel-settings";
import type { Shop } from "../../settings/registry.server";
import { isPixelStale } from "../../settings/web-pixel.server";
import { fine, type Row, wrong } from "./row";

interface Known {
  /** The app's own origin; null: not in this environment. */
  appUrl: string | null;
  trUrl: string;
  /** Whether Shopify has given us a session of the shop. */
  session: boolean;
}

/** Whether Shopify runs the pixel with the settings we want, as the admin's Overview has it. */
export function checkPixel(shop: Shop, { appUrl, trUrl, session }: Known): Row {
  const about = { shop: shop.domain };
  const { id, settings, acceptedAt, fault } = shop.webPixel;
  if (!session && id === null) {
    return fine(
      "pixel",
      "no session of this shop: Shopify cannot be told of a pixel before the app is installed there",
      about,
    );
  }
  if (fault !== null)
    return wrong("pixel", `Shopify did not take its settings: ${fault} Open the app to try again`, about);
  if (id === null || settings === null)
    return wrong("pixel", "Shopify has no pixel record: open the app in the shop's admin", about);
  const address = appUrl ?? originOf(settings);
  if (address === null || isPixelStale(shop, { appUrl: address, trUrl })) {
    return wrong(
      "pixel",
      "Shopify has other settings than are wanted: is the server running? Else open the app",
      about,
    );
  }
  const since = acceptedAt === null ? "" : ` since ${new Date(acceptedAt).toISOString()}`;
  const unseen = appUrl === null ? "; its address is not compared, SHOPIFY_APP_URL is not set here" : "";
  return fine("pixel", `Shopify has the settings that are wanted${since}${unseen}`, about);
}

function originOf(record: string): string | null {
  const url = fromPixelRecord(JSON.parse(record))?.collectUrl ?? "";
  return URL.canParse(url) ? new URL(url).origin : null;
}
