import type { PixelPage } from "../pixel/page";
import { takeStep } from "./steps";

/** A product's form: choosing a variant shows its price, sending it fills the cart. */
export function followProduct(page: PixelPage): void {
  const form = document.getElementById("add-to-cart");
  if (!(form instanceof HTMLFormElement)) return;
  const said = document.getElementById("added");
  form.addEventListener("change", ({ target }) => {
    const price = target instanceof HTMLInputElement ? target.dataset.price : undefined;
    const shown = document.getElementById("price");
    if (price !== undefined && shown !== null) shown.textContent = price;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { variant, quantity } = Object.fromEntries(new FormData(form));
    try {
      await takeStep(page, "cart/add", { variant, quantity });
      said?.replaceChildren("It is in your cart. ", link("/cart", "View cart"));
    } catch (error) {
      if (said !== null) said.textContent = error instanceof Error ? error.message : String(error);
    }
  });
}

function link(href: string, text: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = text;
  return anchor;
}
