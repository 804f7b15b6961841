import { isEventName } from "../events/names";
import { type Ending, endingFor } from "../events/outcome";
import type { Rule } from "../events/rules";
import type { Lookups } from "../lookup/lookups";
import { keyAccount } from "../match-keys/key-account";
import { merge } from "../match-keys/user-data";
import type { Covered } from "../outbox/coverage";
import { browserCopyStands, isPastWindow } from "../outbox/window";
import type { DatasetPolicy } from "../settings/dataset-policy";
import type { Dataset, Shop } from "../settings/registry.server";
import { isOn, policyOf } from "../settings/settings";
import type { MemoryWrite, StoredEvent } from "../store/rows";
import { SealError } from "../store/seal.server";
import type { Store } from "../store/store.server";
import { customerMemory } from "./browser-context.server";
import { BESIDE_A_PURCHASE, gather, type Knowledge, type Known, keyOfEvent, knownOf } from "./knowledge.server";
import { endOfMade, isFirstOrder } from "./made-events.server";
import { BEFORE_THE_CHECKOUT, type Departure, prepare } from "./outgoing.server";
import { type Crowd, registrationEnd } from "./registration.server";

/** A claimed row that is ready to leave. */
export interface Ready {
  row: StoredEvent;
  departure: Departure;
  /** JSON text of the event, exactly as it travels. */
  json: string;
  /** What is worth remembering of the customer once Meta has taken it. */
  memory: MemoryWrite[];
  /** Which match keys leave with it, and what else it will be counted by. */
  covered: Covered;
}

/** A claimed row that ends without Meta being asked. */
export interface EndedRow {
  row: StoredEvent;
  ending: Ending;
  /** JSON of the consent decision; null where it did not come to one. */
  consent: string | null;
}

/** A claimed row that a fault of ours keeps from being prepared. */
export interface FaultyRow {
  row: StoredEvent;
  error: unknown;
}

/** A claimed row that something has to be known for first. */
export interface EarlyRow {
  row: StoredEvent;
  /** What it waits for: its Purchase's own end, or Shopify's answer. */
  reason: "purchase_waits" | "shopify_waits";
  /** When to look again, epoch milliseconds. */
  runAt: number;
}

interface Parted {
  ready: Ready[];
  ended: EndedRow[];
  early: EarlyRow[];
  faulty: FaultyRow[];
}

interface PartingDeps {
  store: Store;
  lookups: Lookups;
}

/**
 * Parts the claimed rows into those that leave and those that end, by everything known now. A row that cannot be prepared
 * must not keep the others from leaving.
 */
export async function partClaim(
  rows: StoredEvent[],
  shop: Shop,
  { dataset }: Dataset,
  deps: PartingDeps,
  now: number,
): Promise<Parted> {
  const destination: Destination = { shop, dataset, policy: policyOf(shop.settings, dataset) };
  const crowd = await deps.store.registrationCrowd(rows.filter((row) => baseOf(row, shop) === "CompleteRegistration"));
  const knowledge = await gather(rows, shop, deps, now);
  const parted: Parted = { ready: [], ended: [], early: [], faulty: [] };
  for (const row of rows) {
    try {
      const prepared = prepareRow(row, destination, { knowledge, crowd, now });
      if ("departure" in prepared) parted.ready.push(prepared);
      else if ("runAt" in prepared) parted.early.push(prepared);
      else parted.ended.push(prepared);
    } catch (error) {
      if (isDamage(error)) parted.ended.push(ended(row, endingFor("damaged")));
      else parted.faulty.push({ row, error });
    }
  }
  return parted;
}

/** What was stored does not open or parse; anything else that goes wrong is a fault of the code. */
function isDamage(error: unknown): boolean {
  return error instanceof SealError || error instanceof SyntaxError;
}

interface Destination {
  shop: Shop;
  /** Meta's number of the dataset. */
  dataset: string;
  policy: DatasetPolicy;
}

