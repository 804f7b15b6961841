import type { FrameLocator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { MATCH_KEYS } from "~/match-keys/keys";
import { type CoverageRecount, coverageFaults, recountCoverage } from "../demo/coverage";
import { buy, type DrivenShopper } from "./buy";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

async function fillCarts(shopper: DrivenShopper, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await shopper.viewProduct("evening-candle");
    await shopper.addToCart("evening-candle", "Small");
  }
  await shopper.idle();
}

/** The rows of the table of keys as they stand on the screen: key, server's copy, browser's copy. */
async function onScreen(app: FrameLocator): Promise<Record<string, [server: string, browser: string]>> {
  const rows = await app.locator("table", { hasText: "Meta's priority" }).locator("tbody tr").all();
  const cells = await Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
  return Object.fromEntries(cells.map(([key = "", , server = "", , , browser = ""]) => [key, [server, browser]]));
}

/** The same from Meta's record. */
function recounted(record: CoverageRecount, event: string): Record<string, [server: string, browser: string]> {
  const share = (leg: string, key: string) => {
    const counts = record[`${leg} ${event}`];
    return counts?.events ? `${Math.round(((counts[key] ?? 0) / counts.events) * 100)} %` : "–";
  };
  return Object.fromEntries(
    MATCH_KEYS.map(({ key, label }) => [
      label,
      [share("server", key), /^client_/.test(key) ? "by itself" : share("browser", key)],
    ]),
  );
}

describe("match quality, in Chromium", () => {
  it("leads from a weak event to what would help, to the switch, and to what came of it", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    const shopper = stage.shopper({ country: "US", consent: "given", blocked: false });
    await buy(shopper);
    await fillCarts(shopper, 25);
    const carts = () => copies("AddToCart").filter(({ leg }) => leg === "server").length;
    await expect.poll(carts, PATIENCE).toBe(26);
    expect(await coverageFaults(stage)).toEqual([]);

    const { page, app, faults } = await merchant();
    await app.getByText("What would help most").waitFor();
    await app
      .getByRole("img", { name: /^Purchases by day, 30 days: 1 with both copies, 0 by the server alone/ })
      .waitFor();
    await fits(page, "overview-quality");
    await page.setViewportSize({ width: 1280, height: 900 });
    await app.getByRole("button", { name: "Show as a table" }).click();
    await app.getByRole("columnheader", { name: "Only the server's" }).waitFor();

    await page.goto(`${stage.shopify.adminUrl}/match-quality`);
    const row = app.getByRole("row", { name: /Add to cart/ });
    await row.getByText("Weak").waitFor();
    await fits(page, "match-quality");
    await page.setViewportSize({ width: 1280, height: 900 });
    await app.getByRole("link", { name: /Add to cart/ }).click();
    await app.getByText("Known here, and not sent").waitFor();
    await app.getByText(/^Email \d+ % → \d+ %$/).waitFor();
    const record = await recountCoverage(stage);
    expect(await onScreen(app)).toEqual(recounted(record, "AddToCart"));
    await fits(page, "match-quality-event");
    await page.setViewportSize({ width: 1280, height: 900 });

    await app.getByRole("button", { name: "Recognise returning shoppers" }).click();
    await app.getByText("No such event has left since.").waitFor();
    await fillCarts(shopper, 45);
    await expect.poll(carts, PATIENCE).toBe(71);
    expect(await coverageFaults(stage)).toEqual([]);
    await page.reload();
    await app.getByText("Email: 0 % before, 100 % since.").waitFor();
    const after = await recountCoverage(stage);
    expect(after["server AddToCart"]?.em).toBeGreaterThanOrEqual(45);
    expect(await onScreen(app)).toEqual(recounted(after, "AddToCart"));
    await fits(page, "match-quality-after");
    await page.setViewportSize({ width: 1280, height: 900 });
    await app.getByRole("button", { name: "Switch off again" }).click();
    await app.getByRole("button", { name: "Recognise returning shoppers" }).waitFor();

    await page.goto(`${stage.shopify.adminUrl}/match-quality/Purchase`);
    await app.getByText("1 accepted by Meta from the server.").waitFor();
    expect(await onScreen(app)).toEqual(recounted(after, "Purchase"));
    const purchase = await stage.db.event.findFirstOrThrow({ where: { name: "Purchase" } });
    await page.goto(`${stage.shopify.adminUrl}/deliveries/${purchase.id}`);
    await app.getByRole("table").getByText("How it is written").waitFor();
    await fits(page, "delivery-keys");
    expect(faults).toEqual([]);
    await shopper.close();
  }, 120_000);
});
