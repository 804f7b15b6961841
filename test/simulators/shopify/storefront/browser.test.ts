import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { openBrowser } from "../../../support/chromium";
import { serve } from "./support/serve";

/** Where to leave pictures of the pages, when somebody wants to look at them. */
const PICTURES = process.env.STOREFRONT_PICTURES;

describe.each([
  { width: 375, height: 760 },
  { width: 1280, height: 900 },
])("a shopper with Chromium, $width px wide", ({ width, height }) => {
  it("shops in Germany through every page, and nothing breaks", async () => {
    const { origin, collected, storefront } = await serve();
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width, height } });
    const broken = watch(page);
    const heard = () => collected.map(({ body }) => JSON.parse(body).event.name as string);
    const look = lookAt(page, String(width));

    await page.goto(`${origin}/?fbclid=IwAR-click`);
    await look("1-home");
    await page.getByLabel("You are shopping from").selectOption({ label: "Germany" });
    await page.getByRole("heading", { name: "A word about cookies" }).waitFor();
    await look("2-consent");
    await page.goto(`${origin}/products/heather-throw`);
    const before = collected.length;
    await page.getByRole("button", { name: "Accept" }).click();
    // Each is told by a request of its own: they may overtake one another.
    await expect.poll(() => heard().slice(before).sort()).toEqual(["page_viewed", "product_viewed"]);
    await page.getByText("Rose").click();
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByText("It is in your cart").waitFor();
    await look("3-product");
    await page.getByRole("searchbox").fill("mug");
    await page.getByRole("searchbox").press("Enter");
    await look("4-search");
    await page.getByRole("link", { name: "Tidewater mug" }).click();
    await page.getByLabel("Quantity").fill("3");
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("link", { name: "View cart" }).click();
    await page.getByLabel("Quantity of Tidewater mug").fill("2");
    await page.getByLabel("Quantity of Tidewater mug").press("Tab");
    await page.getByText("44,16").waitFor();
    await look("5-cart");
    await page.getByRole("link", { name: "Check out" }).click();
    await look("6-contact");
    await page.getByRole("button", { name: "Continue to delivery" }).click();
    await page.getByText("Enter an e-mail address.").waitFor();
    await page.getByRole("button", { name: "Fill in a sample buyer" }).click();
    await page.getByRole("button", { name: "Continue to delivery" }).click();
    await page.getByText("Express").click();
    await look("7-address");
    await page.getByRole("button", { name: "Continue to payment" }).click();
    await page.getByLabel("Discount code").fill("welcome10");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Discount WELCOME10").waitFor();
    await look("8-payment");
    await page.getByRole("button", { name: "Pay now" }).click();
    await page.getByRole("heading", { name: "Thank you, Jule." }).waitFor();
    await look("9-thank-you");
    await expect.poll(heard).toContain("checkout_completed");
    const pages = () => heard().filter((name) => name === "page_viewed").length;
    const pagesBefore = pages();
    await page.reload();
    await expect.poll(pages).toBe(pagesBefore + 1);

    expect(broken).toEqual([]);
    expect(storefront.orders).toHaveLength(1);
    expect(storefront.orders[0]?.total.currency).toBe("EUR");
    const names = heard();
    expect(names.filter((name) => name === "checkout_completed")).toHaveLength(1);
    expect(names.filter((name) => name === "cart_viewed")).toHaveLength(1);
    for (const { body } of collected) expect(JSON.parse(body)).toMatchObject({ strict: true, tr: "resolved" });
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
  }, 60_000);
});

it("keeps the pixel out for a shopper in a browser who declines", async () => {
  const { origin, collected, hits } = await serve();
  const page = await (await openBrowser()).newPage();
  await page.context().addCookies([{ name: "localization", value: "GB", url: origin }]);
  await page.goto(origin);
  await page.getByRole("button", { name: "Decline" }).click();
  await page.goto(`${origin}/products/walnut-tray`);
  await page.waitForLoadState("networkidle");
  expect(page.workers()).toEqual([]);
  expect([...collected, ...hits]).toEqual([]);
});

it("tells the pixel at once when a shopper in the US turns the switch", async () => {
  const { origin, collected } = await serve();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${origin}/products/walnut-tray`);
  await expect.poll(() => collected.length).toBe(2);
  await page.getByRole("switch").press("Space");
  await page.getByRole("button", { name: "Add to cart" }).click();
  const sales = () => collected.map(({ body }) => JSON.parse(body).privacy.saleOfDataAllowed as boolean);
  await expect.poll(sales).toEqual([true, true, false]);
});

/** Everything that a page complains about. */
function watch(page: Page): string[] {
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  // A refused step is told with 422, which Chromium prints.
  page.on("console", (said) => {
    if (said.type() === "error" && !said.text().includes("422")) broken.push(said.text());
  });
  return broken;
}

function lookAt(page: Page, width: string): (name: string) => Promise<void> {
  return async (name) => {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${width}-${name}.png`, fullPage: true });
  };
}
