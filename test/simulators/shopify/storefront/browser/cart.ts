import type { PixelPage } from "../pixel/page";
import { takeStep } from "./steps";

/** Quantities and removals on the cart page; the page is shown anew without being opened anew. */
export function followCart(page: PixelPage): void {
  const main = document.getElementById("main");
  if (main === null) return;

  async function change(variant: string, quantity: string): Promise<void> {
    await takeStep(page, "cart/change", { variant, quantity });
    const text = await (await fetch("/cart")).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    main?.replaceChildren(...(fresh?.childNodes ?? []));
    main?.focus({ preventScroll: true });
  }

  main.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const variant = target.dataset.quantityOf;
    if (variant !== undefined && target.value !== "") void change(variant, target.value);
  });
  main.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>("[data-remove]") : null;
    if (button?.dataset.remove !== undefined) void change(button.dataset.remove, "0");
  });
}
