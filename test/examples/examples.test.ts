import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOPICS } from "~/sources/topics";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { DAY } from "../support/clock";
import { EXAMPLES } from "./all";
import type { Example } from "./example";
import { payloadOf } from "./payload-of";
import { pipelineWith, shopFlags } from "./shop-of";

let meta: MetaStandIn;
beforeAll(async () => {
  meta = await startMeta({ now: () => DAY });
});
afterAll(() => meta.close());

describe("the examples", () => {
  it("speak of every topic", () => {
    expect([...new Set(EXAMPLES.map(({ topic }) => topic))].sort()).toEqual(Object.keys(TOPICS).sort());
  });

  it("have a title of their own each", () => {
    const titles = EXAMPLES.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(EXAMPLES.map((example) => [example.topic, example.title, example] as const))("%s: %s", async (...[
    ,
    ,
    example,
  ]) => {
    const { code, out, err } = await payloadOf(example, await shopOf(example));
    expect({ code, err, printed: JSON.parse(out) }).toEqual({ code: 0, err: "", printed: example.out });
    const { events } = JSON.parse(out);
    if (events.length > 0) expect(await answerOfMeta(events)).toMatchObject({ events_received: events.length });
  });
});

/** The flags for a shop of which something is known; none for the documented defaults. */
async function shopOf(example: Example): Promise<{ flags: string[]; env: Record<string, string> }> {
  if (example.shop === undefined) return { flags: [], env: {} };
  return shopFlags(await pipelineWith(example.shop));
}

async function answerOfMeta(data: unknown[]): Promise<unknown> {
  const response = await fetch(`${meta.origin}/v25.0/1234567890/events`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer EAAtesttoken" },
    body: JSON.stringify({ data }),
  });
  return response.json();
}
