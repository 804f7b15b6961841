import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { customerRedact, dataRequest } from "../fixtures/notices";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

it("a merchant hands over what is kept of a customer, and sees that it was erased", async () => {
  const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
  const [scripted] = webhookOrders(7_400_000_000_001, new Date().toISOString());
  if (scripted === undefined) throw new Error("the day has no order");
  const order = await announce(scripted, stage);
  await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(1);
  const { page, app, faults } = await merchant(375);
  const address = `${stage.shopify.adminUrl}/privacy`;
  await page.goto(address);
  await app.getByText("Nobody has asked").waitFor();
  await fits(page, "privacy-nobody");

  const tell = (topic: string, body: object) => stage.shopify.deliver({ topic, id: `${topic}-1`, order, body });
  const done = async (topic: string) => (await stage.db.notice.findFirst({ where: { topic } }))?.closedAt ?? null;
  await tell("customers/data_request", { ...dataRequest, orders_requested: [Number(order)] });
  await expect.poll(() => done("customers/data_request"), PATIENCE).not.toBeNull();
  await page.goto(address);
  await app.getByRole("link", { name: "See and download the report" }).click();
  await app.getByRole("region", { name: "The report" }).waitFor();
  await fits(page, "privacy-report");
  const downloading = page.waitForEvent("download");
  await app.getByRole("button", { name: "Download" }).first().click();
  const report = JSON.parse(readFileSync(await (await downloading).path(), "utf8"));
  expect(report.events).toMatchObject([{ event: "Purchase", order_id: order, outcome: "accepted" }]);
  expect(report.events[0].sent_to_meta).toMatchObject({ event_name: "Purchase" });

  await tell("customers/redact", { ...customerRedact, orders_to_redact: [Number(order)] });
  await expect.poll(() => done("customers/redact"), PATIENCE).not.toBeNull();
  await page.goto(address);
  await app.getByText("1 event and 0 remembered visits erased").waitFor();
  await fits(page, "privacy");
  expect(await stage.db.event.count({ where: { orderId: order } })).toBe(0);
  expect(faults).toEqual([]);
}, 120_000);
