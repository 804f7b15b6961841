import { describe, expect, it } from "vitest";
import { SENT_KEY } from "../../extensions/meta-pixel/src/sent";
import {
  checkout,
  checkoutCompleted,
  checkoutStarted,
  pageViewed,
  paidCheckout,
  paymentSubmitted,
  TOKEN,
} from "./support/events";
import { datasetLike, NOW, newBrowser, openPage, quiet } from "./support/host";

const DAY = 24 * 60 * 60 * 1_000;
const lost = () => Promise.reject(new TypeError("Failed to fetch"));

describe("each leg of a checkout event", () => {
  it.each([
    checkoutStarted,
    paymentSubmitted,
    () => checkoutCompleted(),
  ])("goes out once, however often and on however many pages it is said", async (event) => {
    const browser = newBrowser();
    const page = openPage({ browser });
    await page.fire(event(), event());
    await page.fire(event());
    expect(page.requests).toHaveLength(2);
    const reloaded = openPage({ browser });
    await reloaded.fire(event());
    expect(reloaded.requests).toEqual([]);
  });

  it("goes out for every checkout and every step on its own", async () => {
    const page = openPage();
    await page.fire(checkoutStarted(), paymentSubmitted(), checkoutStarted(checkout({ token: "another" })));
    expect((await page.hits()).map(({ eid }) => eid).sort()).toEqual([`api.${TOKEN}`, `ic.${TOKEN}`, "ic.another"]);
    expect(page.beacons()).toHaveLength(3);
  });

  it("is told of again when its browser leg was off before and is on now, and after that no more", async () => {
    const browser = newBrowser();
    const off = { browser, settings: { datasets: [datasetLike({ events: [] })] } };
    await openPage(off).fire(checkoutCompleted());
    const stillOff = openPage(off);
    await stillOff.fire(checkoutCompleted());
    expect(stillOff.requests).toEqual([]);
    const on = openPage({ browser });
    await on.fire(checkoutCompleted());
    expect(await on.hits()).toHaveLength(1);
    expect(on.beacons()).toMatchObject([{ tr: "resolved" }]);
    const reloaded = openPage({ browser });
    await reloaded.fire(checkoutCompleted());
    expect(reloaded.requests).toEqual([]);
  });

  it("to Meta is not tried again when it was blocked", async () => {
    const browser = newBrowser();
    const page = openPage({ browser, tr: lost });
    await page.fire(checkoutStarted());
    const reloaded = openPage({ browser });
    await reloaded.fire(checkoutStarted());
    expect(reloaded.requests).toEqual([]);
  });

  it("to Meta is marked before it leaves: a page that is left at that moment sends nothing twice", async () => {
    const browser = newBrowser();
    const marked: boolean[] = [];
    const page = openPage({
      browser,
      tr: async () => {
        marked.push(browser.storage.get(SENT_KEY)?.includes(`tr.purchase.${TOKEN}`) === true);
        return { ok: false };
      },
    });
    await page.fire(checkoutCompleted());
    expect(marked).toEqual([true]);
  });

  it.each([
    ["refused", async () => ({ ok: false })] as const,
    ["lost", lost] as const,
  ])("to the server goes out again when it was %s, and does not claim that nothing was tried", async (_how, collect) => {
    const browser = newBrowser();
    const page = openPage({ browser, collect });
    await page.fire(checkoutStarted());
    await page.fire(checkoutStarted());
    expect(page.beacons().map(({ tr }) => tr)).toEqual(["resolved", "unknown"]);
    const reloaded = openPage({ browser });
    await reloaded.fire(checkoutStarted());
    expect(await reloaded.hits()).toEqual([]);
    expect(reloaded.beacons()).toMatchObject([{ tr: "unknown" }]);
  });
});

