import { askLater } from "./asking";
import { LONGEST_HIT_BYTES, MOST_KEPT_ALIVE_BYTES } from "./limits";

/** One copy to one dataset. It goes out at most once, so it is never sent again. */
export function sendHit(trUrl: string, parameters: () => URLSearchParams) {
  return askLater(() => {
    const body = parameters();
    const url = new URL(`?${body}`, trUrl).href;
    const long = url.length > LONGEST_HIT_BYTES;
    return fetch(long ? trUrl : url, {
      method: long ? "POST" : "GET",
      mode: "no-cors",
      keepalive: url.length < MOST_KEPT_ALIVE_BYTES,
      body: long ? body : null,
    }).then(() => "resolved" as const);
  }).then((left) => left || ("threw" as const));
}
