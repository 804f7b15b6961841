import { inRounds } from "../rounds";
import type { ContextWrite, NewEvent } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import type { Carrier } from "./events";

// Key by key into the index: row values in an IN list would walk all contexts of the shop.
const KNOWN_CHECKOUTS: Sql = ({ rows, keyByKey }) => `
  SELECT c."shopId", c."key" FROM ${rows("?1", { shopId: "integer", key: "text" })} AS w ${keyByKey} "BrowserContext" AS c
    ON c."shopId" = w."shopId" AND c."key" = w."key"
  WHERE c."beacon" = true`;

/** An event that would wait for its browser need not when the browser spoke first. */
export function* releaseWhatIsKnown<Carried extends Carrier>(carriers: Carried[]): Work<Carried[]> {
  const held = carriers.filter(({ event }) => event.hold === "browser_context" && event.checkoutToken !== null);
  if (held.length === 0) return carriers;
  const wanted = held.map(({ event }) => [event.shopId, `checkout.${event.checkoutToken}`]);
  const rows = yield* all<{ shopId: number; key: string }>(KNOWN_CHECKOUTS, JSON.stringify(wanted));
  const known = new Set(rows.map(({ shopId, key }) => `${shopId} ${key}`));
  return carriers.map((carrier) => {
    const { event } = carrier;
    const spoke = event.hold === "browser_context" && known.has(`${event.shopId} checkout.${event.checkoutToken}`);
    // A copy: the group may be rolled back and tried again without the write that told of the browser.
    return spoke ? { ...carrier, event: { ...event, hold: null, runAt: dueAt(event) } } : carrier;
  });
}

/** At once, but never before its own date. */
function dueAt({ receivedAt, eventTime }: NewEvent): number {
  return Math.max(receivedAt, eventTime);
}

const SPOKEN = { shopId: "integer", checkoutToken: "text", at: "integer" } as const;

const ofCheckout = `"Event"."shopId" = w."shopId" AND "Event"."checkoutToken" = w."checkoutToken"`;

const RELEASE_HELD: Sql = ({ rows, greatest, unindexed }) => `
  UPDATE "Event" SET "runAt" = ${greatest(`w."at"`, `"Event"."eventTime"`)}, "hold" = NULL
  FROM ${rows("?1", SPOKEN)} AS w
  WHERE ${ofCheckout} AND ${unindexed(`"Event"."outcome"`)} = 'waiting' AND "Event"."hold" = 'browser_context'
    AND "Event"."attempts" = 0`;

// Once, and only what Meta still takes: the drain would end an older one as expired.
const REOPEN_WITHHELD: Sql = ({ rows, unindexed }) => `
  UPDATE "Event" SET "outcome" = 'waiting', "reason" = NULL, "runAt" = w."at", "hold" = NULL, "settledAt" = NULL,
    "reopened" = true
  FROM ${rows("?1", SPOKEN)} AS w
  WHERE ${ofCheckout} AND ${unindexed(`"Event"."outcome"`)} = 'withheld' AND "Event"."reason" = 'no_consent_signal'
    AND "Event"."reopened" = false AND "Event"."eventTime" > w."at" - ${7 * 24 * 3_600_000}`;

const REFUSE_WITHHELD: Sql = ({ rows, unindexed }) => `
  UPDATE "Event" SET "reason" = 'consent_refused', "matchKeys" = NULL, "browser" = NULL, "runAt" = NULL
  FROM ${rows("?1", SPOKEN)} AS w
  WHERE ${ofCheckout} AND ${unindexed(`"Event"."outcome"`)} = 'withheld' AND "Event"."reason" = 'no_consent_signal'
    AND "Event"."countedAs" = 'withheld'`;

/** What a checkout's browser says lets go what waited for it, and brings back or refuses what was withheld. */
export function* releaseHeld(contexts: readonly ContextWrite[]): Work<void> {
  const spoken = contexts.filter(({ beacon, checkoutToken }) => beacon && checkoutToken !== null);
  yield* lock(SPEAKING, spoken);
  for (const round of inRounds(spoken, ({ shopId, checkoutToken }) => `${shopId} ${checkoutToken}`)) {
    yield* tell(RELEASE_HELD, round);
    yield* tell(
      REFUSE_WITHHELD,
      round.filter(({ refusing }) => refusing),
    );
    yield* tell(
      REOPEN_WITHHELD,
      round.filter(({ consenting }) => consenting),
    );
  }
}

const CONSENTS: Sql = ({ rows, keyByKey }) => `
  SELECT c."key", c."consent" FROM ${rows("?1", { shopId: "integer", key: "text" })} AS w ${keyByKey} "BrowserContext" AS c
    ON c."shopId" = w."shopId" AND c."key" = w."key"
  WHERE c."beacon" = true AND c."consent" IS NOT NULL`;

/** Brings back or refuses what was withheld of these checkouts, by what their browsers have said by now. */
export function* heedConsent(shopId: number, checkoutTokens: readonly string[], now: number): Work<void> {
  if (checkoutTokens.length === 0) return;
  yield* lock(
    HEEDING,
    checkoutTokens.map((checkoutToken) => ({ shopId, checkoutToken })),
  );
  const byKey = new Map(checkoutTokens.map((token) => [`checkout.${token}`, token]));
  const keys = [...byKey.keys()].map((key) => [shopId, key]);
  const rows = yield* all<{ key: string; consent: string }>(CONSENTS, JSON.stringify(keys));
  const saying = (marketing: boolean) =>
    rows.flatMap(({ key, consent }) => {
      const said: { marketing?: boolean } | null = JSON.parse(consent);
      return said?.marketing === marketing ? [{ shopId, checkoutToken: byKey.get(key) ?? null, receivedAt: now }] : [];
    });
  yield* tell(REFUSE_WITHHELD, saying(false));
  yield* tell(REOPEN_WITHHELD, saying(true));
}

// Who is being heard finds nothing withheld yet, and is not to be seen himself before he is done: who heeds waits for that.
const SPEAKING: Sql = ({ lockNames }) => lockNames("?1", "together");
const HEEDING: Sql = ({ lockNames }) => lockNames("?1", "alone");

function* lock(sql: Sql, checkouts: readonly Pick<ContextWrite, "shopId" | "checkoutToken">[]): Work<void> {
  if (checkouts.length === 0) return;
  yield* all(sql, JSON.stringify([...new Set(checkouts.map((one) => `${one.shopId} ${one.checkoutToken}`))]));
}

type Speaker = Pick<ContextWrite, "shopId" | "checkoutToken" | "receivedAt">;

function* tell(sql: Sql, contexts: readonly Speaker[]): Work<void> {
  if (contexts.length === 0) return;
  yield* run(
    sql,
    JSON.stringify(contexts.map(({ shopId, checkoutToken, receivedAt }) => [shopId, checkoutToken, receivedAt])),
  );
}
