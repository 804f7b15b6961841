import { Agent, type Dispatcher, setGlobalDispatcher } from "undici";
import type { Log } from "../log.server";
import { allowList, mayLeave } from "./allow-list";
import { type MerchantPost, openMerchantPost } from "./merchant-post.server";

/** The one place through which HTTP leaves this process: two policies, and no third way out. */
export interface Outgoing {
  /** For hosts that we name: refuses every other, also one that a redirect names. A pool of connections is composed with it. */
  onlyAllowed: Dispatcher.DispatcherComposeInterceptor;
  /** Binds every `fetch` of this process that brings no pool of its own, such as those of Shopify's library. */
  bindProcess(): void;
  /** For an address that a merchant typed: whatever host is public, by https. Alerts by webhook go this way. */
  merchants: MerchantPost;
  close(): Promise<void>;
}

interface OutgoingDeps {
  graphUrl: string;
  log: Log;
}

/** A request for a host that nobody meant this process to speak to. */
export class NotAllowed extends Error {
  override name = "NotAllowed";
}

export function openOutgoing({ graphUrl, log }: OutgoingDeps): Outgoing {
  const destinations = allowList(graphUrl);
  const merchants = openMerchantPost();
  let rest: Agent | null = null;

  const onlyAllowed: Outgoing["onlyAllowed"] = (dispatch) => (options, handler) => {
    const url = new URL(options.origin ?? "");
    if (!mayLeave(url, destinations)) {
      log.error({ origin: url.origin }, "outgoing.refused");
      throw new NotAllowed(`${url.origin} is not on the list of hosts that this process may speak to`);
    }
    return dispatch(options, handler);
  };

  return {
    onlyAllowed,
    bindProcess() {
      rest ??= new Agent();
      setGlobalDispatcher(rest.compose(onlyAllowed));
    },
    merchants,
    async close() {
      // What still asks by the process's own fetch is refused from now on, not left unbound.
      await Promise.all([merchants.close(), rest?.close()]);
    },
  };
}
