import type { Context } from "@shopify/web-pixels-extension";
import type { Frame } from "../pixel/page";

/** The window as the top frame. `shopNow`: what the shop's clock showed when the page was made. */
export function windowFrame(shopNow: number): Frame {
  const ahead = shopNow - Date.now();
  return {
    cookie: {
      read: () => document.cookie,
      write(cookie) {
        // biome-ignore lint/suspicious/noDocumentCookie: browser.cookie stands in for exactly this
        document.cookie = cookie;
      },
    },
    localStorage,
    sessionStorage,
    context: windowContext,
    now: () => Date.now() + ahead,
  };
}

function windowContext(): Context {
  const { hash, host, hostname, href, origin, pathname, port, protocol, search } = window.location;
  const location = { hash, host, hostname, href, origin, pathname, port, protocol, search };
  const { cookieEnabled, language, languages, userAgent } = navigator;
  const { innerHeight, innerWidth, outerHeight, outerWidth, screenX, screenY, scrollX, scrollY, screen } = window;
  return {
    document: { characterSet: document.characterSet, location, referrer: document.referrer, title: document.title },
    navigator: { cookieEnabled, language, languages: [...languages], userAgent },
    window: {
      innerHeight,
      innerWidth,
      location,
      origin,
      outerHeight,
      outerWidth,
      pageXOffset: scrollX,
      pageYOffset: scrollY,
      screen: { height: screen.height, width: screen.width },
      screenX,
      screenY,
      scrollX,
      scrollY,
    },
  };
}
