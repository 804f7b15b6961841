import { afterEach, beforeEach, expect, it } from "vitest";
import { BROWSER_PURCHASE, hit, NOON, post, postEvents, purchase } from "./calls";
import { type MetaStandIn, startMeta } from "./server";

let meta: MetaStandIn;

beforeEach(async () => {
  meta = await startMeta({ now: () => NOON });
});
afterEach(() => meta.close());

const page = async () => (await fetch(meta.origin)).text();
const summary = async () => (await fetch(`${meta.origin}/summary`)).json();

it("says so while nothing has come", async () => {
  expect(await page()).toContain("No conversion yet");
});

it("shows what was counted per dataset and event, and from which legs", async () => {
  await postEvents(meta.origin, [purchase(), purchase({ event_id: "2" })]);
  await hit(meta.origin, BROWSER_PURCHASE);
  await hit(meta.origin, { id: "1002", ev: "PageView", eid: "p" });
  await post(meta.origin, { data: [purchase({ event_id: "3" })], test_event_code: "T1" });
  const { total, datasets, recent } = await summary();
  expect(total).toEqual({ counted: 3, browser: 2, server: 2, deduplicated: 1 });
  expect(datasets).toEqual([
    {
      dataset: "1001",
      ...{ counted: 2, browser: 1, server: 2, deduplicated: 1, tests: 1 },
      events: [{ event_name: "Purchase", counted: 2, browser: 1, server: 2, deduplicated: 1, values: { EUR: 25 } }],
    },
    {
      dataset: "1002",
      ...{ counted: 1, browser: 1, server: 0, deduplicated: 0, tests: 0 },
      events: [{ event_name: "PageView", counted: 1, browser: 1, server: 0, deduplicated: 0, values: {} }],
    },
  ]);
  expect(
    recent.map(({ legs, test }: { legs: string[]; test: boolean }) => `${legs.join("+")}${test ? " test" : ""}`),
  ).toEqual(["server test", "browser", "server", "server+browser"]);
  const html = await page();
  for (const text of [
    "Dataset <code><bdi>1001</bdi></code>",
    "deduplicated",
    "EUR",
    "25.00",
    "purchase.abc",
    "12:00:00",
  ]) {
    expect(html).toContain(text);
  }
});

it("shows at most 100 conversions, the latest first", async () => {
  const events = Array.from({ length: 120 }, (_, index) => purchase({ event_id: `e${index}` }));
  await postEvents(meta.origin, events);
  const { recent } = await summary();
  expect(recent).toHaveLength(100);
  expect([recent[0].event_id, recent[99].event_id]).toEqual(["e119", "e20"]);
});

it("shows refusals and scripted trouble", async () => {
  meta.weather.script([{ kind: "status", status: 503 }]);
  await postEvents(meta.origin, [purchase()]);
  await postEvents(meta.origin, [{}]);
  const html = await page();
  expect(html).toContain("scripted: status");
  expect(html).toContain("Recent trouble");
});

it("shows hostile names as text and lets no script but its own run", async () => {
  const hostile = '<img src=x onerror="alert(1)">';
  await hit(meta.origin, { id: "1001", ev: hostile, eid: "'\"><script>", "cd[value]": "1", "cd[currency]": "<b>" });
  await hit(meta.origin, { id: "1001", ev: "__proto__", eid: "constructor", "cd[value]": "1e999" });
  await postEvents(meta.origin, [purchase({ event_name: "</script><script>" })]);
  const response = await fetch(meta.origin);
  const html = await response.text();
  expect(html).not.toContain("<img");
  expect(html).not.toContain("<b>");
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html.match(/<\/script/g)).toHaveLength(1);
  expect((await summary()).board).not.toContain("<img");
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'sha256-[^']+'(;|$)/);
});

it("a currency that is none does not break it", async () => {
  await hit(meta.origin, { ...BROWSER_PURCHASE, "cd[currency]": "euro" });
  expect(await page()).toContain("12.50");
});
