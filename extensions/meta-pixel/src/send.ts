import { askLater } from "./asking";
import type { Effects } from "./effects";
import { LONGEST_HIT_BYTES, MOST_KEPT_ALIVE_BYTES } from "./limits";

/** One copy to one dataset. It goes out at most once, so it is never sent again. */
export function sendHit(trUrl: string, dataset: string, parameters: URLSearchParams, { fetch }: Effects) {
  return askLater(() => {
    const body = new URLSearchParams(`id=${dataset}&${parameters}`);
    const url = new URL(`?${body}`, trUrl).href;
    const { length } = url;
    const request =
      length > LONGEST_HIT_BYTES
        ? fetch(trUrl, { method: "POST", mode: "no-cors", keepalive: length < MOST_KEPT_ALIVE_BYTES, body })
        : fetch(url, { method: "GET", mode: "no-cors", keepalive: true });
    return request.then(() => "resolved" as const);
  }).then((left) => left || ("threw" as const));
}

/** One beacon to /collect; true when it was taken. As plain text, so that the browser does not ask for permission first. */
export function sendBeacon(collectUrl: string, body: string, { fetch }: Effects) {
  return askLater(() =>
    fetch(new URL(collectUrl).href, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      keepalive: true,
      headers: { "content-type": "text/plain" },
      body,
    }).then(({ ok }) => ok),
  );
}
