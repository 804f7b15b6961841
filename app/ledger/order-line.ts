import type { ActionSource } from "../events/action-source";
import type { TrReport } from "../events/browser-copy";
import { millionths } from "../events/decimal";
import type { Facts } from "../events/event";
import type { Value } from "../events/value";
import { bucketOf } from "../outbox/rollup";
import type { BrowserWord, ErasablePart, LedgerLine, UntoldOrder } from "../store/rows";

/** A line before it has its place in the chain. */
export type Draft = Omit<LedgerLine, "n" | "sealedAt" | "salt" | "current" | "commitment" | "hash">;

const BROWSER_WORDS: Record<TrReport, BrowserWord> = {
  resolved: "left",
  threw: "blocked",
  unknown: "unknown",
  not_attempted: "not_attempted",
};

/** What an order's own row says of it. Facts are gone once they are no longer kept; then what was said before stands. */
export function draftOf(
  row: UntoldOrder,
  facts: Facts | null,
  value: Value | null,
  before: LedgerLine | undefined,
): Draft {
  const shop = facts?.shop ?? null;
  return {
    datasetId: row.datasetId,
    eventRowId: row.id,
    event: row.name,
    source: facts?.source ?? before?.source ?? "unknown",
    outcome: row.outcome,
    reason: row.outcome === "waiting" ? waitsFor(row) : oneLine(row.reason),
    until: row.outcome === "waiting" ? row.runAt : null,
    browser: browserWord(row),
    lagMs: row.outcome === "waiting" || row.settledAt === null ? null : row.settledAt - row.eventTime,
    ...(row.orderId === null ? NOTHING : partOf(row, facts, value, before)),
    bucket: bucketOf(row.eventTime),
    sum: shop === null ? (before?.sum ?? 0) : inMillionths(shop.total),
  };
}

type Part = Omit<ErasablePart, "salt">;

/** A row that was erased before its line was sealed. */
const NOTHING: Part = {
  order: null,
  eventId: null,
  createdAt: null,
  value: null,
  currency: null,
  shopValue: null,
  shopCurrency: null,
  fbtraceId: null,
  answeredAt: null,
  bytesHash: null,
};

function partOf(row: UntoldOrder, facts: Facts | null, value: Value | null, before: LedgerLine | undefined): Part {
  // What Meta was told once stays told, whatever the settings say by now.
  const toldBefore = row.bytesHash !== null && row.bytesHash === before?.bytesHash;
  const sums =
    facts === null || toldBefore
      ? {
          value: before?.value ?? null,
          currency: before?.currency ?? null,
          shopValue: before?.shopValue ?? null,
          shopCurrency: before?.shopCurrency ?? null,
        }
      : {
          value: value?.amount ?? null,
          currency: value?.currency ?? null,
          shopValue: facts.shop?.total ?? null,
          shopCurrency: facts.shop?.currency ?? null,
        };
  return {
    order: row.orderId,
    eventId: row.eventId,
    createdAt: facts?.createdAt ?? before?.createdAt ?? row.eventTime,
    ...sums,
    fbtraceId: oneLine(row.fbtraceId),
    answeredAt: row.answeredAt,
    bytesHash: row.bytesHash,
  };
}

/** Why it waits: on purpose, or for what Meta last answered. */
function waitsFor({ hold, reason }: UntoldOrder): string | null {
  return hold ?? oneLine(reason);
}

/** Of an order that no page stands behind no browser could have told. */
function browserWord({ tr, actionSource }: Pick<UntoldOrder, "tr"> & { actionSource: ActionSource }): BrowserWord {
  if (tr !== null) return BROWSER_WORDS[tr];
  return actionSource === "website" ? "unknown" : "not_attempted";
}

/** What is hashed is parted by line breaks: none may come from outside. */
function oneLine(text: string | null): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text === null ? null : text.replace(/[\u0000-\u001f\u007f]/g, " ");
}

/** What is no decimal, and a sum that a number does not hold exactly, is no order's: neither would fit into the counts. */
function inMillionths(amount: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return 0;
  const exact = Number(millionths(amount));
  return Number.isSafeInteger(exact) ? exact : 0;
}

/** Whether a line would say nothing that the one before it does not say. Until when something waits is no news. */
export function saysTheSame(draft: Draft, before: LedgerLine | undefined): boolean {
  if (before === undefined) return false;
  const { until: _, ...said } = draft;
  return (Object.keys(said) as (keyof typeof said)[]).every((field) => said[field] === before[field]);
}
