import type { BrowserContext } from "~/events/event";
import { KEY_ORIGINS, type KeyOrigin } from "./key-origins";
import { type HashedKey, MATCH_KEYS } from "./keys";
import type { MatchKeys, UserData } from "./user-data";

/**
 * Where each match key of an event came from, one letter for each row of MATCH_KEYS and in its order: it is counted, it
 * explains a delivery, and it names nobody.
 */
export type KeyAccount = string;

/** Not sent, though an earlier checkout in the same browser told it. */
export const KNOWN_HERE = "k";
/** Not sent, and not known. */
export const ABSENT = "-";

/** What somebody knows of who stands behind an event. */
export interface Teller {
  keys: MatchKeys;
  browser: BrowserContext;
}

/** By origin, in the order in which they are asked. */
export type Tellers = Partial<Record<KeyOrigin, Teller>>;

/** `sent`: what travels. `known`: what might have, see recognise.ts. */
export function keyAccount(sent: UserData, tellers: Tellers, known: MatchKeys): KeyAccount {
  let account = "";
  for (const row of MATCH_KEYS) {
    if (sent[row.key] === undefined) account += row.hashed && known[row.key]?.length ? KNOWN_HERE : ABSENT;
    else account += originOf(row, sent, tellers);
  }
  return account;
}

/** What the browser's own copy carries, by the names of its keys; it has one teller. */
export function browserAccount(keys: readonly string[]): KeyAccount {
  return MATCH_KEYS.map(({ key }) => (keys.includes(key) ? ("o" satisfies KeyOrigin) : ABSENT)).join("");
}

function originOf(row: (typeof MATCH_KEYS)[number], sent: UserData, tellers: Tellers): KeyOrigin {
  for (const [origin, teller] of Object.entries(tellers) as [KeyOrigin, Teller][]) {
    if (row.hashed ? tells(row.key, teller) : teller.browser[row.from] === sent[row.key]) return origin;
  }
  return "o";
}

/** Shopify's visitor id is an external id too. */
function tells(key: HashedKey, { keys, browser }: Teller): boolean {
  return Boolean(keys[key]?.length) || (key === "external_id" && browser.clientId !== null);
}

export interface AccountedKey {
  key: (typeof MATCH_KEYS)[number]["key"];
  /** Null: it was not sent. */
  origin: KeyOrigin | null;
  /** Not sent, though it is known here. */
  known: boolean;
}

/** An account, key by key; a letter that this version does not know stands for a key that was sent. */
export function readAccount(account: KeyAccount): AccountedKey[] {
  return MATCH_KEYS.map(({ key }, place) => {
    const letter = account[place] ?? ABSENT;
    const known = letter === KNOWN_HERE;
    if (known || letter === ABSENT) return { key, origin: null, known };
    return { key, origin: letter in KEY_ORIGINS ? (letter as KeyOrigin) : "o", known };
  });
}
