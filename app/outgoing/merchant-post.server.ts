import { isIP } from "node:net";
import { Agent, type Dispatcher, request } from "undici";
import { NotPublic, publicLookup } from "./public-address.server";

/** What came of it. `refused`: nothing was sent; `status`: somebody answered, with a redirect perhaps, which is not followed. */
export type Posted = { kind: "status"; status: number } | { kind: "refused"; why: string } | { kind: "failed" };

/** Posts to an address that is a merchant's text. Never throws. */
export interface MerchantPost {
  post(address: string, body: string): Promise<Posted>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** Of an answer only its status is told, so that a merchant cannot read through us what we can reach. */
const MOST_BYTES = 16 * 1024;

/** `dispatcher`: who connects. */
export function openMerchantPost(dispatcher: Dispatcher = publicInternet()): MerchantPost {
  return {
    async post(address, body) {
      const fault = addressFault(address);
      if (fault !== null) return { kind: "refused", why: fault };
      try {
        const answer = await request(address, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          dispatcher,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await answer.body.dump({ limit: MOST_BYTES });
        return { kind: "status", status: answer.statusCode };
      } catch (error) {
        return error instanceof NotPublic
          ? { kind: "refused", why: "leads into a private network" }
          : { kind: "failed" };
      }
    },
    close: () => dispatcher.close(),
  };
}

function publicInternet(): Agent {
  return new Agent({ connect: { lookup: publicLookup(), timeout: TIMEOUT_MS } });
}

/**
 * What keeps an address from being posted to, in words for the field it was typed in; null: nothing. Numbers are refused in any
 * spelling, for URL reads them all (https://url.spec.whatwg.org/#concept-ipv4-parser) and a socket looks none of them up.
 */
export function addressFault(address: string): string | null {
  if (!URL.canParse(address)) return "must be an address that begins with https://";
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== "https:") return "must begin with https://";
  if (username !== "" || password !== "") return "must not hold a name or a password";
  if (port !== "") return "must be without a port";
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return "must name a host, not a number";
  if (!hostname.includes(".")) return "must name a host of the public internet";
  return null;
}
