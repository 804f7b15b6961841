import { describe, expect, it, onTestFinished } from "vitest";
import { QUALITY_FIELDS } from "~/delivery/dataset-quality";
import { hit, NOON, post, purchase, sha256 } from "./calls";
import { type MetaStandIn, startMeta } from "./server";

interface Row {
  event_name: string;
  event_match_quality?: {
    composite_score?: number;
    match_key_feedback: { identifier: string; coverage: { percentage: number }; potential_aly_acr_increase?: object }[];
  };
  event_coverage?: { percentage: number; goal_percentage: number };
  dedupe_key_feedback?: { dedupe_key: string; overall_browser_coverage_from_dedupe_key: { percentage: number } }[];
  data_freshness?: { upload_frequency: string };
  acr?: { percentage: number };
}

async function open(tokens: Parameters<typeof startMeta>[0] = {}): Promise<MetaStandIn> {
  const meta = await startMeta({ now: () => NOON, ...tokens });
  onTestFinished(() => meta.close());
  return meta;
}

async function ask(
  { origin }: MetaStandIn,
  { agent, fields = QUALITY_FIELDS }: { agent?: string; fields?: string } = {},
) {
  const query = new URLSearchParams({
    dataset_id: "1001",
    fields,
    ...(agent === undefined ? {} : { agent_name: agent }),
  });
  const answer = await fetch(`${origin}/v25.0/dataset_quality?${query}`, { headers: { authorization: "Bearer T" } });
  const json: { web?: Row[]; error?: { code: number; error_subcode?: number } } = await answer.json();
  return { status: answer.status, ...json };
}

const PHONE = sha256("15550100");
const EMAIL = sha256("mary@example.com");
const CLICK = `fb.1.${NOON - 60_000}.AbCdEf`;
const BARE = { client_user_agent: "Mozilla/5.0", client_ip_address: "203.0.113.7" };

function send({ origin }: MetaStandIn, id: string, userData: object, agent?: string) {
  const data = [purchase({ event_id: id, user_data: { ...BARE, ...userData } })];
  return post(origin, { data, ...(agent === undefined ? {} : { partner_agent: agent }) });
}

async function scoreOf(...userData: object[]): Promise<number> {
  const meta = await open();
  for (const [n, keys] of userData.entries()) await send(meta, `purchase.${n}`, keys);
  const { web } = await ask(meta);
  return web?.[0]?.event_match_quality?.composite_score ?? Number.NaN;
}

describe("what the stand-in makes of a dataset's events", () => {
  it("is a score that an e-mail, a phone and a click id raise, by the share of events that carry them", async () => {
    const bare = await scoreOf({});
    const half = await scoreOf({ ph: [PHONE] }, {});
    const phone = await scoreOf({ ph: [PHONE] });
    const both = await scoreOf({ ph: [PHONE], em: [EMAIL] });
    const clicked = await scoreOf({ ph: [PHONE], em: [EMAIL], fbc: CLICK });
    expect([bare < half, half < phone, phone < both, both < clicked, clicked <= 10]).toEqual(Array(5).fill(true));
  });

  it("names keys as Meta does, and says what more of one would bring", async () => {
    const meta = await open();
    await send(meta, "purchase.1", { em: [EMAIL], ph: [PHONE] });
    await send(meta, "purchase.2", { em: [EMAIL] });
    const { web } = await ask(meta);
    const keys = web?.[0]?.event_match_quality?.match_key_feedback ?? [];
    expect(keys.map(({ identifier, coverage }) => [identifier, coverage.percentage])).toEqual([
      ["email", 100],
      ["phone", 50],
      ["fbc", 0],
      ["user_agent", 100],
      ["ip_address", 100],
    ]);
    expect(keys.map(({ potential_aly_acr_increase: more }) => more !== undefined)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it("tells how much of the browser's events the server's cover, and by which key", async () => {
    const meta = await open();
    await send(meta, "purchase.1", { em: [EMAIL] });
    for (const eid of ["purchase.1", "purchase.2"])
      await hit(meta.origin, {
        id: "1001",
        ev: "Purchase",
        eid,
        dl: "https://shop.example/",
        "cd[value]": "1",
        "cd[currency]": "EUR",
      });
    await hit(meta.origin, { id: "1001", ev: "PageView", eid: "view.1", dl: "https://shop.example/" });
    const { web } = await ask(meta);
    const of = (name: string) => web?.find(({ event_name }) => event_name === name);
    expect(of("Purchase")).toMatchObject({
      event_coverage: { percentage: 50, goal_percentage: 75 },
      acr: { percentage: 0 },
      data_freshness: { upload_frequency: "real_time" },
    });
    expect(of("Purchase")?.dedupe_key_feedback?.[0]).toMatchObject({
      dedupe_key: "event_id",
      overall_browser_coverage_from_dedupe_key: { percentage: 50 },
    });
    expect(of("PageView")).toEqual({ event_name: "PageView" });
  });

  it("is of one sender where one is named, and holds only fields that were asked for", async () => {
    const meta = await open();
    await send(meta, "purchase.1", { ph: [PHONE] }, "tandem_0_1");
    await send(meta, "purchase.2", { em: [EMAIL] });
    const fields = "web{event_name,event_match_quality{match_key_feedback{identifier,coverage{percentage}}}}";
    const { web } = await ask(meta, { agent: "tandem_0_1", fields });
    expect(web).toHaveLength(1);
    expect(Object.keys(web?.[0] ?? {})).toEqual(["event_name", "event_match_quality"]);
    expect(web?.[0]?.event_match_quality).toMatchObject({
      match_key_feedback: [
        { identifier: "email", coverage: { percentage: 0 } },
        { identifier: "phone", coverage: { percentage: 100 } },
        {},
        {},
        {},
      ],
    });
    expect(web?.[0]?.event_match_quality?.composite_score).toBeUndefined();
  });
});

describe("a scripted answer", () => {
  it("leaves as it is, until it is taken back", async () => {
    const meta = await open();
    const web = [{ event_name: "AddToCart", event_match_quality: { composite_score: 3.4 }, news: true }];
    meta.sayQuality("1001", { web });
    expect(await ask(meta)).toEqual({ status: 200, web });
    meta.sayQuality("1001", null);
    expect(await ask(meta)).toEqual({ status: 200, web: [] });
  });

  it("may be a refusal, of all questions or of those about one sender; the token is looked at first", async () => {
    const meta = await open();
    const control = (answer: object) =>
      fetch(`${meta.origin}/quality`, { method: "POST", body: JSON.stringify({ dataset: "1001", answer }) });
    expect((await control({ error: { code: 10 } })).status).toBe(200);
    expect(await ask(meta)).toMatchObject({ status: 403, error: { code: 10 } });
    expect((await control({ error: { code: 100, subcode: 33 }, ofAgent: true })).status).toBe(200);
    expect((await ask(meta)).status).toBe(200);
    expect(await ask(meta, { agent: "tandem_0_1" })).toMatchObject({ error: { code: 100, error_subcode: 33 } });
    meta.setToken("1001", null);
    expect(await ask(meta)).toMatchObject({ error: { code: 190 } });
    expect((await control({ error: 10 })).status).toBe(400);
  });
});
