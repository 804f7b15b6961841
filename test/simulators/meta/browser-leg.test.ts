import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BROWSER_PURCHASE, hit, NOON, sha256 } from "./calls";
import { type MetaStandIn, startMeta } from "./server";

let meta: MetaStandIn;

beforeAll(async () => {
  meta = await startMeta({ now: () => NOON });
});
beforeEach(() => fetch(`${meta.origin}/record`, { method: "DELETE" }));
afterAll(() => meta.close());

describe("a hit on /tr", () => {
  it("is answered with one pixel that any page may ask for", async () => {
    const response = await hit(meta.origin, BROWSER_PURCHASE);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/gif");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 6)
        .toString(),
    ).toBe("GIF89a");
  });

  it("is recorded with its parameters by their names on the wire", async () => {
    const parameters = { ...BROWSER_PURCHASE, fbp: "fb.1.1596403881668.1", dpo: "LDU", "ud[em]": sha256("mary") };
    await hit(meta.origin, parameters);
    expect(meta.received).toEqual([
      {
        leg: "browser",
        dataset: "1001",
        event_name: "Purchase",
        event_id: "purchase.abc",
        at: NOON,
        body: parameters,
        test: false,
        warnings: [],
      },
    ]);
    expect(meta.counted()[0]).toMatchObject({ survivor: "browser", value: 12.5, currency: "EUR" });
  });

  it.each<[string, RequestInit["body"]]>([
    ["a form", new URLSearchParams(BROWSER_PURCHASE)],
    ["a multipart form", formOf(BROWSER_PURCHASE)],
  ])("may be posted as %s", async (_name, body) => {
    const response = await fetch(`${meta.origin}/tr/`, { method: "POST", body: body ?? null });
    expect(response.status).toBe(200);
    expect(meta.received[0]?.body).toEqual(BROWSER_PURCHASE);
  });

  it("may be split between query and form", async () => {
    const body = new URLSearchParams({ ev: "Search", eid: "7" });
    await fetch(`${meta.origin}/tr?id=1001&ev=PageView`, { method: "POST", body });
    expect(meta.received[0]).toMatchObject({ dataset: "1001", event_name: "Search", event_id: "7" });
  });

  it.each([
    ["no dataset", "?ev=Purchase", null],
    ["no event", "?id=1001", null],
    ["a dataset that is no number", "?id=x&ev=Purchase", null],
    ["a body that is no form", "", "\u0000{"],
  ])("with %s is answered all the same, and not taken", async (_name, query, body) => {
    const response = await fetch(`${meta.origin}/tr${query}`, body === null ? {} : { method: "POST", body });
    expect(response.status).toBe(200);
    expect(meta.received).toEqual([]);
  });

  it("reads a name that is said twice as a list, in a query and in a form", async () => {
    const ids = [sha256("7001"), sha256("visitor")];
    const said = new URLSearchParams([
      ...Object.entries(BROWSER_PURCHASE),
      ...ids.map((id): [string, string] => ["ud[external_id]", id]),
    ]);
    await fetch(`${meta.origin}/tr?${said}`);
    await fetch(`${meta.origin}/tr`, { method: "POST", body: said });
    expect(meta.received.map(({ body, warnings }) => [body["ud[external_id]"], warnings])).toEqual([
      [ids, []],
      [ids, []],
    ]);
  });

  it("is warned of when one of a list is raw", async () => {
    await fetch(`${meta.origin}/tr?id=1001&ev=PageView&eid=1&dl=x&ud[external_id]=${sha256("1")}&ud[external_id]=raw`);
    expect(meta.received[0]?.warnings).toEqual(["match key not hashed"]);
  });

  it("may be asked about first", async () => {
    const response = await fetch(`${meta.origin}/tr`, { method: "OPTIONS" });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(meta.received).toEqual([]);
  });

  it("without id or page, or with a raw match key, carries warnings", async () => {
    await hit(meta.origin, { id: "1001", ev: "PageView", "ud[em]": "mary@example.com" });
    expect(meta.received[0]?.warnings).toEqual(["event_id missing", "page URL missing", "match key not hashed"]);
  });
});

function formOf(parameters: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) form.set(name, value);
  return form;
}
