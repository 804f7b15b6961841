import { expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };
const REFUSED = { kind: "error", code: 100, transient: false } as const;

it("what Meta refused: the merchant sees by cause what would happen, confirms once, and it is accepted, in Chromium", async () => {
  const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
  stage.meta.weather.script(Array(40).fill({ ...REFUSED, count: 1 }));
  const orders = webhookOrders(7_100_000_000_001, new Date().toISOString());
  for (const scripted of orders.filter(({ story }) => story === "point of sale")) await announce(scripted, stage);
  const outcome = async () => (await stage.db.event.findFirst({ where: { name: "Purchase" } }))?.outcome;
  await expect.poll(outcome, PATIENCE).toBe("rejected");
  stage.meta.weather.script([]);
  const before = await stage.db.event.findFirstOrThrow({ where: { name: "Purchase" } });

  const { page, app, faults } = await merchant(375);
  await page.goto(`${stage.shopify.adminUrl}/replay`);
  await app.getByText("1 Purchase: refused").waitFor();
  await app.getByText("Meta refused a field of the event.").waitFor();
  await fits(page, "replay");
  await app.getByRole("button", { name: /^What would happen to Purchase/ }).click();
  await app.getByText("1 event of 1 would leave.").waitFor();
  await app.getByText(/^Leaves: no other copy of it is known to have left\./).waitFor();
  await app.getByText(/The same bytes as before/).waitFor();
  await fits(page, "replay-ahead");
  expect(await outcome()).toBe("rejected");

  await app.getByRole("button", { name: "Replay 1 event", exact: true }).click();
  await app.getByText("What has left cannot be taken back.").waitFor();
  await app.getByRole("button", { name: "Replay", exact: true }).click();
  await app.getByText("1 event on the way to Meta.").waitFor();
  await expect.poll(outcome, PATIENCE).toBe("accepted");
  await fits(page, "replay-done");
  expect(copies("Purchase").map(({ event_id }) => event_id)).toEqual([before.eventId]);
  const after = await stage.db.event.findFirstOrThrow({ where: { name: "Purchase" } });
  expect(after).toMatchObject({ eventId: before.eventId, bytesHash: before.bytesHash });
  expect(after.replayedAt).not.toBeNull();

  await page.goto(`${stage.shopify.adminUrl}/deliveries/${after.id}`);
  await app.getByText(/A person brought it back/).waitFor();
  await app.getByText(/a person's attempt/).waitFor();
  await page.goto(`${stage.shopify.adminUrl}/replay`);
  await app.getByText("Nothing was refused or given up").waitFor();
  expect(faults).toEqual([]);
}, 90_000);

it("a dataset on hold: the page explains that it resumes by itself, and offers nothing, in Chromium", async () => {
  const { stage, merchant } = await openPlay({ holdSeconds: 0 });
  const [dataset] = await stage.db.dataset.findMany();
  stage.meta.setToken(dataset?.dataset ?? "", null);
  const orders = webhookOrders(7_100_000_000_001, new Date().toISOString());
  for (const scripted of orders.filter(({ story }) => story === "point of sale")) await announce(scripted, stage);
  await expect.poll(async () => (await stage.db.dataset.findFirst())?.heldReason, PATIENCE).not.toBeNull();
  const { page, app, faults } = await merchant(375);
  await page.goto(`${stage.shopify.adminUrl}/replay`);
  await app.getByText("There is nothing to replay: sending it another way would have it counted twice.").waitFor();
  expect(await app.getByRole("button", { name: /Replay|What would happen/ }).count()).toBe(0);
  await fits(page, "replay-held");
  expect(faults).toEqual([]);
}, 60_000);