describe("the memory of what was sent", () => {
  it("keeps the 200 newest", async () => {
    const browser = newBrowser();
    const marks = Array.from({ length: 250 }, (_, index) => [`tr.ic.${index}`, NOW - 1_000 + index]);
    browser.storage.set(SENT_KEY, JSON.stringify(marks));
    await openPage({ browser }).fire(checkoutStarted());
    const kept: [string, number][] = JSON.parse(browser.storage.get(SENT_KEY) ?? "");
    expect(kept).toHaveLength(200);
    const names = kept.map(([mark]) => mark);
    expect(names).toContain(`tr.ic.${TOKEN}`);
    expect(names).toContain(`beacon.ic.${TOKEN}`);
    expect(names).toContain("tr.ic.249");
    expect(names).not.toContain("tr.ic.0");
  });

  it("forgets after 90 days", async () => {
    const browser = newBrowser();
    await openPage({ browser }).fire(checkoutStarted());
    const still = openPage({ browser, effects: { now: () => NOW + 90 * DAY - 1 } });
    await still.fire(checkoutStarted());
    expect(still.requests).toEqual([]);
    const later = openPage({ browser, effects: { now: () => NOW + 90 * DAY } });
    await later.fire(checkoutStarted());
    expect(later.requests).toHaveLength(2);
  });

  it.each([
    "",
    "rubbish",
    "5",
    "null",
    "{}",
    "[5, null]",
    '[["a"]]',
    '[[1, "x"], [null, null]]',
    `[["tr.ic.${TOKEN}", "soon"]]`,
  ])("is not put out by %j in its place", async (rubbish) => {
    const browser = newBrowser();
    browser.storage.set(SENT_KEY, rubbish);
    const page = openPage({ browser });
    await page.fire(checkoutStarted(), checkoutStarted());
    expect(page.requests).toHaveLength(2);
    const reloaded = openPage({ browser });
    await reloaded.fire(checkoutStarted());
    expect(reloaded.requests).toEqual([]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no storage");
      },
    ],
    ["refuses", () => Promise.reject(new Error("no storage"))],
  ])("is the page's own where the storage %s", async (_how, fail) => {
    const page = openPage({
      api: ({ browser }) => ({ browser: { ...browser, localStorage: { getItem: fail, setItem: fail } } }),
    });
    await page.fire(checkoutStarted(), checkoutStarted());
    await page.fire(checkoutStarted());
    expect(page.requests).toHaveLength(2);
  });

  it("does not lose one of two marks that are left at once, however long the storage takes", async () => {
    const browser = newBrowser();
    let writes = 0;
    const page = openPage({
      browser,
      // No beacon leaves meanwhile, whose mark would mend what was lost.
      tr: () => new Promise(() => undefined),
      api: ({ browser: host }) => ({
        browser: {
          ...host,
          localStorage: {
            ...host.localStorage,
            // The first write takes longest.
            setItem: async (key: string, value: unknown) => {
              writes += 1;
              if (writes === 1) await quiet();
              browser.storage.set(key, String(value));
            },
          },
        },
      }),
    });
    await page.fire(checkoutStarted(), paymentSubmitted());
    await quiet();
    const marks: [string, number][] = JSON.parse(browser.storage.get(SENT_KEY) ?? "");
    expect(marks.map(([mark]) => mark).sort()).toEqual([`tr.api.${TOKEN}`, `tr.ic.${TOKEN}`]);
  });
});

describe("an event of the storefront", () => {
  it("goes out once when it is said twice with one id", async () => {
    const page = openPage();
    const event = pageViewed();
    await page.fire(event, event);
    await page.fire(event);
    expect(page.requests).toHaveLength(2);
  });

  it("leaves no mark in the storage", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    expect(page.browser.storage.has(SENT_KEY)).toBe(false);
  });
});

describe("a test order", () => {
  it.each([
    "bogus",
    "Bogus",
    "BOGUS",
    "Bogus Gateway",
    "bogus_gateway",

    "(for testing) Bogus Gateway",
  ])("through the gateway %j is told to nobody", async (gateway) => {
    const page = openPage();
    const transactions = [{ gateway: "shopify_payments" }, { gateway }] as never;
    await page.fire(checkoutCompleted(paidCheckout({ transactions })));
    expect(page.requests).toEqual([]);
  });

  it.each(["shopify_payments", "Bogusław Pay", "not bogus", "", null, 5])("is not one through %j", async (gateway) => {
    const page = openPage();
    await page.fire(checkoutCompleted(paidCheckout({ transactions: [null, { gateway }] as never })));
    expect(page.requests).toHaveLength(2);
  });
});
