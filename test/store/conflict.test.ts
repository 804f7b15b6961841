import { describe, expect, it } from "vitest";
import { type Resolution, resolveConflict } from "~/store/conflict";

type Existing = Parameters<typeof resolveConflict>[0];
type Incoming = Parameters<typeof resolveConflict>[1];

const WAITING: Existing = { outcome: "waiting", reason: null, orderId: "1", hold: null, attempts: 0 };
const COPY: Incoming = {
  outcome: "waiting",
  reason: null,
  orderId: "1",
  topic: "orders/paid",
  hold: null,
  consenting: false,
};
const SKIPPED = { outcome: "skipped", reason: "unknown_source" } as const;
const NO_SIGNAL = { outcome: "withheld", reason: "no_consent_signal" } as const;
const REFUSED = { outcome: "withheld", reason: "consent_refused" } as const;
const GUESS = { orderId: null, hold: "checkout" } as const;
const BEACON = { orderId: null, topic: "beacon", consenting: true } as const;

interface Row {
  when: string;
  existing?: Partial<Existing>;
  incoming?: Partial<Incoming>;
  becomes: Resolution;
}

const TABLE: Row[] = [
  { when: "a repeat meets a waiting row", becomes: "absorb" },
  { when: "a repeat meets a row on its way to Meta", existing: { attempts: 1 }, becomes: "absorb" },
  { when: "a repeat meets an accepted row", existing: { outcome: "accepted" }, becomes: "absorb" },
  { when: "a repeat meets a rejected row", existing: { outcome: "rejected", reason: "no_money" }, becomes: "absorb" },
  { when: "a repeat meets an expired row", existing: { outcome: "expired", reason: "too_late" }, becomes: "absorb" },
  { when: "a repeat meets a dead row", existing: { outcome: "dead", reason: "unknown_answer" }, becomes: "absorb" },
  { when: "a paid copy meets a row that waits to be paid for", existing: { hold: "payment" }, becomes: "pay" },
  {
    when: "another unpaid copy meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { hold: "payment" },
    becomes: "absorb",
  },
  {
    when: "a paid copy that may not be sent meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { outcome: "skipped" },
    becomes: "absorb",
  },
  {
    when: "a paid copy of an order older than the connection meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { outcome: "skipped", reason: "before_connection" },
    becomes: "pay",
  },
  {
    when: "a sweep meets a row that was skipped",
    existing: SKIPPED,
    incoming: { topic: "sweep" },
    becomes: "absorb",
  },
  {
    when: "a sweep of an order older than the connection meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { topic: "sweep", outcome: "skipped", reason: "before_connection" },
    becomes: "pay",
  },
  {
    when: "a sweep of a paid order meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { topic: "sweep", hold: null },
    becomes: "pay",
  },
  {
    when: "a sweep of an unpaid order meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { topic: "sweep", hold: "payment" },
    becomes: "absorb",
  },
  {
    when: "a sweep of an unpaid order older than the connection meets a row that waits to be paid for",
    existing: { hold: "payment" },
    incoming: { topic: "sweep", outcome: "skipped", reason: "awaiting_payment" },
    becomes: "absorb",
  },
  {
    when: "a sweep meets another order under its checkout token",
    existing: { orderId: "2" },
    incoming: { topic: "sweep" },
    becomes: "rename",
  },
  {
    when: "a backfill meets a row that is older than the connection",
    existing: { outcome: "skipped", reason: "before_connection" },
    incoming: { topic: "backfill" },
    becomes: "revive",
  },
  {
    when: "a backfill meets a row that was skipped for another reason",
    existing: SKIPPED,
    incoming: { topic: "backfill" },
    becomes: "absorb",
  },
  {
    when: "a copy from before the cancellation meets a cancelled row",
    existing: { outcome: "skipped", reason: "cancelled" },
    incoming: { topic: "orders/create" },
    becomes: "absorb",
  },
  {
    when: "a payment meets a row that was voided",
    existing: { outcome: "skipped", reason: "cancelled" },
    becomes: "revive",
  },
  { when: "an event without an order meets its own id", existing: { orderId: null }, becomes: "absorb" },

  { when: "another order brings the same id", incoming: { orderId: "2" }, becomes: "rename" },
  {
    when: "another order meets an accepted row",
    existing: { outcome: "accepted" },
    incoming: { orderId: "2" },
    becomes: "rename",
  },
  {
    when: "another order meets a skipped row",
    existing: SKIPPED,
    incoming: { orderId: "2" },
    becomes: "rename",
  },
  {
    when: "another order that was skipped itself",
    incoming: { ...SKIPPED, orderId: "2" },
    becomes: "rename",
  },

  { when: "a sendable copy meets a skipped row", existing: SKIPPED, becomes: "revive" },
  {
    when: "a skipped copy meets a skipped row",
    existing: SKIPPED,
    incoming: { outcome: "skipped" },
    becomes: "absorb",
  },
  { when: "a skipped copy meets a waiting row", incoming: { outcome: "skipped" }, becomes: "absorb" },
  { when: "a copy without consent meets a row that lacked the signal", existing: NO_SIGNAL, becomes: "absorb" },
  {
    when: "a consenting copy meets a row that lacked the signal",
    existing: NO_SIGNAL,
    incoming: { consenting: true },
    becomes: "revive",
  },
  { when: "a copy without consent meets a refused row", existing: REFUSED, becomes: "absorb" },
  {
    when: "a consenting copy meets a refused row",
    existing: REFUSED,
    incoming: { consenting: true },
    becomes: "revive",
  },
  {
    when: "a consenting copy that is skipped meets a refused row",
    existing: REFUSED,
    incoming: { consenting: true, outcome: "skipped" },
    becomes: "absorb",
  },
  {
    when: "a copy meets a row whose dataset had been disconnected",
    existing: { outcome: "withheld", reason: "disconnected" },
    becomes: "revive",
  },
  {
    when: "a copy meets a row of a shop that had uninstalled",
    existing: { outcome: "withheld", reason: "uninstalled" },
    becomes: "revive",
  },

  { when: "the beacon meets our guess of a checkout", existing: GUESS, incoming: BEACON, becomes: "release" },
  {
    when: "another checkout webhook meets our guess",
    existing: GUESS,
    incoming: { orderId: null, topic: "checkouts/update" },
    becomes: "absorb",
  },
  {
    when: "the beacon meets a guess that has left already",
    existing: { ...GUESS, attempts: 1 },
    incoming: BEACON,
    becomes: "absorb",
  },
  {
    when: "the beacon meets a guess that Meta took",
    existing: { ...GUESS, outcome: "accepted" },
    incoming: BEACON,
    becomes: "absorb",
  },
  {
    when: "a webhook meets a row that waits for its browser",
    existing: { hold: "browser_context" },
    becomes: "absorb",
  },
];

describe("a conflict in the outbox", () => {
  it.each(TABLE)("$when: $becomes", ({ existing, incoming, becomes }) => {
    expect(resolveConflict({ ...WAITING, ...existing }, { ...COPY, ...incoming })).toBe(becomes);
  });
});
