import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import type { Aim, Attack } from "./attack";
import { APP, SHOPPER } from "./shops";
import type { Answer } from "./wire";

/** What may stand in no answer. */
export interface Canary {
  /** What it is, for a person. */
  what: string;
  text: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

interface Secrets {
  aim: Aim;
  key: Buffer;
  /** Shopify's access tokens. */
  tokens: readonly string[];
}

/** Everything that must stay inside: secrets of the house, and all that belongs to the victim. */
export function canariesOf({ aim: { victim, attacker, ids }, key, tokens }: Secrets): Canary[] {
  const email = SHOPPER.email.toLowerCase();
  const rows: [string, string][] = [
    ["the app's secret", APP.secret],
    ["the encryption key", key.toString("base64")],
    ["the encryption key", key.toString("hex")],
    ["the victim's token", victim.token],
    ["the attacker's own token, which no page shows", attacker.token],
    ...tokens.map((token): [string, string] => ["Shopify's access token", token]),
    ["the victim's dataset", victim.dataset],
    ["the victim's beacon key", victim.beaconKey],
    ["the victim's rule", "Rule of victim"],
    ["the victim's rule", ids.rule],
    ["the victim's order", ids.order],
    ["the victim's event", ids.event],
    ["an e-mail address", email],
    ["an e-mail address, hashed", sha256(email)],
    ["a phone number", SHOPPER.phone],
    ["a phone number", "441727866100"],
    ["a phone number, hashed", sha256("441727866100")],
    ["a surname", SHOPPER.last_name],
    ["a street", SHOPPER.address1],
    ["a path of this machine", process.cwd()],
    ["a path of this machine", `${tmpdir()}/tandem-`],
  ];
  return rows.map(([what, text]) => ({ what, text }));
}

/** What the inside of a program looks like when it falls out. */
const INSIDES: readonly [string, RegExp][] = [
  ["a stack trace", /\n\s+at .+:\d+:\d+\)?/],
  ["a path of the build", /node_modules\/|build\/server\/|file:\/\/\//],
  ["the store's words", /SQLITE_[A-Z]+|PrismaClient|syntax error at or near|\bSQLSTATE\b|no such table/],
  ["SQL", /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.{1,200}\b(?:FROM|VALUES|SET|WHERE)\b/],
  ["a password file", /root:[x*]?:0:0:/],
];

/** What markup that somebody typed looks like where it would be obeyed. */
const OBEYED = [
  '<script>alert("MARK',
  "<img src=x onerror=alert('MARK",
  "<svg/onload=MARK",
  "href=\"javascript:alert('MARK",
];

/** Everything in an answer that should not be there, in words. */
export function leaksIn(answer: Answer, attack: Pick<Attack, "send" | "mark">, canaries: readonly Canary[]): string[] {
  const said = `${answer.head}\n${answer.body}`;
  const sent = sentText(attack.send);
  return [
    // What the sender knew is no news to them.
    ...canaries.filter(({ text }) => said.includes(text) && !sent.includes(text)).map(({ what }) => what),
    ...INSIDES.filter(([, look]) => look.test(said) && !look.test(sent)).map(([what]) => what),
    ...(attack.mark === undefined ? [] : reflections(answer, attack.mark)),
  ];
}

function reflections({ head, type, body }: Answer, mark: string): string[] {
  if (/^x-injected:/m.test(head)) return ["a header of the sender's own"];
  if (type.startsWith("application/json")) return [];
  if (type.startsWith("text/html")) return markupIn(body, mark) ? ["the sender's markup"] : [];
  return body.includes(mark) ? ["the sender's words"] : [];
}

/** Whether what was typed around the mark has become part of a page. */
export function markupIn(html: string, mark: string): boolean {
  return OBEYED.some((markup) => html.includes(markup.replace("MARK", mark)));
}

function sentText(send: Attack["send"]): string {
  if ("bytes" in send) return send.bytes.toString("latin1");
  const { path, headers, body = "" } = send;
  return [path, plain(path), ...Object.values(headers), body, plain(body.toString())].join("\n");
}

/** As it was before it was made fit for an address. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
