/**
 * How much is sent, kept and waited for. In a file of their own, because esbuild writes numbers in place, and so small, only
 * where nothing else is imported beside them.
 */

/** What the server takes: app/sources/fields.ts, app/sources/lines.ts, app/sources/beacon.ts */
export const LONGEST_TEXT = 500;
export const LONGEST_URL = 4_096;
export const MOST_LINES = 250;
/** Characters of all names (SKU, title, type) in a beacon, for each of its lines at the most. */
export const MOST_NAMED = 8;
export const MOST_PIECES = 1_000_000;
export const MOST_ID_DIGITS = 24;
export const TOO_MUCH_MONEY = 1e15;
export const MONEY_DECIMALS = 6;

/** Of what a search found. */
export const MOST_FOUND = 50;

/** Meta keeps both cookies for 90 days. */
export const COOKIE_SECONDS = 90 * 24 * 60 * 60;

/** The random part of _fbp, as Meta's own library draws it. */
export const RANDOM_BELOW = 0x8000_0000;

/** In Meta's format one digit. */
export const HIGHEST_SUBDOMAIN_INDEX = 9;

/** How long a checkout may be re-entered. */
export const SENT_KEPT_MS = 90 * 24 * 60 * 60 * 1_000;
export const MOST_SENT_KEPT = 200;

/** How long a beacon waits to tell how the browser's copy fared: the page may be left at any moment. */
export const FATE_WAIT_MS = 300;

/** Longer addresses are cut or refused on the way. */
export const LONGEST_HIT_BYTES = 2_048;

/** A page may have 64 KiB under way as it goes: a beacon takes up to 40, copies to several datasets share what is left. */
export const MOST_KEPT_ALIVE_BYTES = 8_000;