function prepareRow(
  row: StoredEvent,
  destination: Destination,
  { knowledge, crowd, now }: { knowledge: Knowledge; crowd: Crowd; now: number },
): Ready | EndedRow | EarlyRow {
  const { shop, policy } = destination;
  const early = endBeforeLooking(row, destination, crowd, now);
  if (early !== null) return ended(row, early);
  const known = knownOf(row, shop, knowledge, now);
  const { purchase } = known;
  // Its own end is still open: told first, it would be about an order that Meta does not know.
  if (purchase?.outcome === "waiting") {
    return { row, reason: "purchase_waits", runAt: Math.max(purchase.runAt ?? 0, now + SOON_MS) };
  }
  const left = knowledge.leftBrowser.get(keyOfEvent(row)) ?? null;
  if (browserCopyStands(left, now)) return ended(row, endingFor("browser_copy_stands"));
  const rule = ruleOf(row, shop);
  const end = endByKnowledge(row, known, rule, knowledge, destination);
  if (end?.reason === "cannot_tell" && known.unasked && now < row.receivedAt + ANSWERS_MS) {
    return { row, reason: "shopify_waits", runAt: now + Math.max(ASK_AGAIN_MS, now - row.receivedAt) };
  }
  if (end !== null) return ended(row, end);
  const { facts, browser } = known;
  const base = baseOf(row, shop);
  const mayRecognise = BEFORE_THE_CHECKOUT.has(base);
  const recognisable = mayRecognise ? known.remembered : {};
  const keys = policy.recognise ? merge(known.keys, recognisable) : known.keys;
  const prepared = prepare(
    {
      name: row.name,
      base,
      eventId: row.eventId,
      time: row.eventTime,
      actionSource: row.actionSource,
      facts,
      keys,
      browser,
      beacon: row.topic === "beacon",
      firstOrder: isFirstOrder(facts, known),
      decidedAt: now,
    },
    shop,
    { dataset: policy, consent: shop.settings.consent },
  );
  if (!prepared.ok) return { row, ending: prepared.ending, consent: JSON.stringify(prepared.consent) };
  const { departure } = prepared;
  const memory =
    row.customerKey === null ? [] : customerMemory({ ...known, customerKey: row.customerKey, at: now }, shop);
  const covered = {
    keyAccount: keyAccount(departure.userData, known.tellers, recognisable),
    facts,
    recognising: mayRecognise ? policy.recognise : null,
  };
  return { row, departure, json: departure.json, memory, covered };
}

/** The rules that need nothing but the row and the settings. */
function endBeforeLooking(row: StoredEvent, { shop, dataset }: Destination, crowd: Crowd, now: number): Ending | null {
  if (row.hold === "payment") return endingFor("awaiting_payment");
  if (isPastWindow(row, now)) return endingFor(row.attempts > 1 ? "meta_unreachable" : "not_sent_in_time");
  if (row.rule !== null) {
    const rule = ruleOf(row, shop);
    if (!rule?.on || rule.name !== row.name) return endingFor("rule_off");
  } else if (isEventName(row.name) && !isOn(shop.settings, row.name, "server", dataset)) return endingFor("event_off");
  return baseOf(row, shop) === "CompleteRegistration" ? registrationEnd(row, crowd) : null;
}

function ruleOf({ rule }: StoredEvent, { settings }: Shop): Rule | undefined {
  return rule === null ? undefined : settings.rules.find(({ key }) => key === rule);
}

/** The event that a rule's was made of; else its own name. */
function baseOf(row: StoredEvent, shop: Shop): string {
  return ruleOf(row, shop)?.base ?? row.name;
}

const SOON_MS = 1_000;

/** An event is held back for an answer of Shopify's for so long, which outlasts a restart there, and no longer. */
const ANSWERS_MS = 3_600_000;
/** Asked again after so long at first, then whenever its age has doubled: eight questions in all. */
const ASK_AGAIN_MS = 60_000;

/** The rules that ask what is known of the event by now. */
function endByKnowledge(
  row: StoredEvent,
  { facts, beaconOfCheckout, purchase, order }: Known,
  rule: Rule | undefined,
  { products }: Knowledge,
  { shop, policy }: Destination,
): Ending | null {
  // The pixel works for this checkout: had there been an InitiateCheckout, it would have told us itself.
  if (row.topic.startsWith("checkouts/") && beaconOfCheckout) return endingFor("enriches_only");
  if (BESIDE_A_PURCHASE.has(row.name) && purchase?.outcome !== "accepted") return endingFor("no_purchase");
  return endOfMade({ name: row.name, facts, rule }, { order, products: products.told }, shop, policy);
}

function ended(row: StoredEvent, ending: Ending): EndedRow {
  return { row, ending, consent: null };
}
