import { describe, expect, it } from "vitest";
import { requestBody } from "~/delivery/graph.server";
import { PAYMENT_HOLD } from "~/outbox/hold";
import { receiveBeacon } from "~/pipeline.server";
import { beaconSchema } from "~/sources/beacon";
import { parseJson } from "~/sources/json";
import { SHOP, type TestPipeline } from "../support/pipeline";
import { EXAMPLES } from "./all";
import { type BrowserFile, bodyText, CONSENT_GIVEN, type Example } from "./example";
import { TOKEN } from "./parts";
import { payloadOf } from "./payload-of";
import { pipelineWith, shopFlags } from "./shop-of";

/** Time enough for every hold to end. */
const HOLDS_MS = 10 * 60_000;

/** Ages are measured against a moment of the example's own; these are about nothing else. */
const ABOUT_THE_MESSAGE = EXAMPLES.filter(({ now }) => now === undefined);
const ROWS = ABOUT_THE_MESSAGE.map((example) => [example.topic, example.title, example] as const);

describe("what `payload` prints", () => {
  it.each(ROWS)("is what delivery does: %s: %s", async (...[, , example]) => {
    const pipeline = await pipelineWith(example.shop);
    const browser = browserOf(example);
    const { out } = await payloadOf(example, { browser, ...shopFlags(pipeline) });

    if (browser.consent !== undefined) await beacon(pipeline, browser);
    await pipeline.webhook(example.topic, parseJson(bodyText(example)));
    pipeline.clock.pass(HOLDS_MS);
    await pipeline.drain();
    // An order that nobody pays waits for longer than any other.
    if ((await pipeline.events()).some(({ hold }) => hold === "payment")) {
      pipeline.clock.pass(PAYMENT_HOLD.ms);
      await pipeline.drain();
    }

    const sent = pipeline.meta.requests.map(({ body }) => body);
    const { skipped } = JSON.parse(out);
    expect(out).toBe(`{"events":[${sent.map(eventsOf).join(",")}],"skipped":${JSON.stringify(skipped)}}\n`);
    // An enrichment and a topic that is off leave no row behind; everything else says the same in the outbox.
    const rows = await pipeline.events();
    for (const row of rows.filter(({ outcome }) => outcome !== "accepted")) {
      expect(skipped).toContainEqual({ event: row.name, outcome: row.outcome, reason: row.reason });
    }
    expect(rows.filter(({ outcome }) => outcome === "accepted")).toHaveLength(JSON.parse(out).events.length);
  });

  it("is the same without a browser file as with one that only gives consent", async () => {
    for (const example of ABOUT_THE_MESSAGE.filter(
      ({ browser, shop }) => browser === undefined && shop === undefined,
    )) {
      const plain = await payloadOf(example);
      expect(await payloadOf(example, { browser: { consent: CONSENT_GIVEN } })).toEqual(plain);
    }
  });
});

/** What the browser must have told for delivery to know what `payload` takes for granted. */
function browserOf(example: Example): BrowserFile {
  if (example.browser !== undefined) return example.browser;
  const pixelMaySpeak = example.topic.startsWith("orders/") && bodyText(example).includes(TOKEN);
  return pixelMaySpeak ? { consent: CONSENT_GIVEN } : {};
}

/** A beacon that knows exactly what the file says. */
async function beacon({ shop, store, registry, clock }: TestPipeline, browser: BrowserFile): Promise<void> {
  const fields = beaconSchema.parse({
    v: 1,
    shop: SHOP,
    key: shop().beaconKey,
    name: "checkout_completed",
    id: "sh-0000-0001",
    timestamp: new Date(clock.now()).toISOString(),
    client_id: browser.clientId ?? null,
    checkout_token: TOKEN,
    consent: browser.consent,
    fbp: browser.fbp ?? null,
    fbc: browser.fbc ?? null,
    url: browser.url ?? null,
    referrer: null,
    tr: "unknown",
  });
  const told = {
    beacon: fields,
    ip: browser.clientIp ?? null,
    userAgent: browser.userAgent ?? null,
    globalPrivacyControl: false,
  };
  await receiveBeacon(told, { store, registry, now: clock.now });
}

/** The events inside a request, as the very text that travelled. */
function eventsOf(body: string): string {
  const after = requestBody([], null).slice('{"data":['.length);
  expect(body.startsWith('{"data":[') && body.endsWith(after)).toBe(true);
  return body.slice('{"data":['.length, -after.length);
}
