import { fromAdminUrl, pageOf } from "../addresses";

/** The stand-in's page for an address that belongs to the admin, or to the app when it is to fill the window. */
function adminPage(address: string, target: string): string | null {
  const admin = fromAdminUrl(address);
  if (admin !== null) return admin;
  const url = new URL(address, location.href);
  const outOfFrame = target === "_top" || target === "_parent";
  return outOfFrame && url.origin === location.origin ? pageOf(url) : null;
}

/** Leaves the frame for another page. */
export function leaveTo(address: string): void {
  const top = window.top ?? window;
  top.location.href = adminPage(address, "_top") ?? new URL(address, location.href).href;
}

/** App Bridge takes over links and windows that lead to the admin. */
export function followAdminLinks(): void {
  const plainOpen = window.open.bind(window);
  window.open = (address = "", target = "_blank", features) => {
    const page = adminPage(String(address), target);
    if (page === null) return plainOpen(address, target, features);
    return plainOpen(page, target === "_self" || target === "_parent" ? "_top" : target, features);
  };
  window.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link === null || event.defaultPrevented) return;
    const target = link.getAttribute("target") ?? "_self";
    const page = adminPage(link.getAttribute("href") ?? "", target);
    if (page === null) return;
    event.preventDefault();
    plainOpen(page, target === "_blank" ? "_blank" : "_top");
  });
}
