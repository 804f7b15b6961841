import { Agent, type Dispatcher, request } from "undici";
import { addressFault } from "./merchant-address";
import { NotPublic, publicLookup } from "./public-address.server";

/** What came of it. `refused`: nothing was sent; `status`: somebody answered, with a redirect perhaps, which is not followed. */
export type Posted = { kind: "status"; status: number } | { kind: "refused"; why: string } | { kind: "failed" };

/** Posts to an address that is a merchant's text. Never throws. */
export interface MerchantPost {
  /** `headers`: besides those that say that the body is JSON. */
  post(address: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Posted>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** Of an answer only its status is told, so that a merchant cannot read through us what we can reach. */
const MOST_BYTES = 16 * 1024;

/** `dispatcher`: who connects. */
export function openMerchantPost(dispatcher: Dispatcher = publicInternet()): MerchantPost {
  return {
    async post(address, body, headers = {}) {
      const fault = addressFault(address);
      if (fault !== null) return { kind: "refused", why: fault };
      try {
        const answer = await request(address, {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
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
