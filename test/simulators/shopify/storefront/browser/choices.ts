import type { PageState, PixelPage } from "../pixel/page";
import { countryCookie } from "../pixel/privacy";
import { isCountryCode } from "../tables/countries";
import { windowFrame } from "./frame";

/** The banner, the switch, and where one shops from. */
export function followChoices(page: PixelPage, { now }: PageState): void {
  const banner = document.getElementById("consent");
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-consent]")) {
    button.addEventListener("click", () => {
      page.choose({ tracking: button.dataset.consent === "given" ? "given" : "refused" });
      banner?.setAttribute("hidden", "");
      document.getElementById("main")?.focus({ preventScroll: true });
    });
  }
  document.getElementById("reopen-consent")?.addEventListener("click", () => {
    banner?.removeAttribute("hidden");
    banner?.querySelector("button")?.focus();
  });
  const sale = document.getElementById("sale-opt-out");
  sale?.addEventListener("change", () => page.choose({ saleOptOut: (sale as HTMLInputElement).checked }));

  const country = document.getElementById("country");
  country?.addEventListener("change", () => {
    const { value } = country as HTMLSelectElement;
    if (isCountryCode(value)) windowFrame(now).cookie.write(countryCookie(value));
    location.reload();
  });
}
