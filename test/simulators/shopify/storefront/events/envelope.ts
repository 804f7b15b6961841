import type { Context } from "@shopify/web-pixels-extension";
import type { Happening, StandardEventName } from "./standard";

/** A standard event as a pixel hears it. */
export interface StandardEvent {
  id: string;
  clientId: string;
  name: StandardEventName;
  /** Counts the events of one page, from 0. */
  seq: number;
  /** ISO 8601. */
  timestamp: string;
  type: "standard";
  context: Context;
  data: Happening["data"];
}

interface Page {
  clientId: string;
  context: () => Context;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Puts what happens on one page into envelopes. Runs in the browser too. */
export function envelopesOf({ clientId, context, now }: Page): (happening: Happening) => StandardEvent {
  let seq = 0;
  return ({ name, data }) => ({
    id: eventId(),
    clientId,
    name,
    seq: seq++,
    timestamp: new Date(now()).toISOString(),
    type: "standard",
    context: context(),
    data,
  });
}

/** As Shopify writes them: only the first group in small letters. */
function eventId(): string {
  const uuid = crypto.randomUUID();
  return `sh-${uuid.slice(0, 8)}${uuid.slice(8).toUpperCase()}`;
}
