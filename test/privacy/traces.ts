import { sha256Hex } from "~/match-keys/hash.server";
import { CHECKOUT_TOKEN, checkoutCompleted, checkoutStarted } from "../fixtures/beacon";
import { customer } from "../fixtures/customer";
import { order } from "../fixtures/order";
import { later, MINUTE } from "../pipeline/seen";
import type { TestPipeline } from "../support/pipeline";
import { switchOn } from "../support/settings";

/** The fixtures' customer, and what Tandem knows them by. */
export const CUSTOMER = 8880001;
export const CUSTOMER_KEY = sha256Hex(String(CUSTOMER));
export const VISITOR = "visitor-of-the-customer";
const EMAIL_HASH = sha256Hex("jordan.example@example.com");
const FBP = "fb.1.1763632800000.4444555566";

const at = (pipeline: TestPipeline) => new Date(pipeline.clock.now()).toISOString();

/** The customer looks round unknown, then known, buys twice (once online, once at the till), makes an account, and waits with a third order. */
export async function customerLives(pipeline: TestPipeline): Promise<void> {
  await switchOn(pipeline, "CompleteRegistration", "Refund");
  const browser = { client_id: VISITOR, fbp: FBP };
  const known = { ...browser, user_data: { external_id: [CUSTOMER_KEY], em: [EMAIL_HASH] } };
  await pipeline.beacon({ name: "page_viewed", id: "sh-first-visit-unknown", ...browser });
  await pipeline.beacon({ name: "page_viewed", id: "sh-second-visit-known", ...known });
  await pipeline.beacon({ ...checkoutStarted, id: "sh-begins-checkout", ...browser });
  await pipeline.beacon({ ...checkoutCompleted, id: "sh-completes-checkout", ...browser });
  await pipeline.webhook("orders/create", order({ at: at(pipeline) }), "webhook-of-the-first-order");
  await pipeline.webhook(
    "customers/create",
    customer({}, { id: CUSTOMER, created_at: at(pipeline) }),
    "webhook-registration",
  );
  await pipeline.drain();
  await later(pipeline, MINUTE);
  const till = { id: 5550002, checkoutToken: null, sourceName: "pos", at: at(pipeline) };
  await pipeline.webhook("orders/create", order(till), "webhook-of-the-till");
  await pipeline.drain();
}

/** An order that is still here when the request comes. */
export async function customerWaits(pipeline: TestPipeline): Promise<void> {
  const token = "waiting-checkout-0003";
  const waiting = order({ id: 5550003, checkoutToken: token, at: at(pipeline) });
  pipeline.meta.weather.script([{ kind: "status", status: 500 }]);
  await pipeline.webhook("orders/create", waiting, "webhook-that-waits");
  await pipeline.drain();
}

/** Others live beside them: their rows share pages with the customer's. */
export async function othersLive(pipeline: TestPipeline, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    const checkoutToken = `other-checkout-${n}`;
    const person = {
      email: `other${n}@example.org`,
      phone: null,
      customer: { id: 7_000_000 + n, email: `other${n}@example.org` },
    };
    await pipeline.beacon({
      ...checkoutCompleted,
      id: `sh-other-${n}`,
      checkout_token: checkoutToken,
      client_id: `other-${n}`,
    });
    await pipeline.webhook(
      "orders/create",
      order({ id: 6_000_000 + n, checkoutToken, at: at(pipeline), country: "GB" }, person),
    );
    if (n % 20 === 0) await pipeline.drain();
  }
  await pipeline.drain();
}

/** Everything by which the customer could be found again: names, hashes, ids, and what was sealed of them. */
export async function tracesOf({ db }: TestPipeline): Promise<string[]> {
  const events = await db.event.findMany({
    where: {
      OR: [
        { customerKey: CUSTOMER_KEY },
        { orderId: { in: ["5550001", "5550002", "5550003"] } },
        { checkoutToken: CHECKOUT_TOKEN },
        { eventId: { startsWith: "sh-" }, NOT: { eventId: { startsWith: "sh-other" } } },
      ],
    },
  });
  const contexts = await db.browserContext.findMany({
    where: { key: { in: [`checkout.${CHECKOUT_TOKEN}`, `client.${VISITOR}`, `customer.${CUSTOMER_KEY}`] } },
  });
  const columns = [
    ...events.flatMap(({ eventId, orderId, checkoutToken, customerKey, webhookId, browser, bytes, bytesHash }) => [
      eventId,
      orderId,
      checkoutToken,
      customerKey,
      webhookId,
      browser,
      bytes,
      bytesHash,
    ]),
    ...contexts.flatMap(({ key, browser }) => [key, browser]),
  ];
  const hashes = ["jordan", "example", "5032261234"].map((word) => sha256Hex(word));
  const named = [
    CUSTOMER_KEY,
    EMAIL_HASH,
    sha256Hex("15032261234"),
    sha256Hex(VISITOR),
    VISITOR,
    FBP,
    CHECKOUT_TOKEN,
    String(CUSTOMER),
  ];
  // Names are others' too; a hash of one alone finds nobody.
  return [...new Set([...columns, ...named].filter((word) => word !== null))].filter((word) => !hashes.includes(word));
}
