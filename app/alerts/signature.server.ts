import { createHmac } from "node:crypto";

/** The header that says who made a webhook: HMAC-SHA256 of the body's bytes, base64, as Shopify signs its own. */
export const SIGNATURE_HEADER = "x-tandem-hmac-sha256";

export function signatureOf(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}
