import { expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { DATASET } from "../demo/stage";
import { fits } from "./fits";
import { openPlay } from "./play";

const WEB = "web, US, the pixel never spoke; one webhook three times";
const PATIENCE = { timeout: 20_000, interval: 100 };

it("a dead token: the admin says what waits, its value and until when, and a new one lets it go, in Chromium", async () => {
  const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
  stage.meta.setToken(DATASET, null);
  // A till's order, and one of the web whose browser has seen its own copy leave.
  for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString())) {
    if (["point of sale", WEB].includes(scripted.story)) await announce(scripted, stage);
  }
  await expect.poll(async () => (await stage.db.dataset.findFirst())?.heldReason, PATIENCE).toBe("meta_190_463");

  await stage.db.$transaction(async ({ event, browserCopy }) => {
    const { datasetId, shopId, name, eventId } = await event.findFirstOrThrow({ where: { actionSource: "website" } });
    const copy = { datasetId, shopId, name, eventId, tr: "resolved", receivedAt: BigInt(Date.now() - 3_600_000) };
    await browserCopy.create({ data: copy });
  });

  const { page, app, faults } = await merchant(375);
  await app.getByText(`Nothing leaves for dataset ${DATASET}`).waitFor();
  await app.getByText("Meta no longer accepts the access token.").waitFor();
  await app.getByText("2 events wait.").waitFor();
  await app.getByText(/^2 Purchases worth USD\s[\d.]+\.$/).waitFor();
  await app.getByText(/^1 of them left the browser too .* First on .*: 1 day and 22 hours left\.$/).waitFor();
  await app.getByText(/^Meta no longer takes the first of the others after .*: 61 days and 23 hours left\./).waitFor();
  await fits(page, "overview-held");

  await app.getByRole("link", { name: "Paste a new token" }).click();
  await app.getByText("paste it under New access token below").waitFor();
  await fits(page, "settings-held");
  stage.meta.setToken(DATASET, "EAAfresh");
  await app.getByLabel("New access token").fill("EAAfresh");
  await app.getByRole("button", { name: "Replace" }).click();
  await app.getByText("The new token is in use.").waitFor();
  await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(2);
  await app.getByText(`Nothing leaves for dataset ${DATASET}`).waitFor({ state: "hidden" });
  expect(faults).toEqual([]);
}, 90_000);
