import { describe, expect, it } from "vitest";
import { swapDocument, swapHeaders } from "./swaps";

const CDN = "https://cdn.shopify.com";

describe("swapDocument", () => {
  it.each([
    ["the page's own tag", `<script src="${CDN}/shopifycloud/app-bridge.js" data-api-key="k"></script>`],
    ["one with the key first", `<script data-api-key="k" src="${CDN}/shopifycloud/app-bridge.js"></script>`],
    ["the bounce page's of APP_BRIDGE_URL", '<script data-api-key="k" src="https://x.test/app-bridge.js"></script>'],
  ])("points %s to the stand-in and keeps its key", (_case, tag) => {
    const swapped = swapDocument(`<p>before</p>${tag}<p>after</p>`);
    expect(swapped).toContain('src="/stand-in/app-bridge.js"');
    expect(swapped).toContain('data-api-key="k"');
    expect(swapped).toMatch(/^<p>before<\/p><script[^>]*><\/script><p>after<\/p>$/);
  });

  it("keeps links to Shopify's network as tags, for React counts them, and points them to nothing", () => {
    expect(swapDocument(`<link rel="preconnect" href="${CDN}/"/><link rel="stylesheet" href="/assets/a.css"/>`)).toBe(
      '<link rel="preconnect" href="/stand-in/empty.css"/><link rel="stylesheet" href="/assets/a.css"/>',
    );
  });

  it("leaves every other script and word alone", () => {
    const html = `<script src="/assets/entry.js"></script><p>${CDN}/shopifycloud/app-bridge.js</p>`;
    expect(swapDocument(html)).toBe(html);
  });
});

describe("swapHeaders", () => {
  const POLICY = "frame-ancestors https://a.myshopify.com https://admin.shopify.com https://*.spin.dev;";

  it("lets the stand-in's admin frame what Shopify's may", () => {
    expect(swapHeaders([["Content-Security-Policy", `default-src 'self'; ${POLICY}`]])).toEqual([
      ["Content-Security-Policy", "default-src 'self'; frame-ancestors 'self';"],
    ]);
  });

  it("keeps shut what lets no admin in", () => {
    const shut = [["Content-Security-Policy", "frame-ancestors 'none';"]] as const;
    expect(swapHeaders(shut)).toEqual(shut);
  });

  it("drops preloads from Shopify's network and keeps others", () => {
    const bridge = `<${CDN}/shopifycloud/app-bridge.js>; rel="preload"; as="script";`;
    expect(swapHeaders([["Link", bridge]])).toEqual([]);
    expect(swapHeaders([["Link", `${bridge}, </a.css>; rel=preload`]])).toEqual([["Link", " </a.css>; rel=preload"]]);
  });

  it("sends a visitor on to the stand-in's admin, not to Shopify's", () => {
    expect(swapHeaders([["Location", "https://admin.shopify.com/store/a/apps/key/app/events?x=1"]])).toEqual([
      ["Location", "/admin/apps/tandem/events?x=1"],
    ]);
    expect(swapHeaders([["Location", "/auth/session-token?shop=a"]])).toEqual([
      ["Location", "/auth/session-token?shop=a"],
    ]);
  });
});
