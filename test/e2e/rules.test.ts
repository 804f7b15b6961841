import { describe, expect, it } from "vitest";
import { shopperOrders } from "../demo/day";
import { shop } from "../demo/play";
import type { Stage } from "../demo/stage";
import { fits } from "./fits";
import { openPlay, picture } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

async function rulesOf(stage: Stage) {
  const { settings } = await stage.db.shop.findFirstOrThrow();
  return JSON.parse(settings).rules;
}

const [american] = shopperOrders();

describe("custom events, in Chromium", () => {
  it("are made, tried, switched on and sent", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    if (american === undefined) throw new Error("nobody shops");
    await shop(american, stage);
    await expect.poll(() => copies("Purchase").some(({ leg }) => leg === "server"), PATIENCE).toBe(true);
    const { page, app, faults } = await merchant(375);
    await page.goto(`${stage.shopify.adminUrl}/rules`);
    await app.getByText("There is no custom event yet").waitFor();
    await fits(page, "rules-none");

    await app.getByRole("button", { name: "Add a custom event" }).click();
    await app.getByLabel("Name").fill("Mug lover");
    await app.getByLabel("Amount").fill("10");
    await app.getByRole("button", { name: "Add a group" }).click();
    const first = app.getByRole("group", { name: "Condition 2.1", exact: true });
    await first.getByLabel("About").selectOption("type");
    await first.getByLabel("Product types").fill("tableware");
    const second = app.getByRole("group", { name: "Condition 2.2", exact: true });
    await second.getByLabel("About").selectOption("country");
    await second.getByLabel("Asked").selectOption("none_of");
    await second.getByLabel("Country codes").fill("de, at");

    // Tried before it is saved.
    await app.getByRole("button", { name: /^Try it on the last/ }).click();
    await app.getByText("1 time in the last hour").waitFor();
    await app.getByText(/Looked at 1 Purchase: 1 yes, 0 no, 0 cannot tell/).waitFor();
    await app.getByText(/^Worth USD/).waitFor();
    await app
      .getByText(/Mug lover/)
      .first()
      .waitFor();
    await fits(page, "rule-tried");
    expect(await rulesOf(stage)).toEqual([]);

    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByRole("button", { name: "Switch on: Mug lover" }).waitFor();
    await app.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "hidden" });
    const [saved] = await rulesOf(stage);
    expect(saved).toEqual({
      key: expect.stringMatching(/^[a-z0-9]{8}$/),
      name: "Mug lover",
      base: "Purchase",
      on: false,
      when: {
        all: [
          { field: "value", is: "at_least", amount: "10", currency: expect.any(String) },
          {
            any: [
              { field: "type", is: "any_of", words: ["tableware"] },
              { field: "country", is: "none_of", words: ["DE", "AT"] },
            ],
          },
        ],
      },
    });
    await app.getByRole("button", { name: "Switch on: Mug lover" }).click();
    await app.getByText("It is on").waitFor();
    await fits(page, "rule-on");

    const order = await shop(american, stage);
    const made = () => copies("Mug lover");
    await expect
      .poll(made, PATIENCE)
      .toMatchObject([{ event_id: `${saved.key}.purchase.${order.checkoutToken}`, leg: "server" }]);
    // The order before is not sent again, and the standard event is as it always is.
    expect(copies("Purchase").filter(({ event_id }) => event_id === `purchase.${order.checkoutToken}`)).toHaveLength(2);

    await page.goto(`${stage.shopify.adminUrl}/deliveries`);
    await app.getByLabel("Event", { exact: true }).selectOption("Mug lover");
    await app.getByRole("link", { name: "Mug lover" }).waitFor();

    await page.goto(`${stage.shopify.adminUrl}/rules`);
    await app.getByText(/^Purchase, when the value is at least 10/).waitFor();
    await fits(page, "rules");
    await app.getByRole("button", { name: "Switch off: Mug lover" }).click();
    await app.getByRole("button", { name: "Switch on: Mug lover" }).waitFor();
    await app.getByRole("button", { name: "Delete Mug lover" }).click();
    await app.getByText("Delete Mug lover?").waitFor();
    await picture(page, "rule-delete-375");
    await app.getByRole("button", { name: "Delete", exact: true }).click();
    await app.getByText("There is no custom event yet").waitFor();
    expect(await rulesOf(stage)).toEqual([]);
    expect(faults).toEqual([]);
  }, 120_000);

  it("say what is wrong with bad input, field by field, and lose none of it", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant(375);
    await page.goto(`${stage.shopify.adminUrl}/rules/new-rule`);
    const hostile = `<img src=x onerror=alert(1)>'; DROP TABLE x; --`;
    await app.getByLabel("Name").fill(hostile);
    await app.getByLabel("Amount").fill("1,50");
    await app.getByRole("button", { name: "Add a condition", exact: true }).click();
    const second = app.getByRole("group", { name: "Condition 2", exact: true });
    await second.getByLabel("About").selectOption("country");
    await second.getByLabel("Country codes").fill("Germany");
    await app.getByRole("button", { name: "Add a condition", exact: true }).click();
    const third = app.getByRole("group", { name: "Condition 3", exact: true });
    await third.getByLabel("About").selectOption("tag");
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Nothing was saved; what you typed is still here").waitFor();
    for (const says of [
      "Name: must be letters from A to Z, digits, spaces, _ or -",
      "Condition 1: must be an amount such as 100 or 99.50",
      `Condition 2: "Germany" must be two-letter country codes such as DE or US`,
      "Condition 3: must name at least one",
    ]) {
      await app.getByText(says, { exact: true }).waitFor();
    }
    expect(await app.getByLabel("Name").inputValue()).toBe(hostile);
    expect(await app.getByLabel("Amount").inputValue()).toBe("1,50");
    expect(await second.getByLabel("Country codes").inputValue()).toBe("Germany");
    await fits(page, "rule-faults");

    await app.getByLabel("Name").fill("purchase");
    await app.getByLabel("Amount").fill("1.50");
    await second.getByLabel("Country codes").fill("DE");
    await third.getByLabel("Tags").fill(hostile);
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Name: is the name of another event; choose one of your own", { exact: true }).waitFor();
    await app.getByLabel("Name").fill("x".repeat(51));
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Name: must be 50 characters or fewer", { exact: true }).waitFor();
    expect(await rulesOf(stage)).toEqual([]);
    await app.getByLabel("Name").fill("Tagged");
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByRole("button", { name: "Switch on: Tagged" }).waitFor();
    expect(await third.getByLabel("Tags").inputValue()).toBe(hostile);

    // Another of the same name.
    await page.goto(`${stage.shopify.adminUrl}/rules/new-rule`);
    await app.getByLabel("Name").fill("TAGGED");
    await app.getByLabel("Amount").fill("1");
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Name: is the name of another rule of yours", { exact: true }).waitFor();
    await app.getByRole("button", { name: "Discard" }).click();
    await app.getByText("Nothing was saved").waitFor({ state: "hidden" });

    await page.goto(`${stage.shopify.adminUrl}/rules/nosuch`);
    await app.getByText("There is no such custom event.").waitFor();
    expect(faults).toEqual([]);
  }, 90_000);

  it("shows what is nested deeper than its form in words, and leaves it as it is", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 0 });
    const country = { field: "country", is: "any_of", words: ["US"] };
    const when = { any: [{ all: [country, { any: [country, { field: "customer", is: "first" }] }] }, country] };
    const rule = { key: "deep0001", name: "Deep", base: "Purchase", on: false, when };
    const { id, settings } = await stage.db.shop.findFirstOrThrow();
    const stored = JSON.stringify({ ...JSON.parse(settings), rules: [rule] });
    await stage.db.shop.update({ where: { id }, data: { settings: stored } });
    await stage.db.settingsVersion.updateMany({ data: { n: { increment: 1 } } });
    const { page, app, faults } = await merchant();
    await page.goto(`${stage.shopify.adminUrl}/rules/deep0001`);
    await app
      .getByText("(the country is US and (the country is US or it is the customer's first order)) or the country is US")
      .waitFor();
    await app.getByLabel("Name").fill("Deeper");
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByRole("button", { name: "Switch on: Deeper" }).waitFor();
    expect(await rulesOf(stage)).toEqual([{ ...rule, name: "Deeper" }]);
    expect(faults).toEqual([]);
  }, 60_000);
});
