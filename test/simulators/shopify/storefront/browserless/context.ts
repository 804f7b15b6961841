import type { Context } from "@shopify/web-pixels-extension";

interface Options {
  url: string;
  referrer: string;
  title: string;
  userAgent: string;
  /** BCP 47. */
  language: string;
}

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

/** What `document`, `navigator` and `window` would say. */
export function contextOf({ url, referrer, title, userAgent, language }: Options): Context {
  const { hash, host, hostname, href, origin, pathname, port, protocol, search } = new URL(url);
  const location = { hash, host, hostname, href, origin, pathname, port, protocol, search };
  const { width, height } = /Mobile|Android|iPhone/.test(userAgent) ? PHONE : DESK;
  return {
    document: { characterSet: "UTF-8", location, referrer, title },
    navigator: { cookieEnabled: true, language, languages: [language, language.slice(0, 2)], userAgent },
    window: {
      innerHeight: height,
      innerWidth: width,
      location,
      origin,
      outerHeight: height,
      outerWidth: width,
      pageXOffset: 0,
      pageYOffset: 0,
      screen: { height, width },
      screenX: 0,
      screenY: 0,
      scrollX: 0,
      scrollY: 0,
    },
  };
}
