import { expect, it } from "vitest";
import { shopperOrders, webhookOrders } from "../demo/day";
import { announce, shop } from "../demo/play";
import { DATASET } from "../demo/stage";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

it("Health says what waits, how the last day went, and what was heard of the pixel, in Chromium", async () => {
  const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
  for (const scripted of shopperOrders().slice(0, 1)) await shop(scripted, stage);
  await expect.poll(() => copies("Purchase").length, PATIENCE).toBeGreaterThanOrEqual(1);
  const settled = () => stage.db.event.count({ where: { outcome: "waiting", name: "Purchase" } });
  await expect.poll(settled, PATIENCE).toBe(0);
  const { page, app, faults } = await merchant(375);
  await page.goto(`${stage.shopify.adminUrl}/health`);
  await app.getByText(/^Of \d+ events that Meta accepted half came there within \d+ \w+, 95% within /).waitFor();
  await app.getByText(/^\d+ requests?: none failed\.$/).waitFor();
  await app.getByText(/^Not held\. Meta last said yes with it on/).waitFor();
  await app.getByText(/^Shopify has the pixel's settings\. It last took them on/).waitFor();
  await app.getByText(/^It told of \d+ events? since/).waitFor();
  await app.getByText("What is watched").waitFor();
  await fits(page, "health");

  stage.meta.setToken(DATASET, null);
  for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 1)) {
    await announce(scripted, stage);
  }
  await expect.poll(async () => (await stage.db.dataset.findFirst())?.heldReason, PATIENCE).toBe("meta_190_463");
  // As a click in the admin's menu asks for it: what is slow is streamed behind the rest.
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${stage.shopify.adminUrl}/alerts`);
  await app.getByRole("heading", { name: "Alerts" }).first().waitFor();
  await page.getByRole("link", { name: "Health" }).click();
  await app.getByText("On hold", { exact: true }).waitFor();
  await app.getByText("1 event: until the dataset flows again").waitFor();
  await app.getByText(/^\d+ requests: \d+ failed\.$/).waitFor();
  await app.getByText(/^Error 190, 463: Meta no longer accepts the access token\..* 1 time, last on/).waitFor();
  await fits(page, "health-held");
  expect(faults).toEqual([]);
}, 90_000);
