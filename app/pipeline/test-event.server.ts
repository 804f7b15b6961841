import { ulid } from "ulid";
import { metaEvent } from "../delivery/payload";
import type { Judgement } from "../delivery/verdicts";
import { TEST_EVENT } from "../events/catalog";
import { noFacts } from "../events/event";
import type { Ending } from "../events/outcome";
import { sha256Hex } from "../match-keys/hash.server";
import type { Store } from "../store/store.server";
import { type AttemptDeps, attempt } from "./attempt.server";
import type { Destined } from "./delivering.server";
import { emptyRow } from "./incoming.server";

/** What Meta said to a test. */
export interface TestAnswer {
  eventId: string;
  verdict: Judgement["verdict"];
  /** HTTP status; null: no answer came. */
  status: number | null;
  /** Meta's own words. */
  answer: string;
  /** Ours for them; empty where there is nothing to add. */
  says: string;
}

interface TestDeps extends AttemptDeps {
  store: Store;
  newId?: (now: number) => string;
}

/**
 * Sends one test event in a request of its own, held or not, and writes both down. No person stands behind it: what it is
 * matched by is made up.
 */
export async function sendTestEvent(
  { shop, dataset }: Destined,
  { store, newId = ulid, ...deps }: TestDeps,
): Promise<TestAnswer> {
  const at = deps.now();
  const eventId = `test.${newId(at)}`;
  const facts = noFacts("unknown");
  const json = JSON.stringify(
    metaEvent({
      name: TEST_EVENT,
      eventId,
      time: at,
      actionSource: "system_generated",
      facts,
      value: null,
      contentIds: "",
      firstOrder: null,
      restricted: false,
      userData: { external_id: [sha256Hex("tandem-test")] },
      pageUrl: null,
      referrerUrl: null,
      limitedDataUse: null,
    }),
  );
  const { attempt: made, judgement, said } = await attempt([{ eventId, rowId: 0, json }], shop, dataset, deps);
  await store.recordTest({
    event: {
      ...emptyRow(shop, dataset, { topic: "test", webhookId: null, receivedAt: at, triggeredAt: null }),
      name: TEST_EVENT,
      eventId,
      ...endingOf(judgement),
      runAt: null,
      facts: JSON.stringify(facts),
    },
    attempt: made,
    bytes: shop.seal("Event.bytes", json),
    bytesHash: sha256Hex(json),
  });
  return { eventId, verdict: judgement.verdict, status: made.status, answer: said, says: judgement.says };
}

/** A test is over with its one request: nobody tries it again. */
function endingOf({ verdict, reason }: Judgement): Ending {
  return verdict === "accepted" ? { outcome: "accepted", reason: null } : { outcome: "rejected", reason };
}
