import { expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { DATASET } from "../demo/stage";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

it("a dead token: the admin says what waits, its value and until when, and a new one lets it go, in Chromium", async () => {
  const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
  stage.meta.setToken(DATASET, null);
  for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 1)) {
    await announce(scripted, stage);
  }
  await expect.poll(async () => (await stage.db.dataset.findFirst())?.heldReason, PATIENCE).toBe("meta_190_463");

  const { page, app, faults } = await merchant(375);
  await app.getByText(`Nothing leaves for dataset ${DATASET}`).waitFor();
  await app.getByText("Meta no longer accepts the access token.").waitFor();
  await app.getByText("1 event waits.").waitFor();
  await app.getByText(/^1 Purchase worth USD\s[\d.]+\.$/).waitFor();
  await app.getByText(/^Meta no longer takes the first of them after .*: 61 days and 23 hours left\./).waitFor();
  await fits(page, "overview-held");

  await app.getByRole("link", { name: "Paste a new token" }).click();
  await app.getByText("paste it under New access token below").waitFor();
  await fits(page, "settings-held");
  stage.meta.setToken(DATASET, "EAAfresh");
  await app.getByLabel("New access token").fill("EAAfresh");
  await app.getByRole("button", { name: "Replace" }).click();
  await app.getByText("The new token is in use.").waitFor();
  await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(1);
  await app.getByText(`Nothing leaves for dataset ${DATASET}`).waitFor({ state: "hidden" });
  expect(faults).toEqual([]);
}, 90_000);
