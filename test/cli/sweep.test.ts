import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { taken } from "../pipeline/seen";
import { DAY } from "../support/clock";
import { DATASET, SHOP } from "../support/pipeline";
import { tandem } from "./run";
import { askedShop } from "./shop-orders";

const placed = (over = {}, options = {}) => order({ country: "AU", ...options }, over);
const SWEEP = `sweep --shop ${SHOP}`;

describe("tandem sweep", () => {
  it("takes in what no webhook told of, and says what it found", async () => {
    const shop = await askedShop();
    shop.sell(placed());
    shop.sell(placed({ test: true }, { id: 2, checkoutToken: "two" }));
    await shop.webhook("orders/create", placed({}, { id: 3, checkoutToken: "three" }));
    shop.sell(placed({}, { id: 3, checkoutToken: "three" }));
    const { code, out, err } = await shop.tandem(SWEEP);
    expect({ code, out }).toEqual({
      code: 0,
      out: `created      2026-11-13T10:15:00.000Z to 2026-11-20T10:05:00.000Z
orders       3
missing      2
  skipped test_order  1
  waiting  1
`,
    });
    expect(err).toContain("no server is running on this database");
    await shop.drain();
    expect(taken(shop)).toHaveLength(2);
  });

  it("says the same for a program", async () => {
    const shop = await askedShop();
    shop.sell(placed());
    const { code, out } = await shop.tandem(`${SWEEP} --days 1 --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      shop: SHOP,
      since: "2026-11-19T10:15:00.000Z",
      until: "2026-11-20T10:05:00.000Z",
      orders: 1,
      missing: 1,
      unreadable: 0,
      became: { waiting: 1 },
      fault: null,
    });
  });

  it("fails where Shopify does not answer, in words", async () => {
    const shop = await askedShop();
    shop.shopify.api.weather.fail(1, "status 500");
    const { code, err } = await shop.tandem(SWEEP);
    expect({ code, err }).toEqual({ code: 1, err: "it did not get to its end: Shopify answered 500.\n" });
  });

  it.each([
    ["no session", null, "no session of this shop to ask Shopify with"],
    ["one whose token has run out", DAY - 1, "Shopify cannot be asked, the session's token has run out"],
  ])("fails where the shop has %s", async (_what, expires, words) => {
    const shop = await askedShop({ expires });
    const { code, out, err } = await shop.tandem(SWEEP);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "",
      err: `${SHOP}: ${words}; open the app in the shop's admin, then try again\n`,
    });
  });

  it("does not begin beside another one", async () => {
    const shop = await askedShop();
    const now = shop.clock.now();
    await shop.store.holdOrderSweep({ shopId: shop.shop().id, lease: "server", leaseNow: now, until: now + 1_000 });
    const { code, err } = await shop.tandem(SWEEP);
    expect({ code, err }).toEqual({ code: 1, err: `a sweep of ${SHOP} is under way; try again once it has ended\n` });
  });

  it.each([
    ["", "--shop: is required"],
    ["--shop nowhere.myshopify.com", "--shop: nowhere.myshopify.com is not connected; see: shop list"],
    [`--shop ${SHOP} --days 61`, "--days: must be a whole number from 1 to 60: Shopify tells of no older orders"],
    [`--shop ${SHOP} --days 1.5`, "--days: must be a whole number from 1 to 60: Shopify tells of no older orders"],
  ])("refuses what it cannot do: %s", async (args, words) => {
    const shop = await askedShop();
    expect(await shop.tandem(`sweep ${args}`.trim())).toMatchObject({ code: 2, err: words });
  });
});

describe("tandem backfill", () => {
  const BACKFILL = `backfill --shop ${SHOP} --dataset ${DATASET} --since 2026-11-01T00:00:00Z --until 2026-11-30T00:00:00Z`;
  const EARLIER = { created_at: "2026-11-20T08:59:59Z", processed_at: "2026-11-20T08:59:59Z" };

  it("sends nothing before it was told twice, and names the risk", async () => {
    const shop = await askedShop();
    shop.sell(placed(EARLIER));
    const { code, out, err } = await shop.tandem(BACKFILL);
    expect({ code, out }).toEqual({ code: 1, out: "orders       1\nsettled      0\nsendable     1\n" });
    expect(err).toContain("would be counted twice");
    expect(err).toContain("Nothing was sent. To send 1 order, add --yes.");
    expect(await shop.events()).toEqual([]);
    expect(await shop.tandem(`${BACKFILL} --dry-run`)).toMatchObject({
      code: 0,
      err: expect.stringContaining("nothing was changed: this was a dry run"),
    });
    expect(await shop.events()).toEqual([]);
  });

  it("sends with --yes what a sweep had skipped", async () => {
    const shop = await askedShop();
    shop.sell(placed(EARLIER));
    shop.sell(placed({}, { id: 2, checkoutToken: "two", at: "2026-11-10T10:00:00Z" }));
    await shop.tandem(SWEEP);
    await shop.drain();
    expect(taken(shop)).toEqual([]);
    const { code, out, err } = await shop.tandem(`${BACKFILL} --yes --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      orders: 2,
      settled: 0,
      sendable: 1,
      not_sendable: { too_late: 1 },
      sent: 1,
      became: { waiting: 1 },
    });
    expect(err).toBe("no server is running on this database; it acts when one starts\n");
    await shop.drain();
    expect(taken(shop)).toEqual(["Purchase purchase.0123456789abcdef0123456789abcdef"]);
  });

  it.each([
    ["--yes --dry-run", "--yes: does not go with --dry-run"],
    ["--until 2026-10-01T00:00:00Z", "--until: must be after --since"],
    [
      "--since 2026-08-01T00:00:00Z --until 2026-09-01T00:00:00Z",
      "--until: lies more than 60 days back: Shopify tells of no such order",
    ],
    ["--since yesterday", "--since: must be an ISO 8601 time with an offset, such as 2026-11-20T10:00:00Z"],
    ["--dataset 99", `--dataset: 99 is not connected to ${SHOP}`],
  ])("refuses what it cannot do: %s", async (args, words) => {
    const shop = await askedShop();
    expect(await shop.tandem(`${BACKFILL} ${args}`)).toMatchObject({ code: 2, err: words });
  });
});

it("both commands are listed", async () => {
  const { err } = await tandem(["help"]);
  expect(err).toContain("sweep --shop S [--days N] [--json]");
  expect(err).toContain("backfill --shop S --dataset D --since ISO --until ISO [--dry-run] [--yes] [--json]");
});
