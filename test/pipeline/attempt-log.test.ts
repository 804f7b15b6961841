import { expect, it } from "vitest";
import type { Fetch } from "~/delivery/graph.server";
import { openLog } from "~/log.server";
import { attempt, type Travelling } from "~/pipeline/attempt.server";
import { order } from "../fixtures/order";
import { DATASET, SHOP, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

type Line = Record<string, unknown>;

const FIELDS = [
  "level",
  "time",
  "shop",
  "dataset",
  "bytes",
  "first",
  "events",
  "ms",
  "status",
  "verdict",
  "reason",
  "code",
  "subcode",
  "fbtraceId",
  "bytesHash",
  "msg",
];

/** What is logged while something is done. */
async function logging(
  act: (log: ReturnType<typeof openLog>) => Promise<unknown>,
): Promise<{ text: string; attempts: Line[] }> {
  const lines: string[] = [];
  await act(openLog("trace", { write: (line) => void lines.push(line) }));
  const attempts = lines.map((line): Line => JSON.parse(line)).filter(({ msg }) => msg === "delivery.attempted");
  return { text: lines.join(""), attempts };
}

/** Meta's answer, word for word. */
function answering(status: number, body: unknown): Fetch {
  return async () => ({
    status,
    headers: { get: () => null },
    text: async () => (typeof body === "string" ? body : JSON.stringify(body)),
  });
}

async function attempted(
  pipeline: TestPipeline,
  fetch: Fetch,
  more: { events?: Travelling[]; request?: number } = {},
): Promise<{ text: string; line: Line }> {
  const shop = pipeline.shop();
  const [dataset] = shop.datasets;
  if (dataset === undefined) throw new Error("the test's shop has no dataset");
  const { events = [{ eventId: "purchase.1", rowId: 1, json: '{"event_name":"Purchase"}' }], ...position } = more;
  const { text, attempts } = await logging((log) => {
    const graph = { url: "https://graph.example.com", version: "v25.0", fetch };
    return attempt(events, shop, dataset, { graph, log, now: pipeline.clock.now, ...position });
  });
  return { text, line: attempts[0] ?? {} };
}

it("is one line with everything an operator asks of a request", async () => {
  const pipeline = await testPipeline();
  await pipeline.webhook("orders/create", order({ country: "AU", checkoutToken: "c0ffee" }));
  const { attempts } = await logging((log) => pipeline.drain({ log }));
  expect(attempts).toHaveLength(1);
  const [line] = attempts;
  expect(line).toMatchObject({
    level: 30,
    shop: SHOP,
    dataset: DATASET,
    first: "purchase.c0ffee",
    events: 1,
    status: 200,
    verdict: "accepted",
    reason: null,
    code: null,
    subcode: null,
    fbtraceId: expect.any(String),
    bytes: pipeline.meta.requests[0]?.body.length,
    ms: expect.any(Number),
    bytesHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it("has the fields of a closed list and no other, whatever Meta answers", async () => {
  const pipeline = await testPipeline();
  const answers = [
    answering(200, { events_received: 1, fbtrace_id: "A1" }),
    answering(400, { error: { code: 190, error_subcode: 463, message: "Malformed", fbtrace_id: "A2" } }),
    answering(502, "<html>"),
    () => Promise.reject(new Error("socket hang up")),
  ];
  for (const fetch of answers) {
    const { line } = await attempted(pipeline, fetch);
    expect(Object.keys(line).filter((field) => !FIELDS.includes(field))).toEqual([]);
  }
  const { line } = await attempted(pipeline, answers[1] ?? answering(500, ""));
  expect(line).toMatchObject({
    verdict: "hold",
    reason: "meta_190_463",
    status: 400,
    code: 190,
    subcode: 463,
    fbtraceId: "A2",
  });
});

it("says which request of its batch it is, and how often its events were claimed", async () => {
  const pipeline = await testPipeline();
  const fetch = answering(200, { events_received: 2 });
  const events = [1, 3].map((claims) => ({ eventId: `purchase.${claims}`, rowId: claims, claims, json: "{}" }));
  expect((await attempted(pipeline, fetch, { events, request: 2 })).line).toMatchObject({
    events: 2,
    request: 2,
    claims: 3,
  });
});

it("holds nothing of token or shopper, however hostile what was sent and what came back", async () => {
  const pipeline = await testPipeline();
  await pipeline.beacon({
    name: "checkout_completed",
    checkout_token: "c0ffee",
    fbp: "fb.1.1763632800000.1234567890",
    fbc: "fb.1.1763632800000.IwAR2F4click",
  });
  await pipeline.webhook("orders/create", order({ country: "GB", checkoutToken: "c0ffee" }));
  const told = [
    TOKEN,
    "robin@example.co.uk",
    "203.0.113.7",
    "Mozilla/5.0 (Macintosh)",
    "fb.1.1763632800000.1234567890",
    "IwAR2F4click",
  ];
  const hostile = `no event for ${told.join(" and ")}: fb.1.1763632800000.IwAR2F4click, Bearer ${TOKEN}`;
  const answers: Fetch[] = [
    answering(400, { error: { code: 100, message: hostile, error_user_msg: hostile, fbtrace_id: hostile } }),
    answering(500, hostile),
    () => Promise.reject(new Error(hostile, { cause: new Error(hostile) })),
  ];
  for (const fetch of answers) {
    const event = { eventId: hostile, rowId: 1, json: JSON.stringify({ user_data: { fbp: hostile } }) };
    const { text, line } = await attempted(pipeline, fetch, { events: [event] });
    expect(line).toMatchObject({ dataset: DATASET, events: 1 });
    for (const secret of told) expect(text).not.toContain(secret);
  }

  const { text, attempts } = await logging((log) =>
    pipeline.drain({ log, graph: { url: "https://graph.example.com", version: "v25.0", fetch: answers[2] ?? fetch } }),
  );
  expect(attempts.length).toBeGreaterThan(0);
  for (const secret of told) expect(text).not.toContain(secret);
});

it("hides the token where an error of ours quotes it", async () => {
  const { text } = await logging(async (log) => {
    const quoting = new TypeError(`Headers.append: "Bearer ${TOKEN}" is an invalid header value.`);
    log.error({ err: quoting, lease: `of ${TOKEN}` }, `not sent with ${TOKEN}`);
  });
  expect(text).not.toContain(TOKEN);
  expect(text).toContain("Headers.append");
});
