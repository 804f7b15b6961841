import { SHOP_DOMAIN } from "../events/shop-domain";

/** Somebody this app speaks to by itself. */
export interface Destination {
  name: string;
  is(url: URL): boolean;
}

/**
 * Everybody this app speaks to by itself. The address of Meta's Graph API is the operator's (META_GRAPH_URL), so what stands
 * there is meant. An address that a merchant typed is in no such list: merchant-post.server.ts.
 */
export function allowList(graphUrl: string): readonly Destination[] {
  const graph = new URL(graphUrl).origin;
  return [
    { name: "Meta's Graph API", is: ({ origin }) => origin === graph },
    {
      name: "a shop's Admin API and its tokens",
      is: ({ protocol, hostname, port }) => protocol === "https:" && port === "" && SHOP_DOMAIN.test(hostname),
    },
  ];
}

/** Whether a request may leave for an address. */
export function mayLeave(url: URL, destinations: readonly Destination[]): boolean {
  return destinations.some((destination) => destination.is(url));
}
