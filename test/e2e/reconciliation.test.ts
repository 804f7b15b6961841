import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { fits } from "./fits";
import { openPlay, picture } from "./play";

const REFUSED = { kind: "error", code: 100, transient: false } as const;
const PATIENCE = { timeout: 20_000, interval: 100 };

describe("reconciliation, in Chromium", () => {
  it("tells where the orders are that Meta did not take, down to one of them", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 1 });
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 8)) {
      await announce(scripted, stage);
    }
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBeGreaterThanOrEqual(4);
    const settled = () => stage.db.ledgerLine.count({ where: { current: true, outcome: { not: "waiting" } } });
    await expect.poll(settled, PATIENCE).toBe(8);
    const lines = await stage.db.ledgerLine.findMany({ where: { current: true } });
    const accepted = lines.filter(({ outcome }) => outcome === "accepted").length;
    const gap = lines.find(({ outcome }) => outcome !== "accepted");

    const { page, app, faults } = await merchant();
    await page.goto(`${stage.shopify.adminUrl}/reconciliation`);
    await app.getByText(`${accepted} of 8 orders accepted by Meta`).waitFor();
    await fits(page, "reconciliation");
    await picture(page, "reconciliation-1280");

    await app.getByLabel("Purchases in Ads Manager for these days").fill("1");
    await app.getByText("With Meta, but after no ad").waitFor();
    await app.getByLabel("Purchases in Ads Manager for these days").fill("many");
    await app.getByText("must be a whole number of purchases").waitFor();

    const saved = page.waitForEvent("download");
    await app.getByRole("button", { name: "Download CSV" }).first().click();
    const file = readFileSync(await (await saved).path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(file[0]).toMatch(/^# tandem-ledger-1 .* head=\d+\.[0-9a-f]{64}$/);
    expect(file).toHaveLength(2 + 8);

    await app.getByRole("link", { name: "Show these orders" }).first().click();
    await app.getByRole("heading", { name: "Orders", exact: true }).waitFor();
    await app
      .getByText(gap?.order ?? "")
      .first()
      .waitFor();
    await fits(page, "orders");
    await app.getByRole("link", { name: /^\d+$/ }).first().click();
    await app.getByText("Ledger", { exact: true }).waitFor();
    await app.getByText("the last word").waitFor();
    expect(faults).toEqual([]);

    const phone = await merchant(375);
    await phone.page.goto(`${stage.shopify.adminUrl}/reconciliation`);
    await phone.app.getByText(`${accepted} of 8 orders accepted by Meta`).waitFor();
    await fits(phone.page, "reconciliation");
    await picture(phone.page, "reconciliation-375");
    await phone.page.goto(`${stage.shopify.adminUrl}/reconciliation/orders`);
    await phone.app.getByText("Each with its last word").waitFor();
    await fits(phone.page, "orders");
    await picture(phone.page, "orders-375");
    await phone.page.goto(`${stage.shopify.adminUrl}/reconciliation?from=2026-02-30`);
    await phone.app.getByText("From must be a date such as 2026-11-21.").waitFor();
    expect(phone.faults).toEqual([]);
  }, 90_000);

  it("leads from a gap to one order, and by a replay to that order accepted", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    stage.meta.weather.script(Array(40).fill({ ...REFUSED, count: 1 }));
    const orders = webhookOrders(7_100_000_000_001, new Date().toISOString());
    for (const scripted of orders.filter(({ story }) => story === "point of sale")) await announce(scripted, stage);
    const word = async () => (await stage.db.ledgerLine.findFirst({ where: { current: true } }))?.outcome;
    await expect.poll(word, PATIENCE).toBe("rejected");
    stage.meta.weather.script([]);
    const { eventId } = await stage.db.event.findFirstOrThrow({ where: { name: "Purchase" } });

    const { page, app, faults } = await merchant();
    await page.goto(`${stage.shopify.adminUrl}/reconciliation`);
    await app.getByText("0 of 1 orders accepted by Meta").waitFor();
    await app.getByText("Meta refused a field of the event.").waitFor();
    await app.getByRole("link", { name: "Mend, then replay" }).waitFor();
    await app.getByRole("link", { name: "Show these orders" }).click();
    await app.getByRole("link", { name: /^\d+$/ }).click();
    await app.getByText("the last word").waitFor();
    await fits(page, "order-rejected");
    await app.getByRole("link", { name: "Look what a replay would do" }).click();
    await app.getByText("1 event of 1 would leave.").waitFor();
    await app.getByRole("button", { name: "Replay 1 event", exact: true }).click();
    await app.getByRole("button", { name: "Replay", exact: true }).click();
    await app.getByText("1 event on the way to Meta.").waitFor();
    await expect.poll(word, PATIENCE).toBe("accepted");

    await page.goto(`${stage.shopify.adminUrl}/reconciliation`);
    await app.getByText("1 of 1 orders accepted by Meta").waitFor();
    await app.getByText("All are with Meta.").waitFor();
    expect(copies("Purchase").map(({ event_id }) => event_id)).toEqual([eventId]);

    await app.getByRole("button", { name: "Look now" }).click();
    await app.getByText("Looked.", { exact: true }).waitFor();
    await app.getByText(/^Shopify was asked/).waitFor();
    await fits(page, "reconciliation-looked");
    expect(faults).toEqual([]);
  }, 90_000);
});
