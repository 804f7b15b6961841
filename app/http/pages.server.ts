import type { IncomingMessage } from "node:http";

/** Why a request is not let through to the pages: a status, a few words, and headers. */
export interface Refusal {
  status: 400 | 405 | 411 | 413 | 415;
  text: string;
  headers: Record<string, string>;
}

/** The longest form there is, of a rule with many words, is a few hundred kB. */
const MOST_FORM_BYTES = 1024 * 1024;

const METHODS: readonly string[] = ["GET", "HEAD", "POST"];
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/**
 * What the pages of the admin never send is refused before anything of it is read: they load by GET and post plain forms of
 * a known length. A multipart form that ends too early or JSON in a form's place would fail inside Remix, as a fault of
 * ours, and a body without end would be kept whole.
 */
export function pageRefusal({
  method = "",
  url = "/",
  headers,
}: Pick<IncomingMessage, "method" | "url" | "headers">): Refusal | null {
  if (!METHODS.includes(method)) return { status: 405, text: "method", headers: { allow: METHODS.join(", ") } };
  // A whole address is said to proxies only: https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
  if (!url.startsWith("/")) return { status: 400, text: "address", headers: {} };
  if (method !== "POST") return null;
  if (!FORM.test(headers["content-type"] ?? "")) return { status: 415, text: "form", headers: {} };
  if ((headers["content-encoding"] ?? "identity") !== "identity") return { status: 415, text: "encoding", headers: {} };
  if (headers["transfer-encoding"] !== undefined) return { status: 411, text: "length", headers: {} };
  return Number(headers["content-length"] ?? 0) > MOST_FORM_BYTES ? { status: 413, text: "body", headers: {} } : null;
}
