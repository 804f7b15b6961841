import type { NewEvent, StoredEvent } from "./rows";

/**
 * What to do with an event whose id, or whose order, is in the outbox already (design: once per dataset).
 *
 * - `absorb`: the same conversion again; what it knows and the row does not is added while the row has not left.
 * - `release`: the browser's own copy of an event we were only guessing from webhooks: it becomes due now.
 * - `pay`: the row waits to be paid for, and this copy is: it leaves, dated by the payment.
 * - `revive`: the row ended by a rule that no longer applies; the new copy takes its place.
 * - `rename`: another order under the same checkout token. Never absorbed: a conversion would be lost.
 */
export type Resolution = "absorb" | "release" | "pay" | "revive" | "rename";

type Existing = Pick<StoredEvent, "outcome" | "reason" | "orderId" | "hold" | "attempts">;
type Incoming = Pick<NewEvent, "outcome" | "reason" | "orderId" | "topic" | "hold" | "consenting">;

/** Pure; `existing` has the incoming event's id or its order. */
export function resolveConflict(existing: Existing, incoming: Incoming): Resolution {
  const otherOrder = existing.orderId !== null && incoming.orderId !== null && existing.orderId !== incoming.orderId;
  if (otherOrder) return "rename";
  const unpaid = existing.outcome === "waiting" && existing.hold === "payment" && existing.attempts === 0;
  // An order that is older than the dataset's connection is only a stranger where nobody has told of it before.
  const payable = incoming.outcome === "waiting" || incoming.reason === "before_connection";
  if (unpaid && payable && incoming.hold !== "payment") return "pay";
  // A sweep brings what is missing: what is there by now, a webhook has told of meanwhile.
  if (incoming.topic === "sweep") return "absorb";
  if (incoming.outcome === "waiting" && mayTakeThePlaceOf(existing, incoming)) return "revive";
  const guessed = existing.outcome === "waiting" && existing.hold === "checkout" && existing.attempts === 0;
  return guessed && incoming.topic === "beacon" && incoming.outcome === "waiting" ? "release" : "absorb";
}

/** A skipped row never blocks a copy that may be sent; a withheld one only yields to a copy that brings consent. */
function mayTakeThePlaceOf(existing: Existing, { topic, consenting }: Incoming): boolean {
  if (topic === "backfill") return existing.reason === "before_connection";
  // What was said of a cancelled order before does not bring it back; a payment does.
  if (existing.reason === "cancelled") return topic === "orders/paid";
  if (existing.outcome === "skipped") return true;
  if (existing.outcome !== "withheld") return false;
  const wantedConsent = existing.reason === "no_consent_signal" || existing.reason === "consent_refused";
  return wantedConsent ? consenting : true;
}
