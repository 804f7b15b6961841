import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { METRICS_TOKEN, openFront } from "./open-front";

describe("probes", () => {
  it.each(["/healthz", "/readyz"])("%s answers 200 to GET and HEAD, and nothing else", async (path) => {
    const front = await openFront();
    expect(await front.send({ path })).toMatchObject({ status: 200, text: "ok" });
    expect(await front.send({ path, method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect(await front.send({ path, method: "POST" })).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });

  it("/readyz answers 503 with Retry-After when the store is gone, /healthz still 200", async () => {
    const front = await openFront({ checkStore: () => Promise.reject(new Error("gone")) });
    expect(await front.send({ path: "/readyz" })).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
    expect(await front.send({ path: "/healthz" })).toMatchObject({ status: 200 });
  });
});

describe("/metrics", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it("is not there without a token in the environment", async () => {
    const front = await openFront({ metricsToken: undefined });
    expect((await front.send({ path: "/metrics" })).status).toBe(404);
    expect((await front.send({ path: "/metrics", headers: bearer("undefined") })).status).toBe(404);
  });

  it.each([
    ["no token", {}],
    ["a wrong token", bearer("wrong")],
    ["a token and more", bearer(`${METRICS_TOKEN} `.repeat(2))],
    ["the token without its scheme", { authorization: METRICS_TOKEN }],
  ])("answers %s with 401", async (_case, headers) => {
    const front = await openFront();
    const { status, text } = await front.send({ path: "/metrics", headers });
    expect(status).toBe(401);
    expect(text).not.toContain("tandem_");
  });

  it("shows what was counted to who has the token, and names no shop", async () => {
    const front = await openFront();
    await front.webhook("orders/create", order());
    const { status, headers, text } = await front.send({ path: "/metrics", headers: bearer(METRICS_TOKEN) });
    expect(status).toBe(200);
    expect(headers["content-type"]).toContain("text/plain");
    expect(text).toContain('tandem_webhooks_total{topic="orders/create",result="stored"} 1');
    expect(text).not.toContain("myshopify");
  });
});
