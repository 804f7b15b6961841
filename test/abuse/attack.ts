import type { Random } from "../faults/random";
import type { Route } from "./routes";
import type { Shop } from "./shops";
import type { Answer, Asked } from "./wire";

/** What an attacker knows, and what they are after. */
export interface Aim {
  victim: Shop;
  attacker: Shop;
  routes: readonly Route[];
  /** What the victim's rows are known by in addresses and forms. */
  ids: { dataset: string; delivery: string; rule: string; request: string; order: string; event: string };
  /** Where the server listens, as the Host header has it. */
  host: string;
}

/** One hostile request, and what answer to it is right. */
export interface Attack {
  /** By a client; or as bytes on a connection of its own. */
  send: Asked | { bytes: string | Buffer; hangUp?: boolean };
  /** Whether this is how it should be answered. */
  right: (answer: Answer) => boolean;
  /** Stands in what the sender typed: nowhere may it come back as anything but text. */
  mark?: string;
  /** Signed by Shopify, or in the shape of a beacon: what it tells under these names is stored, as the text it is. */
  tells?: readonly string[];
}

/** Makes one attack. Each time it is another: of the same seed the same. */
export type Case = (random: Random) => Attack;

/** One way of attacking. */
export interface Kind {
  name: string;
  /** What it tries, for a person. */
  says: string;
  /** Each is sent at least once. */
  cases: (aim: Aim) => readonly Case[];
}

/** Right is one of these and one answer only. */
export function answered(...statuses: readonly number[]) {
  return ({ status, statuses: all }: Answer): boolean => all.length === 1 && statuses.includes(status ?? 0);
}

/** One of these, or none at all: who says only half, or too much, may be hung up on. */
export function answeredOrCut(...statuses: readonly number[]) {
  return (answer: Answer): boolean => answer.status === null || answered(...statuses)(answer);
}

/** Words that stand nowhere else. */
export function markOf(random: Random): string {
  return `zq${hex(random, 12)}`;
}

export function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join("");
}

/** Digits that no row has. */
export function digits(random: Random): string {
  return String(random.between(10_000, 8_999_999) * 1_000_000_000 + random.between(0, 999_999_999));
}
