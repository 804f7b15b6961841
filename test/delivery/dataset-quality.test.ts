import { ReadableStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import { textUpTo } from "~/delivery/answer-text";
import { coverageOf } from "~/delivery/dataset-quality";
import { askQuality } from "~/delivery/dataset-quality.server";
import { type Fetch, openGraphPool, PARTNER_AGENT } from "~/delivery/graph.server";
import { order } from "../fixtures/order";
import { postEvents, purchase } from "../simulators/meta/calls";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

const DESTINATION = { graphUrl: "http://127.0.0.1:9", dataset: DATASET, token: TOKEN };

async function ask({ meta }: TestPipeline, agent: string | null) {
  const pool = openGraphPool((dispatch) => dispatch);
  return askQuality({ ...DESTINATION, graphUrl: meta.origin }, agent, pool.fetch).finally(() => pool.close());
}

async function coverages(pipeline: TestPipeline, agent: string | null) {
  const answer = await ask(pipeline, agent);
  return answer.kind === "told" ? coverageOf(answer.events) : null;
}

/** Another app's Purchase, with no more than an e-mail. */
function another({ meta, clock }: TestPipeline) {
  const event = purchase({ event_id: "theirs.1", event_time: Math.floor(clock.now() / 1_000) });
  return postEvents(meta.origin, [event], { dataset: DATASET, token: TOKEN });
}

describe("what Meta says of a dataset's quality", () => {
  it("is of all senders, or of us alone: each of our requests says who we are", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect((await another(pipeline)).status).toBe(200);
    const [ours] = (await coverages(pipeline, PARTNER_AGENT)) ?? [];
    const [overall] = (await coverages(pipeline, null)) ?? [];
    expect([ours?.event, ours?.coverage.phone, overall?.coverage.phone]).toEqual(["Purchase", 100, 50]);
    expect(await coverages(pipeline, "somebody_1_0")).toEqual([]);
  });

  it("is asked for whole, under the version its fields were read in, the token in a header", async () => {
    const seen: { url: URL; headers: Record<string, string> }[] = [];
    const fetch: Fetch = async (url, { headers }) => {
      seen.push({ url: new URL(url), headers });
      return answer(200, '{"web":[]}');
    };
    expect(await askQuality(DESTINATION, "tandem_9_9", fetch)).toEqual({ kind: "told", events: [] });
    const [{ url, headers } = { url: new URL("http://x"), headers: {} }] = seen;
    expect([url.pathname, url.searchParams.get("dataset_id")]).toEqual(["/v25.0/dataset_quality", DATASET]);
    expect(url.searchParams.get("agent_name")).toBe("tandem_9_9");
    expect(url.searchParams.get("fields")).toMatch(/^web\{event_name,.*goal_percentage.*dedupe_key_feedback\{/);
    expect([headers.authorization, url.href.includes(TOKEN)]).toEqual([`Bearer ${TOKEN}`, false]);
  });

  it.each<[string, Awaited<ReturnType<Fetch>> | Error, object]>([
    ["a refusal in words alone", answer(400, "{}"), { reason: "unreadable", code: null, subcode: null }],
    [
      "a refusal with Meta's numbers",
      answer(403, '{"error":{"code":10,"error_subcode":1}}'),
      { reason: "no_permission", code: 10, subcode: 1 },
    ],
    [
      "an error that says it is an answer",
      answer(200, '{"error":{"code":190,"error_subcode":463}}'),
      { reason: "expired_token", code: 190, subcode: 463 },
    ],
    ["rows of which none can be read", answer(200, '{"web":[{"event_name":7}]}'), { reason: "unreadable" }],
    ["what is no JSON", answer(200, "<html>"), { reason: "unreadable" }],
    ["a code that is no code", answer(400, '{"error":{"code":1e300}}'), { reason: "unreadable", code: null }],
    ["an outage", answer(502, "<html>"), { reason: "meta_down" }],
    ["more than a megabyte", answer(200, `{"web":[]}${" ".repeat(1_000_000)}`), { reason: "unreadable" }],
    ["silence", new Error("no route"), { reason: "no_answer", code: null, subcode: null }],
  ])("is refused by %s, and says why", async (_what, said, refusal) => {
    const fetch: Fetch = async () => {
      if (said instanceof Error) throw said;
      return said;
    };
    expect(await askQuality(DESTINATION, null, fetch)).toMatchObject({ kind: "refused", refusal });
  });
});

describe("the text of an answer", () => {
  it("is read to its last byte, and no piece further than that", async () => {
    let taken = 0;
    async function* pieces() {
      for (let n = 0; n < 1_000; n += 1) {
        taken += 1;
        yield Buffer.from("ü".repeat(50));
      }
    }
    const text = async () => expect.unreachable();
    expect(await textUpTo({ body: ReadableStream.from(pieces()), text }, 99_999)).toBeNull();
    expect(taken).toBe(1_000);
    taken = 0;
    expect(await textUpTo({ body: ReadableStream.from(pieces()), text }, 250)).toBeNull();
    expect(taken).toBe(3);
    expect(await textUpTo({ body: ReadableStream.from(pieces()), text }, 100_000)).toBe("ü".repeat(50_000));
  });
});

function answer(status: number, text: string) {
  return { status, headers: { get: () => null }, text: async () => text };
}
