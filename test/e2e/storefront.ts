import type { Page } from "playwright-core";

/** What a person does at the shop, in a browser. */

export async function putInCart(page: Page, shop: string): Promise<void> {
  await page.goto(`${shop}/products/tidewater-mug`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByText("It is in your cart").waitFor();
}

export async function enterCheckout(page: Page, shop: string): Promise<void> {
  await page.goto(`${shop}/cart`);
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByRole("button", { name: "Fill in a sample buyer" }).waitFor();
}

/** From the open checkout to the thank-you page. */
export async function pay(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Fill in a sample buyer" }).click();
  await page.getByRole("button", { name: "Continue to delivery" }).click();
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByRole("button", { name: "Pay now" }).click();
  await page.getByRole("heading", { name: /^Thank you/ }).waitFor();
}
