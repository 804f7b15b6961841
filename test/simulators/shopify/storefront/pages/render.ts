import type { PageState } from "../pixel/page";
import type { Page } from "../server/visit";
import { cartPage } from "./cart";
import { checkoutPage } from "./checkout";
import { homePage, missingPage, productPage, searchPage } from "./goods";
import { Html } from "./html";
import { layout } from "./layout";
import { thankYouPage } from "./thank-you";

/** `embed`: what app embeds add to the theme. A checkout is not of the theme. */
export function renderPage(page: Page, state: PageState, embed = ""): string {
  const bare = page.kind === "checkout" || page.kind === "thank-you";
  return layout({ state, main: mainOf(page, state), bare, embed: new Html(bare ? "" : embed) });
}

function mainOf(page: Page, { country }: PageState): Html {
  switch (page.kind) {
    case "home":
      return homePage(page.products, country);
    case "product":
      return productPage(page.product, page.variant, country);
    case "search":
      return searchPage(page.query, page.found, country);
    case "cart":
      return cartPage(page.cart, country);
    case "checkout":
      return checkoutPage(page.checkout);
    case "thank-you":
      return thankYouPage(page.order);
    case "missing":
      return missingPage();
  }
}
