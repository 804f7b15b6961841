/** Where things are in the admin; pure, for the browser too. */

export const ADMIN_ORIGIN = "https://admin.shopify.com";
/** The app's page in the admin. */
export const APP_PAGE = "/admin/apps/tandem";
/** The app's own part of its origin. */
export const APP_ROOT = "/app";

/** What the admin adds to the address of the page in the frame. */
const FRAME_PARAMETERS = ["embedded", "shop", "host", "id_token", "locale", "session", "hmac", "timestamp"];

/** The address of the admin that shows a page of the app; null for a page that the admin does not follow. */
export function pageOf({ pathname, search }: { pathname: string; search: string }): string | null {
  const rest = below(APP_ROOT, pathname);
  return rest === null ? null : `${APP_PAGE}${rest}${withoutFrameParameters(search)}`;
}

/** The page of the app that an address of the admin shows; null for another part of the admin. */
export function shownBy({ pathname, search }: { pathname: string; search: string }): string | null {
  if (pathname === "/admin" || pathname === "/admin/" || pathname === "/admin/apps") return APP_ROOT;
  const rest = below(APP_PAGE, pathname);
  return rest === null ? null : `${APP_ROOT}${rest}${withoutFrameParameters(search)}`;
}

/** An address of Shopify's admin as one of the stand-in's; null for any other. */
export function fromAdminUrl(address: string): string | null {
  const match = /^(?:https:\/\/admin\.shopify\.com\/store\/[^/?#]+|shopify:\/*admin)(\/[^?#]*)?(\?[^#]*)?/.exec(
    address,
  );
  if (match === null) return null;
  const [, pathname = "/", search = ""] = match;
  const app = /^\/apps\/[^/]+(\/.*)?$/.exec(pathname);
  if (app === null) return `/admin${pathname === "/" ? "" : pathname}${search}`;
  const inside = app[1] ?? APP_ROOT;
  return pageOf({ pathname: inside, search }) ?? APP_PAGE;
}

/** `host` as the admin writes it: where the shop's admin is, encoded. */
export function hostOf(shop: string): string {
  const bytes = new TextEncoder().encode(`${new URL(ADMIN_ORIGIN).host}/store/${shop.split(".")[0]}`);
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

export function withoutFrameParameters(search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of FRAME_PARAMETERS) parameters.delete(name);
  return parameters.size === 0 ? "" : `?${parameters}`;
}

function below(root: string, pathname: string): string | null {
  if (pathname === root || pathname === `${root}/`) return "";
  return pathname.startsWith(`${root}/`) ? pathname.slice(root.length) : null;
}
