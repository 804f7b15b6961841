import { register } from "@shopify/web-pixels-extension";
import { fromPixelRecord } from "../../../app/events/pixel-settings";

register(({ analytics, settings }) => {
  console.log(fromPixelRecord(settings));
  analytics.subscribe("page_viewed", () => undefined);
});
