import { attempt } from "./asking";
import type { Effects } from "./effects";

/** Longer addresses are cut or refused on the way. */
const LONGEST_URL_BYTES = 2_048;

/** A page may have 64 KiB under way as it goes: a beacon takes up to 40, copies to several datasets share what is left. */
const MOST_KEPT_ALIVE_BYTES = 8_000;

/** One copy to one dataset; undefined when something threw. It goes out at most once, so it is never sent again. */
export function sendHit(trUrl: string, dataset: string, parameters: URLSearchParams, { fetch }: Effects) {
  return attempt(async () => {
    const body = new URLSearchParams(`id=${dataset}&${parameters}`);
    const url = new URL(`?${body}`, trUrl).href;
    const { length } = url;
    await (length > LONGEST_URL_BYTES
      ? fetch(trUrl, { method: "POST", mode: "no-cors", keepalive: length < MOST_KEPT_ALIVE_BYTES, body })
      : fetch(url, { method: "GET", mode: "no-cors", keepalive: true }));
    return "resolved" as const;
  });
}

/** One beacon to /collect; true when it was taken. As plain text, so that the browser does not ask for permission first. */
export function sendBeacon(collectUrl: string, body: string, { fetch }: Effects) {
  return attempt(async () => {
    const { ok } = await fetch(new URL(collectUrl).href, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      keepalive: true,
      headers: { "content-type": "text/plain" },
      body,
    });
    return ok;
  });
}
