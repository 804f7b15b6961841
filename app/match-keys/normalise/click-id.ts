/**
 * Meta's cookies: `fb.<subdomain index>.<creation time, ms>.<random or click id>`, to be sent byte for byte.
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/fbp-and-fbc
 */

/** Meta's own library ignores longer click ids. */
const MAX_CLICK_ID = 500;
const MAX_COOKIE = 1_024;

/** Without a cookie to tell the subdomain from, Meta wants 1. */
const SUBDOMAIN_INDEX = 1;

/** Meta's parameter builder appends one more segment to say which library made the value: 8 characters, once 2. */
const APPENDIX = "\\.(?:[A-Za-z0-9_-]{8}|A[Qgw]|B[AQg])";
const FBP = new RegExp(`^fb\\.\\d\\.\\d{13}\\.\\d+(?:${APPENDIX})?$`);
/** A click id is opaque; visible ASCII is all a cookie can hold. */
const FBC = /^fb\.\d\.\d{13}\.([\x21-\x7e]+)$/;
const WITH_APPENDIX = new RegExp(`^(.+)${APPENDIX}$`);

/** The first fbclid of a query. Not URLSearchParams: it would turn "+" into a space, and every byte of a click id counts. */
const FBCLID = /^[^?#]*\?(?:[^&#]*&)*?fbclid=([^&#]*)/;

/** The _fbp cookie exactly as it came, or null when it is none. */
export function cleanFbp(value: string | null): string | null {
  return value !== null && value.length <= MAX_COOKIE && FBP.test(value) ? value : null;
}

/** The _fbc cookie exactly as it came, or null when it is none. */
export function cleanFbc(value: string | null): string | null {
  return value !== null && value.length <= MAX_COOKIE && FBC.test(value) ? value : null;
}

/** The fbc for the fbclid of a landing page (a URL, or path and query), first seen `at` (epoch ms); null without one. */
export function fbcFromUrl(landing: string | null, at: number, subdomainIndex = SUBDOMAIN_INDEX): string | null {
  const [, raw] = FBCLID.exec(landing || "") || [];
  if (raw === undefined || !Number.isSafeInteger(at) || at <= 0) return null;
  const clickId = decodeOnce(raw);
  if (clickId === null || clickId.length > MAX_CLICK_ID) return null;
  return cleanFbc(`fb.${subdomainIndex}.${at}.${clickId}`);
}

/** The click id inside an fbc without the parameter builder's segment. For comparing only; null when it is no fbc. */
export function clickIdOf(fbc: string): string | null {
  const [, clickId] = FBC.exec(fbc) || [];
  return clickId === undefined ? null : clickId.replace(WITH_APPENDIX, "$1");
}

function decodeOnce(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
