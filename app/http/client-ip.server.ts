import type { IncomingMessage } from "node:http";

/**
 * The address of whoever is on the other end: the connection's, or, behind `trustedProxies` proxies of ours, the entry of
 * X-Forwarded-For that the outermost of them wrote. Entries further left are the client's own words.
 */
export function clientIp(request: IncomingMessage, trustedProxies: number): string | null {
  const connection = request.socket.remoteAddress ?? null;
  if (trustedProxies === 0) return connection;
  const header = request.headers["x-forwarded-for"];
  const entries = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",").map((entry) => entry.trim());
  return entries.at(-trustedProxies) || connection;
}
