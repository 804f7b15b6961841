import { Agent, type Dispatcher, setGlobalDispatcher } from "undici";
import type { Log } from "../log.server";
import { allowList, mayLeave } from "./allow-list";
import { type Mail, openMail, type Smtp } from "./mail.server";
import { type MerchantPost, openMerchantPost } from "./merchant-post.server";

/** The one place through which anything leaves this process: HTTP by two policies, and mail to one server. */
export interface Outgoing {
  /** For hosts that we name: refuses every other, also one that a redirect names. A pool of connections is composed with it. */
  onlyAllowed: Dispatcher.DispatcherComposeInterceptor;
  /** Binds every `fetch` of this process that brings no pool of its own, such as those of Shopify's library. */
  bindProcess(): void;
  /** For an address that a merchant typed: whatever host is public, by https. Alerts by webhook go this way. */
  merchants: MerchantPost;
  /** By the operator's mail server; null: none was named. */
  mail: Mail | null;
  close(): Promise<void>;
}

interface OutgoingDeps {
  graphUrl: string;
  /** Absent: no mail is sent. */
  smtp?: Smtp | null;
  log: Log;
}

/** A request for a host that nobody meant this process to speak to. */
export class NotAllowed extends Error {
  override name = "NotAllowed";
}

export function openOutgoing({ graphUrl, smtp = null, log }: OutgoingDeps): Outgoing {
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
    mail: smtp === null ? null : openMail(smtp),
    async close() {
      // What still asks by the process's own fetch is refused from now on, not left unbound.
      await Promise.all([merchants.close(), rest?.close()]);
    },
  };
}
