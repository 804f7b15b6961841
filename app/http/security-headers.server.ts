import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { SHOP_DOMAIN } from "../events/shop-domain";

/** What browsers are told to hold against us; the one place where it is written down. */

const CDN = "https://cdn.shopify.com";
const ADMIN = "https://admin.shopify.com";
/** Where Shopify's own scripts report to, as in the policy that it ships: https://shopify.dev/docs/api/hydrogen/utilities/createcontentsecuritypolicy */
const TELEMETRY = "https://monorail-edge.shopifysvc.com";

/** A year; the names beside ours are not ours to speak for, so no subdomains. https://www.rfc-editor.org/rfc/rfc6797 */
const HSTS = "max-age=31536000";

const POLICY = "content-security-policy";

/** Of what is no document: nothing of it runs, loads or is framed. */
const CLOSED = "default-src 'none'; frame-ancestors 'none'";

/**
 * Writes on an answer what every answer bears, before anything else is said. An answer that then brings no
 * Content-Security-Policy of its own gets the closed one: what was forgotten is shut. `tls`: shoppers and merchants reach us by
 * https. On plain http HSTS would be void, and on a developer's machine a nuisance.
 */
export function guardAnswer(response: ServerResponse, tls: boolean): void {
  response.setHeader("x-content-type-options", "nosniff");
  // An address of the admin holds the shop, its host and a session token: nobody gets the path, not even we ourselves. Not
  // `no-referrer`: with it, browsers write `Origin: null` on what a form posts.
  response.setHeader("referrer-policy", "strict-origin");
  if (tls) response.setHeader("strict-transport-security", HSTS);
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]) => {
    if (!response.hasHeader(POLICY)) response.setHeader(POLICY, CLOSED);
    return writeHead(...head);
  };
}

/** A word for one answer: scripts that bear it may run. */
export function freshNonce(): string {
  return randomBytes(16).toString("base64");
}

/**
 * Lets a document run its own scripts and App Bridge, and be framed by the admin of the shop that its address names; by nobody
 * where it names none. Replaces what Shopify's library wrote, which on the page that fetches a session token puts the
 * parameter into the header as it came. https://shopify.dev/docs/apps/build/security/set-up-iframe-protection
 */
export function guardDocument(headers: Headers, url: string, nonce: string): void {
  const named = new URL(url).searchParams.get("shop") ?? "";
  headers.set(POLICY, documentPolicy(SHOP_DOMAIN.test(named) ? named : null, nonce));
}

/** A page that Shopify's library wrote by itself: its scripts get the nonce, its answer the headers of a document. */
export async function guardPage(page: Response, url: string): Promise<Response> {
  const nonce = freshNonce();
  const headers = new Headers(page.headers);
  guardDocument(headers, url, nonce);
  const html = (await page.text()).replaceAll("<script", `<script nonce="${nonce}"`);
  return new Response(html, { status: page.status, statusText: page.statusText, headers });
}

function documentPolicy(shop: string | null, nonce: string): string {
  const admins = shop === null ? [] : [`https://${shop}`, ADMIN];
  const directives: Record<string, string[]> = {
    "default-src": [],
    // 'self' for modules that are loaded ahead by <link>, which bears no nonce.
    "script-src": [`'nonce-${nonce}'`, "'self'", CDN],
    // Polaris sets custom properties in style attributes, App Bridge and Vite add <style> elements.
    "style-src": ["'self'", "'unsafe-inline'", CDN],
    "img-src": ["'self'", "data:", CDN],
    "font-src": ["'self'", CDN],
    "connect-src": ["'self'", ...admins, TELEMETRY],
    "form-action": ["'self'"],
    "base-uri": [],
    "object-src": [],
    "frame-ancestors": admins,
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.length === 0 ? "'none'" : sources.join(" ")}`)
    .join("; ");
}
