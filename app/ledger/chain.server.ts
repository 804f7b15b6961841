import { createHash } from "node:crypto";
import type { LedgerHead, LedgerLine } from "../store/rows";
import { CLEAR_FIELDS, clearTexts, ERASABLE_FIELDS, erasableTexts, type LineOf } from "./line";

/** Stands at the beginning of what is hashed: another way of hashing will have another word. */
export const FORMAT = "tandem-ledger-1";

/** What stands for the erasable part of a line in the chain: SHA-256 of salt and part, hex. */
export function commitmentOf(line: Parameters<typeof erasableTexts>[0], salt: string): string {
  const texts = erasableTexts(line);
  return sha256([salt, ...ERASABLE_FIELDS.map((field) => texts[field])]);
}

/** The hash of a line, hex; `before`: the hash of the line before it. */
export function hashOf(line: Parameters<typeof clearTexts>[0], commitment: string, before: string, of: LineOf): string {
  const texts = clearTexts(line, of);
  return sha256([FORMAT, before, ...CLEAR_FIELDS.map((field) => texts[field]), commitment]);
}

function sha256(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** Where a chain stood at some time, as printed in an export: `<number>.<hash>`. */
export function headText({ n, hash }: Pick<LedgerHead, "n" | "hash">): string {
  return `${n}.${hash}`;
}

/** Null: not of that form. */
export function headOf(text: string): { n: number; hash: string } | null {
  const [, n, hash] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return n === undefined || hash === undefined ? null : { n: Number(n), hash };
}

/** Where a chain is broken: the number of the first line that is wrong, and what about it. */
export interface Break {
  n: number;
  says: string;
}

/** What is to be known of the lines before a line to tell whether it follows. */
export interface Place {
  n: number;
  hash: string;
}

/** Whether a line follows on a place in the chain; null: it does. `of`: undefined, its dataset is not known. */
export function breakAt(line: LedgerLine, before: Place, of: LineOf | undefined): Break | null {
  if (line.n !== before.n + 1) return { n: before.n + 1, says: `is missing: line ${line.n} comes next` };
  if (of === undefined) return { n: line.n, says: "is of a dataset that is not known" };
  if (line.salt === null) {
    const left = Object.values(erasableTexts(line)).some((text) => text !== "");
    if (left) return { n: line.n, says: "was erased, but not all of it" };
  } else if (commitmentOf(line, line.salt) !== line.commitment) {
    return { n: line.n, says: "is not what was sealed: its order, value or evidence was changed" };
  }
  if (hashOf(line, line.commitment, before.hash, of) !== line.hash) {
    return { n: line.n, says: "is not what was sealed, or does not follow on the line before it" };
  }
  return null;
}
