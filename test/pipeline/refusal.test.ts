import { describe, expect, it } from "vitest";
import { unknownBrowser } from "~/events/event";
import { openBrowser } from "~/pipeline/browser-context.server";
import { type TestPipeline, testPipeline } from "../support/pipeline";

const REFUSED = { analytics: false, marketing: false, preferences: true, saleOfData: true };
const TOKEN = "0123456789abcdef0123456789abcdef";

async function remembered({ db, shop }: TestPipeline) {
  const rows = await db.browserContext.findMany({ orderBy: { key: "asc" } });
  return rows.map(({ key, browser, matchKeys }) => ({
    key,
    browser: openBrowser(shop(), "BrowserContext.browser", browser),
    matchKeys,
  }));
}

describe("a shopper who refuses marketing", () => {
  it("is remembered by nothing but the refusal", async () => {
    const pipeline = await testPipeline();
    const user_data = { em: ["a".repeat(64)] };
    await pipeline.beacon({ name: "payment_info_submitted", checkout_token: TOKEN, consent: REFUSED, user_data });
    expect(await remembered(pipeline)).toEqual([
      { key: `checkout.${TOKEN}`, browser: { ...unknownBrowser(), consent: REFUSED }, matchKeys: "{}" },
    ]);
    const [row] = await pipeline.events();
    expect(row?.matchKeys).toBe("{}");
  });

  it("takes back what an earlier consent had left behind", async () => {
    const pipeline = await testPipeline();
    const user_data = { em: ["a".repeat(64)] };
    await pipeline.beacon({ name: "checkout_started", checkout_token: TOKEN, client_id: null, user_data });
    expect((await remembered(pipeline))[0]?.browser.fbp).not.toBeNull();
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, client_id: null, consent: REFUSED });
    expect(await remembered(pipeline)).toEqual([
      { key: `checkout.${TOKEN}`, browser: { ...unknownBrowser(), consent: REFUSED }, matchKeys: "{}" },
    ]);
  });
});
