import { describe, expect, it } from "vitest";
import { guardDocument } from "~/http/security-headers.server";
import { openFront } from "./open-front";

const SHOP_PAGE = "https://tandem.example.com/app?shop=a-shop.myshopify.com";

function policyOf(url: string): string {
  const headers = new Headers({ "content-security-policy": "frame-ancestors https://anybody.example.com" });
  guardDocument(headers, url, "abc");
  return headers.get("content-security-policy") ?? "";
}

describe("every answer of the front", () => {
  it.each([
    ["a webhook", "POST", "/webhooks"],
    ["a beacon", "POST", "/collect"],
    ["a question of a browser before it", "OPTIONS", "/collect"],
    ["a wrong method", "PUT", "/collect"],
    ["a probe", "GET", "/healthz"],
    ["metrics", "GET", "/metrics"],
    ["what Remix answers", "GET", "/anything"],
  ])("guards %s", async (_case, method, path) => {
    const { send } = await openFront();
    expect((await send({ method, path })).headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin",
      "strict-transport-security": "max-age=31536000",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it("says nothing of HSTS where there is no TLS", async () => {
    const { send } = await openFront({ tls: false });
    const { headers } = await send({ path: "/healthz" });
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff" });
    expect(headers).not.toHaveProperty("strict-transport-security");
  });

  it("leaves a policy that the answer brings itself", async () => {
    const next = (_request: unknown, response: import("node:http").ServerResponse) =>
      response.writeHead(200, { "content-security-policy": "default-src 'self'" }).end();
    const { send } = await openFront({ next });
    expect((await send({})).headers["content-security-policy"]).toBe("default-src 'self'");
  });
});

describe("a document's policy", () => {
  it("is one, and lets the admin of the shop in the address frame it", () => {
    const policy = policyOf(SHOP_PAGE);
    expect(policy).toMatch(/; frame-ancestors https:\/\/a-shop\.myshopify\.com https:\/\/admin\.shopify\.com$/);
    expect(policy).toMatch(/script-src 'nonce-abc' 'self' https:\/\/cdn\.shopify\.com;/);
    expect(policy).not.toContain("anybody");
    expect(policy.match(/script-src[^;]*/)?.[0]).not.toContain("unsafe");
  });

  it.each([
    "",
    "?shop=",
    "?shop=evil.example.com",
    "?shop=a.myshopify.com%3B%20script-src%20*",
    "?shop=a.myshopify.com%0Ax",
  ])("lets nobody frame it for %s", (query) => {
    expect(policyOf(`https://tandem.example.com/app${query}`)).toMatch(/; frame-ancestors 'none'$/);
  });
});
