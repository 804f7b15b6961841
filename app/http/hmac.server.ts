import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether Shopify signed these bytes: base64 HMAC-SHA256 of the raw body under the app's secret. During a changeover the
 * old secret is good too. https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin
 */
export function isSignedByShopify(bytes: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  if (header === undefined || header === "") return false;
  const given = Buffer.from(header, "utf8");
  let good = false;
  for (const secret of secrets) {
    const wanted = Buffer.from(createHmac("sha256", secret).update(bytes).digest("base64"), "utf8");
    // timingSafeEqual wants equal lengths; the length of a digest is no secret.
    if (wanted.length === given.length && timingSafeEqual(wanted, given)) good = true;
  }
  return good;
}
